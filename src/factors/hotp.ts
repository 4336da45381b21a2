// One-time codes by a counter (RFC 4226), six digits of HMAC-SHA-1.

import { hmac } from "@noble/hashes/hmac.js";
import { sha1 } from "@noble/hashes/legacy.js";
import { concat, readU32be, u32be } from "../bytes.ts";

export const CODE_DIGITS = 6;
/** As RFC 4226 recommends: 160 bits. */
export const SECRET_BYTES = 20;
/** Codes further on that are looked at: somebody may have asked his authenticator for more than he typed. */
export const LOOK_AHEAD = 10;

/** Six digits, zeros in front. `counter`: a whole number from 0 on. */
export function hotp(secret: Uint8Array, counter: number): string {
  const mac = hmac(sha1, secret, concat(u32be(Math.floor(counter / 2 ** 32)), u32be(counter % 2 ** 32)));
  const number = readU32be(mac, mac[19]! & 15) & 0x7fffffff;
  return String(number % 10 ** CODE_DIGITS).padStart(CODE_DIGITS, "0");
}

/** The counter of this code, `next` or one of the LOOK_AHEAD after it; undefined where it is none of theirs. */
export function hotpCounter(secret: Uint8Array, code: string, next: number): number | undefined {
  let found: number | undefined;
  // All of them are made, whatever is found: how long it takes says nothing.
  for (let counter = next + LOOK_AHEAD; counter >= next; counter--)
    if (hotp(secret, counter) === code) found = counter;
  return found;
}
