// Backups of a key as codes. What they hold is secret: a code is text for the glass, and the screen that shows
// one says so.

import { concat } from "../bytes.ts";
import type { CodeLoop, Density } from "../model.ts";
import { utf8 } from "../text.ts";
import { encodeBase43 } from "./base43.ts";
import { capacity } from "./capacity.ts";
import { cborHead } from "./cbor.ts";
import { cutUr, loop } from "./split.ts";
import { type UrType, urLoop } from "./write-ur.ts";

/** Digits that version 2 holds at level L (ISO/IEC 18004, table 7); version 3 holds the longest SeedQR. */
const VERSION_2_DIGITS = 77;

/**
 * SeedQR (SeedSigner): four digits for the number of every word, in numeric mode. 25 modules a side for 12 words,
 * 29 for 24.
 */
export function seedQr(indexes: Iterable<number>): CodeLoop {
  const digits = Array.from(indexes, (index) => String(index).padStart(4, "0")).join("");
  return { texts: [digits], version: digits.length <= VERSION_2_DIGITS ? 2 : 3, level: "L", mode: "numeric" };
}

/** CompactSeedQR (SeedSigner): the entropy itself. 21 modules a side for 16 bytes, 25 for 20 to 32. */
export function compactSeedQr(entropy: Uint8Array): CodeLoop {
  const text = Array.from(entropy, (byte) => String.fromCharCode(byte)).join("");
  return {
    texts: [text],
    version: entropy.length <= capacity(1, "byte") ? 1 : 2,
    level: "L",
    mode: "binary",
  };
}

/** crypto-seed (BCR-2020-006): 1 is the entropy. */
export function splitSeedUr(entropy: Uint8Array, density: Density): CodeLoop {
  return ur(
    concat(bytesOf(cborHead(5, 1), [1], cborHead(2, entropy.length)), entropy),
    "CRYPTO-SEED",
    density,
  );
}

/** crypto-bip39: 1 is the list of words, 2 their language. */
export function splitWordsUr(words: readonly string[], density: Density): CodeLoop {
  const list = words.map((word) => bytesOf(cborHead(3, word.length), utf8(word)));
  const head = bytesOf(cborHead(5, 2), [1], cborHead(4, words.length));
  const language = bytesOf([2], cborHead(3, 2), utf8("en"));
  return ur(concat(head, ...list, language), "CRYPTO-BIP39", density);
}

function ur(body: Uint8Array, type: UrType, density: Density): CodeLoop {
  const planned = cutUr(body.length, density);
  if (planned === undefined) throw new Error("a backup that has no room in any code");
  return loop(urLoop(body, planned.size, type), "alphanumeric");
}

function bytesOf(...parts: readonly ArrayLike<number>[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => Array.from(part)));
}

/** Krux's encrypted envelope as Krux shows it: base43, one code. Throws Refusal transport.no-room. */
export function kefCode(envelope: Uint8Array): CodeLoop {
  return loop([encodeBase43(envelope)], "alphanumeric");
}

/** A string of codex32, or the words of a SLIP-39 share: one code, in capitals, which take the least room. */
export function shareCode(text: string): CodeLoop {
  return loop([text.toUpperCase()], "alphanumeric");
}
