// The two records of BIP 129 (BSMS 1.0), read and written: a cosigner's key, and the wallet that is made of them.

import { sha256 } from "@noble/hashes/sha2.js";
import { createBase58check } from "@scure/base";
import { fromHex } from "../../bytes.ts";
import { LIMITS } from "../../limits.ts";
import type { Curve } from "../../model.ts";
import { refuse } from "../../refusal.ts";
import { verifyMessageByKey } from "../messages/legacy.ts";
import { NO_RESTRICTIONS, VERSION } from "./bsms.ts";
import { NO_TOKEN, type Token } from "./bsms-seal.ts";

export interface KeyRecord {
  readonly token: Token;
  /** `[fingerprint/path]` and the key, as it stands in the record. */
  readonly key: string;
  readonly description: string;
  /** Base64. */
  readonly signature: string;
}

/** BIP 129. */
export const DESCRIPTION_CHARS = 80;

/** Four lines: what is signed. */
export function keyRecordToSign({ token, key, description }: Omit<KeyRecord, "signature">): string {
  return [VERSION, token, key, description].join("\n");
}

export function writeKeyRecord(record: KeyRecord): string {
  return `${keyRecordToSign(record)}\n${record.signature}`;
}

const KEY = /^\[[0-9a-fA-F]{8}(?:\/[0-9]{1,10}[hH']?)*\]([0-9A-Za-z]{66,112})$/;

/**
 * A cosigner's record whose signature is by the key that it gives: whoever made it holds that key. Refusals
 * bsms.unreadable with the line, bsms.other-token, bsms.signature-missing, bsms.signature.
 */
export function readKeyRecord(text: string, token: Token, curve: Curve): KeyRecord {
  if (text.length > LIMITS.keyTextChars) refuse("bsms.unreadable", "too long");
  const lines = text.replace(/[\r\n]+$/, "").split(/\r\n|\n/);
  if (lines[0] !== VERSION) refuse("bsms.unreadable", `line 1: only "${VERSION}" is known`);
  const [, itsToken = "", key = "", description, signature] = lines;
  if (!/^(?:00|[0-9a-f]{16}|[0-9a-f]{32})$/i.test(itsToken)) refuse("bsms.unreadable", "line 2: no token");
  if (itsToken.toLowerCase() !== token) refuse("bsms.other-token");
  const publicKey =
    publicKeyIn(KEY.exec(key)?.[1] ?? "") ?? refuse("bsms.unreadable", "line 3: no key with its origin");
  if (description === undefined || description.length > DESCRIPTION_CHARS)
    return refuse("bsms.unreadable", `line 4: a description of at most ${DESCRIPTION_CHARS} characters`);
  if (signature === undefined || signature === "") return refuse("bsms.signature-missing");
  if (lines.length > 5) refuse("bsms.unreadable", "line 6: nothing may follow the signature");
  // As it came: a letter of a path or a token in capitals is signed as it stands.
  const signed = lines.slice(0, 4).join("\n");
  if (!verifyMessageByKey(signed, publicKey, signature, curve)) refuse("bsms.signature");
  return { token, key, description, signature };
}

const base58check = createBase58check(sha256);

/** Of an extended key its own, else the bare key; 33 bytes. */
function publicKeyIn(text: string): Uint8Array | undefined {
  if (/^0[23][0-9a-f]{64}$/i.test(text)) return fromHex(text);
  try {
    const bytes = base58check.decode(text);
    return bytes.length === 78 ? bytes.slice(45) : undefined;
  } catch {
    return undefined;
  }
}

// ---------------------------------------------------------------- the wallet's record

/**
 * `descriptor` with `<a;b>` and its checksum. Where all keys have the same branches it is written as a template with
 * path restrictions, as all who read such records know it; else as it is.
 */
export function writeWalletRecord(descriptor: string, firstAddress: string): string {
  const body = descriptor.slice(0, descriptor.indexOf("#"));
  const pairs = new Set(body.match(/\/<[0-9]+;[0-9]+>\/\*/g));
  const [pair = ""] = pairs;
  const [, receive, change] = /<([0-9]+);([0-9]+)>/.exec(pair) ?? [];
  if (pairs.size !== 1 || body.includes("musig("))
    return [VERSION, descriptor, NO_RESTRICTIONS, firstAddress].join("\n");
  return [VERSION, body.replaceAll(pair, "/**"), `/${receive}/*,/${change}/*`, firstAddress].join("\n");
}

/** What stands in it before anything is sealed. */
export function isKeyRecord(text: string): boolean {
  return new RegExp(`^${VERSION}\\r?\\n(?:${NO_TOKEN}|[0-9a-f]{16}|[0-9a-f]{32})\\r?\\n\\[`, "i").test(
    text.trim(),
  );
}
