// How records of BIP 129 are sealed: a token makes a key, AES-256-CTR hides the record, HMAC-SHA-256 proves it whole.

import { ctr } from "@noble/ciphers/aes.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { concat, equal, fromHex, toHex } from "../../bytes.ts";
import { LIMITS } from "../../limits.ts";
import { refuse } from "../../refusal.ts";
import { fromUtf8, utf8 } from "../../text.ts";

/** "00": nothing is sealed. Else 8 bytes (STANDARD) or 16 (EXTENDED), as hex in small letters. */
export type Token = string;

export const NO_TOKEN: Token = "00";

/** STANDARD and EXTENDED. */
export const TOKEN_BYTES = [8, 16] as const;

/** As a person types it; undefined where it is none. */
export function tokenFromHex(text: string): Token | undefined {
  const token = text.trim().toLowerCase();
  return /^(?:[0-9a-f]{16}|[0-9a-f]{32})$/.test(token) ? token : undefined;
}

/** BIP 129 recommends the decimal form. What fits 64 bits is a STANDARD token. */
export function tokenFromDecimal(text: string): Token | undefined {
  if (!/^[0-9]{1,39}$/.test(text.trim())) return undefined;
  const number = BigInt(text.trim());
  const bytes = TOKEN_BYTES.find((size) => number < 1n << BigInt(8 * size));
  return bytes && number.toString(16).padStart(2 * bytes, "0");
}

/** BIP 39's way for a STANDARD token: six words, by their numbers; the last two bits are of its SHA-256. */
export function tokenFromWords(words: readonly number[]): Token | undefined {
  if (words.length !== 6 || words.some((word) => !Number.isInteger(word) || word < 0 || word > 2047))
    return undefined;
  const bits = words.reduce((all, word) => (all << 11n) | BigInt(word), 0n);
  const token = (bits >> 2n).toString(16).padStart(2 * TOKEN_BYTES[0], "0");
  return sha256(fromHex(token)!)[0]! >> 6 === Number(bits & 3n) ? token : undefined;
}

export function decimalOf(token: Token): string {
  return BigInt(`0x${token}`).toString();
}

/** What PBKDF2-HMAC-SHA512 is asked for: the caller's machine computes it. */
export function stretchOf(token: Token): {
  readonly secret: Uint8Array;
  readonly salt: Uint8Array;
  readonly rounds: number;
  readonly length: number;
} {
  return { secret: utf8("No SPOF"), salt: fromHex(token)!, rounds: 2048, length: 32 };
}

const MAC_BYTES = 32;
const IV_BYTES = 16;

function macOf(record: Uint8Array, token: Token, key: Uint8Array): Uint8Array {
  return hmac(sha256, sha256(key), concat(utf8(token), record));
}

/** In hex: the MAC, then the record under it. The same record and token give the same text. */
export function sealRecord(record: string, token: Token, key: Uint8Array): string {
  const plain = utf8(record);
  const mac = macOf(plain, token, key);
  return toHex(concat(mac, ctr(key, mac.slice(0, IV_BYTES)).encrypt(plain)));
}

export function isSealed(text: string): boolean {
  return /^(?:[0-9a-f]{2})+$/i.test(text.trim());
}

/** Refusals bsms.unreadable, and bsms.token for another token or a record that was changed. */
export function openRecord(text: string, token: Token, key: Uint8Array): string {
  if (text.length > LIMITS.walletFileChars) refuse("bsms.unreadable", "too long");
  const bytes = fromHex(text.trim());
  if (bytes === undefined || bytes.length <= MAC_BYTES)
    return refuse("bsms.unreadable", "it is no sealed record");
  const mac = bytes.slice(0, MAC_BYTES);
  const plain = ctr(key, mac.slice(0, IV_BYTES)).decrypt(bytes.slice(MAC_BYTES));
  if (!equal(macOf(plain, token, key), mac)) refuse("bsms.token");
  return fromUtf8(plain) ?? refuse("bsms.unreadable", "it is no text");
}
