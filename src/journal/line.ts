// One line of the journal: framed, encrypted, authenticated, chained.
//   frame     = u32be(length of the rest) || its complement || nonce (24) || XChaCha20-Poly1305(plaintext)
//   plaintext = head of the line before (32) || UTF-8 of the entry
//   associated data = "firn journal 1" || u32be(line number), counted from 1
//   head      = SHA-256("firn journal 1" || u32be(line number) || plaintext)
// The complement tells a length that was damaged from a line that was cut off.

import { xchacha20poly1305 } from "@noble/ciphers/chacha.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { concat, readU32be, u32be } from "../bytes.ts";
import { LIMITS } from "../limits.ts";
import type { Random } from "../ports.ts";
import { fromUtf8, utf8 } from "../text.ts";

const LABEL = utf8("firn journal 1");
const HEADER = 8;
const NONCE = 24;
const TAG = 16;
const HEAD = 32;
const LEAST = NONCE + HEAD + TAG;
const MOST = LEAST + LIMITS.journalLineBytes;

/** Before the first line. */
export const GENESIS = new Uint8Array(HEAD);

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
  const nonce = random.bytes(NONCE);
  const body = concat(nonce, xchacha20poly1305(key, nonce, label).encrypt(plaintext));
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
  const plaintext = decrypt(key, body, label);
  const text = plaintext && fromUtf8(plaintext.subarray(HEAD));
  if (plaintext === undefined || text === undefined) return undefined;
  return { previous: plaintext.subarray(0, HEAD), text, head: sha256(concat(label, plaintext)) };
}

/** nonce || ciphertext || tag; undefined where it does not authenticate. */
export function decrypt(key: Uint8Array, sealed: Uint8Array, label: Uint8Array): Uint8Array | undefined {
  if (sealed.length < NONCE + TAG) return undefined;
  try {
    return xchacha20poly1305(key, sealed.subarray(0, NONCE), label).decrypt(sealed.subarray(NONCE));
  } catch {
    // The cipher's one error: the tag does not match.
    return undefined;
  }
}
