// One line of the journal: framed, encrypted, authenticated, chained.
//   frame     = u32be(length of the rest) || its complement || nonce (24) || XChaCha20-Poly1305(plaintext)
//   plaintext = head of the line before (32) || UTF-8 of the entry
//   associated data = "firn journal 1" || u32be(line number), counted from 1
//   head      = SHA-256("firn journal 1" || u32be(line number) || plaintext)
// The complement tells a length that was damaged from a line that was cut off.

import { sha256 } from "@noble/hashes/sha2.js";
import { concat, readU32be, u32be } from "../bytes.ts";
import { LIMITS } from "../limits.ts";
import type { Random } from "../ports.ts";
import { fromUtf8, utf8 } from "../text.ts";
import { NONCE, seal, TAG, unseal } from "./seal.ts";

const LABEL = utf8("firn journal 1");
const HEADER = 8;
const HEAD = 32;
const LEAST = NONCE + HEAD + TAG;
const MOST = LEAST + LIMITS.journalLineBytes;

/** Before the first line. */
export const GENESIS: Uint8Array = new Uint8Array(HEAD);

export interface Sealed {
  readonly frame: Uint8Array;
  readonly head: Uint8Array;
}

export interface Opened {
  readonly previous: Uint8Array;
  readonly text: string;
  readonly head: Uint8Array;
}

export function sealLine(
  key: Uint8Array,
  line: number,
  previous: Uint8Array,
  text: string,
  random: Random,
): Sealed {
  const entry = utf8(text);
  if (entry.length > LIMITS.journalLineBytes) throw new Error("journal entry too long");
  const plaintext = concat(previous, entry);
  const label = concat(LABEL, u32be(line));
  const body = seal(key, label, plaintext, random);
  const frame = concat(u32be(body.length), u32be(~body.length), body);
  return { frame, head: sha256(concat(label, plaintext)) };
}

/** The body of the frame at `at`, or what it is instead: a line that was cut off, or a damaged length. */
export function readFrame(bytes: Uint8Array, at: number): Uint8Array | "torn" | "damaged" {
  if (bytes.length - at < HEADER) return "torn";
  const length = readU32be(bytes, at);
  if (~length >>> 0 !== readU32be(bytes, at + 4) || length < LEAST || length > MOST) return "damaged";
  if (bytes.length - at - HEADER < length) return "torn";
  return bytes.subarray(at + HEADER, at + HEADER + length);
}

/** Bytes that a frame with this body takes. */
export function frameLength(body: Uint8Array): number {
  return HEADER + body.length;
}

/** Undefined where it was not sealed with this key as this line. */
export function openLine(key: Uint8Array, line: number, body: Uint8Array): Opened | undefined {
  const label = concat(LABEL, u32be(line));
  const plaintext = unseal(key, label, body);
  const text = plaintext && fromUtf8(plaintext.subarray(HEAD));
  if (plaintext === undefined || text === undefined) return undefined;
  return { previous: plaintext.subarray(0, HEAD), text, head: sha256(concat(label, plaintext)) };
}
