// A transaction's own code: whoever understood the same transaction on another machine arrives at the same eight letters.

import { sha256 } from "@noble/hashes/sha2.js";
import { utf8 } from "./text.ts";

/** Crockford's base 32 in small letters: no i, l, o, u. */
export const CODE_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz";
/** The space between its halves not counted. */
export const CODE_LENGTH = 8;
const BITS_EACH = 5;

/** "k3m9 7x2q": the first 40 bits of SHA-256 of "firn code" and the id as people write it. */
export function transactionCode(txid: string): string {
  let letters = "";
  let [bits, held] = [0, 0];
  for (const byte of sha256(utf8(`firn code${txid}`)).subarray(0, 5)) {
    bits = (bits << 8) | byte;
    for (held += 8; held >= BITS_EACH; held -= BITS_EACH)
      letters += CODE_LETTERS[(bits >> (held - BITS_EACH)) & 31];
    bits &= (1 << held) - 1;
  }
  return `${letters.slice(0, CODE_LENGTH / 2)} ${letters.slice(CODE_LENGTH / 2)}`;
}

/** Typed with or without the space, in letters of any size. */
export function isCodeOf(txid: string, typed: string): boolean {
  return typed.replace(/\s/g, "").toLowerCase() === transactionCode(txid).replace(" ", "");
}
