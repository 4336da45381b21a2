// SLIP-39: one share, as words and as what they say. Words are numbers 0..1023 in a Uint16Array, as in mnemonic.ts.

import { wipe } from "../../bytes.ts";
import { refuse } from "../../refusal.ts";
import { nearestWords } from "../mnemonic.ts";
import { slip39Words } from "./slip39-words.ts";

/** What the words of a share say (SLIP-39, "Format of the share mnemonic"). Whoever holds one wipes `value`. */
export interface Share {
  /** 15 bits, the same in all shares of a set. */
  readonly identifier: number;
  /** False only in older sets: there the identifier salts the encryption. */
  readonly extendable: boolean;
  /** 0..15: PBKDF2 takes 10,000 × 2^e rounds in all. */
  readonly iterationExponent: number;
  /** 0..15; people count from 1. */
  readonly groupIndex: number;
  /** How many groups are needed, 1..groupCount. */
  readonly groupThreshold: number;
  readonly groupCount: number;
  /** 0..15; people count from 1. */
  readonly memberIndex: number;
  /** How many shares of this group are needed, 1..16. */
  readonly memberThreshold: number;
  /** 16 to 64 bytes, an even number: as long as the secret. */
  readonly value: Uint8Array;
}

const HEAD_WORDS = 4;
const CHECKSUM_WORDS = 3;
export const SECRET_BYTES = { least: 16, most: 64 } as const;

/** How many words a share of a secret of so many bytes has: 20 for 16, 33 for 32, 59 for 64. */
export function shareWordCount(secretBytes: number): number {
  return HEAD_WORDS + Math.ceil((8 * secretBytes) / 10) + CHECKSUM_WORDS;
}

/** How many bytes a share of so many words carries; undefined where no share has so many. */
function valueBytes(words: number): number | undefined {
  const bytes = 2 * Math.floor((10 * (words - HEAD_WORDS - CHECKSUM_WORDS)) / 16);
  if (bytes < SECRET_BYTES.least || bytes > SECRET_BYTES.most) return undefined;
  return shareWordCount(bytes) === words ? bytes : undefined;
}

/** The number of a word written in full or by its first letters, four at least. */
export function slip39WordNumber(text: string): number | undefined {
  const found = slip39Words.findIndex((word) => word === text || (text.length >= 4 && word.startsWith(text)));
  return found < 0 ? undefined : found;
}

/** Up to `most` words of the list that a person may have meant, nearest first. */
export function nearestSlip39Words(typed: string, most = 5): readonly string[] {
  return nearestWords(typed, most, slip39Words);
}

/**
 * The share that words, or their numbers, stand for. Throws Refusal shares.length, shares.word-unknown (with the
 * place, never the word), shares.checksum, shares.group-threshold or shares.padding. The caller wipes `value`.
 */
export function parseShare(words: readonly string[] | Uint16Array): Share {
  const bytes = valueBytes(words.length) ?? refuse("shares.length", `${words.length} words`);
  const indexes = new Uint16Array(words.length);
  try {
    for (const [place, word] of words.entries()) {
      const index = typeof word === "string" ? slip39WordNumber(word) : word;
      if (index === undefined || index >= slip39Words.length)
        refuse("shares.word-unknown", `word ${place + 1}`);
      indexes[place] = index;
    }
    return decode(indexes, bytes);
  } finally {
    wipe(indexes);
  }
}

function decode(indexes: Uint16Array, bytes: number): Share {
  const bits = (from: number, count: number) => readBits(indexes, from, count);
  const extendable = bits(15, 1) === 1;
  if (rs1024(extendable, indexes) !== 1) refuse("shares.checksum");
  const groupThreshold = bits(24, 4) + 1;
  const groupCount = bits(28, 4) + 1;
  if (groupThreshold > groupCount) refuse("shares.group-threshold", `${groupThreshold} of ${groupCount}`);
  const end = 10 * (indexes.length - CHECKSUM_WORDS);
  const start = end - 8 * bytes;
  if (bits(10 * HEAD_WORDS, start - 10 * HEAD_WORDS) !== 0) refuse("shares.padding");
  return {
    identifier: bits(0, 15),
    extendable,
    iterationExponent: bits(16, 4),
    groupIndex: bits(20, 4),
    groupThreshold,
    groupCount,
    memberIndex: bits(32, 4),
    memberThreshold: bits(36, 4) + 1,
    value: Uint8Array.from({ length: bytes }, (_, i) => bits(start + 8 * i, 8)),
  };
}

/** The words of a share, as numbers. The caller wipes them. */
export function wordsOfShare(share: Share): Uint16Array {
  const indexes = new Uint16Array(shareWordCount(share.value.length));
  writeBits(indexes, 0, 15, share.identifier);
  writeBits(indexes, 15, 1, share.extendable ? 1 : 0);
  writeBits(indexes, 16, 4, share.iterationExponent);
  writeBits(indexes, 20, 4, share.groupIndex);
  writeBits(indexes, 24, 4, share.groupThreshold - 1);
  writeBits(indexes, 28, 4, share.groupCount - 1);
  writeBits(indexes, 32, 4, share.memberIndex);
  writeBits(indexes, 36, 4, share.memberThreshold - 1);
  const end = indexes.length - CHECKSUM_WORDS;
  const start = 10 * end - 8 * share.value.length;
  for (const [i, byte] of share.value.entries()) writeBits(indexes, start + 8 * i, 8, byte);
  const checksum = rs1024(share.extendable, indexes) ^ 1;
  for (let i = 0; i < CHECKSUM_WORDS; i++) indexes[end + i] = (checksum >> (10 * (2 - i))) & 1023;
  return indexes;
}

/** Bits counted from the first word's highest, ten a word. */
function readBits(indexes: Uint16Array, from: number, count: number): number {
  let value = 0;
  for (let at = from; at < from + count; at++)
    value = (value << 1) | ((indexes[Math.floor(at / 10)]! >> (9 - (at % 10))) & 1);
  return value;
}

function writeBits(indexes: Uint16Array, from: number, count: number, value: number): void {
  for (let i = 0; i < count; i++) {
    const at = from + i;
    indexes[Math.floor(at / 10)]! |= ((value >> (count - 1 - i)) & 1) << (9 - (at % 10));
  }
}

const GENERATOR = [
  0xe0e040, 0x1c1c080, 0x3838100, 0x7070200, 0xe0e0009, 0x1c0c2412, 0x38086c24, 0x3090fc48, 0x21b1f890,
  0x3f3f120,
] as const;

/** RS1024 (SLIP-39, "Checksum"): 1 where the last three words are right. */
function rs1024(extendable: boolean, indexes: Uint16Array): number {
  let sum = 1;
  const feed = (value: number) => {
    const high = sum >> 20;
    sum = ((sum & 0xfffff) << 10) ^ value;
    for (const [bit, word] of GENERATOR.entries()) sum ^= word & -((high >> bit) & 1);
  };
  const custom = extendable ? "shamir_extendable" : "shamir";
  for (let i = 0; i < custom.length; i++) feed(custom.charCodeAt(i));
  for (const index of indexes) feed(index);
  return sum;
}
