// BIP 39. Words are numbers 0..2047 in a Uint16Array, which can be wiped; a phrase is never one string.

import { sha256 } from "@noble/hashes/sha2.js";
import { wordlist } from "@scure/bip39/wordlists/english.js";
import { wipe } from "../bytes.ts";
import type { Material } from "../keeping.ts";
import { LIMITS } from "../limits.ts";
import type { SeedMessage } from "../model.ts";
import type { Stretch } from "../ports.ts";
import { refuse } from "../refusal.ts";
import { utf8 } from "../text.ts";

/** The English list of BIP 39: sorted, and told apart by the first four letters. */
export const wordList: readonly string[] = wordlist;

export const WORD_COUNTS = [12, 15, 18, 21, 24] as const;
const ENTROPY_LENGTHS = WORD_COUNTS.map((count) => (count / 3) * 4);

/** Every word that starts so, in the list's order; all for "". */
export function completions(prefix: string): readonly string[] {
  return wordList.filter((word) => word.startsWith(prefix));
}

/** The number of a word written in full or by its first letters, four at least. No other spelling is taken. */
export function wordNumber(text: string): number | undefined {
  const exact = wordList.indexOf(text);
  if (exact >= 0) return exact;
  if (text.length < 4) return undefined;
  const found = wordList.findIndex((word) => word.startsWith(text));
  return found < 0 ? undefined : found;
}

/** Up to `most` words of a list that a person may have meant: nearest first, at most two slips of the pen. */
export function nearestWords(text: string, most = 5, list: readonly string[] = wordList): readonly string[] {
  return list
    .map((word) => ({ word, distance: editDistance(text.slice(0, 12), word) }))
    .filter(({ distance }) => distance <= 2)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, most)
    .map(({ word }) => word);
}

/** Letters put in, left out, changed, or swapped with the next (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swaps = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = swaps && i > 1 && j > 1 ? before[j - 2]! + 1 : changed;
      next.push(Math.min(changed, swapped, row[j]! + 1, next[j - 1]! + 1));
    }
    before = row;
    row = next;
  }
  return row[b.length]!;
}

/**
 * The entropy that a phrase stands for: 4 bytes for every 3 words.
 * Throws Refusal keys.words-count, keys.words-unknown or keys.words-checksum. The caller wipes the result.
 */
export function entropyOf(indexes: Uint16Array): Uint8Array {
  if (!(WORD_COUNTS as readonly number[]).includes(indexes.length))
    refuse("keys.words-count", `${indexes.length} words`);
  if (indexes.some((index) => index >= wordList.length)) refuse("keys.words-unknown");
  const bits = packed(indexes);
  const entropy = bits.slice(0, (indexes.length / 3) * 4);
  const sound = checksumOf(entropy) === bits[entropy.length]!;
  wipe(bits);
  if (sound) return entropy;
  wipe(entropy);
  return refuse("keys.words-checksum", `${indexes.length} words`);
}

/** The phrase for 16, 20, 24, 28 or 32 bytes; other lengths are refused as keys.words-count. */
export function indexesOf(entropy: Uint8Array): Uint16Array {
  if (!ENTROPY_LENGTHS.includes(entropy.length)) refuse("keys.words-count", `${entropy.length} bytes`);
  const bits = new Uint8Array(entropy.length + 2);
  bits.set(entropy);
  bits[entropy.length] = checksumOf(entropy);
  const indexes = new Uint16Array((entropy.length / 4) * 3);
  for (let i = 0; i < indexes.length; i++) {
    const at = i * 11;
    const three = (bits[at >> 3]! << 16) | (bits[(at >> 3) + 1]! << 8) | (bits[(at >> 3) + 2] ?? 0);
    indexes[i] = (three >>> (13 - (at & 7))) & 2047;
  }
  wipe(bits);
  return indexes;
}

/** Every last word that makes the checksum right, in the list's order: 128 after 11 words, 8 after 23. */
export function lastWords(indexes: Uint16Array): readonly number[] {
  const all = new Uint16Array(indexes.length + 1);
  all.set(indexes);
  const found: number[] = [];
  if (!(WORD_COUNTS as readonly number[]).includes(all.length))
    refuse("keys.words-count", `${all.length} words`);
  const checksumBits = all.length / 3;
  for (let free = 0; free < 1 << (11 - checksumBits); free++) {
    all[indexes.length] = free << checksumBits;
    const bits = packed(all);
    const entropy = bits.subarray(0, checksumBits * 4);
    found.push((free << checksumBits) | (checksumOf(entropy) >> (8 - checksumBits)));
    wipe(bits);
  }
  wipe(all);
  return found;
}

/** 11 bits a word, most significant first; the checksum ends up at the top of the last byte. */
function packed(indexes: Uint16Array): Uint8Array {
  const out = new Uint8Array(Math.ceil((indexes.length * 11) / 8));
  for (let i = 0; i < indexes.length; i++)
    for (let bit = 0; bit < 11; bit++)
      if ((indexes[i]! >> (10 - bit)) & 1) out[(i * 11 + bit) >> 3]! |= 128 >> ((i * 11 + bit) & 7);
  return out;
}

/** One bit for every 32 of entropy, at the top of a byte, the rest zero (BIP 39). */
function checksumOf(entropy: Uint8Array): number {
  const bits = entropy.length / 4;
  return sha256(entropy)[0]! & (0xff << (8 - bits)) & 0xff;
}

/** What BIP 39 hashes of a passphrase: NFKD, UTF-8. Throws Refusal keys.passphrase-long. */
export function passphraseBytes(text: string): Uint8Array {
  const bytes = utf8(text.normalize("NFKD"));
  if (bytes.length > LIMITS.passphraseBytes) refuse("keys.passphrase-long");
  return bytes;
}

/**
 * The 64-byte seed (BIP 39: PBKDF2-HMAC-SHA512, 2,048 rounds). `passphrase` is passphraseBytes() of what was
 * typed, empty for none. The checksum is not asked for here: whoever takes words in calls entropyOf first.
 */
export async function seedOf(
  indexes: Uint16Array,
  passphrase: Uint8Array,
  stretch: Stretch,
): Promise<Uint8Array> {
  const phrase = phraseBytes(indexes);
  const salt = new Uint8Array(8 + passphrase.length);
  salt.set(utf8("mnemonic"));
  salt.set(passphrase, 8);
  try {
    return await stretch.pbkdf2Sha512(phrase, salt, 2048, 64);
  } finally {
    wipe(phrase, salt);
  }
}

/** The words with single spaces, as bytes that can be wiped. */
function phraseBytes(indexes: Uint16Array): Uint8Array {
  const chosen = Array.from(indexes, (index) => wordList[index] ?? refuse("keys.words-unknown"));
  const out = new Uint8Array(chosen.reduce((sum, word) => sum + word.length + 1, -1));
  let at = 0;
  for (const word of chosen) {
    if (at > 0) out[at++] = 0x20;
    for (let i = 0; i < word.length; i++) out[at++] = word.charCodeAt(i);
  }
  return out;
}

/**
 * A scanned seed as word numbers, its checksum proven. Throws Refusal keys.words-count, keys.words-unknown
 * (with the place, never the word) or keys.words-checksum.
 */
export function indexesOfSeedMessage(message: SeedMessage): Uint16Array {
  const { seed } = message;
  if (seed.form === "compact") return indexesOf(seed.entropy);
  if (seed.form !== "seedqr" && seed.form !== "words") refuse("transport.wrong-kind", seed.form);
  const numbers = seed.form === "seedqr" ? seed.indexes : seed.words.map(wordNumber);
  if (!(WORD_COUNTS as readonly number[]).includes(numbers.length))
    refuse("keys.words-count", `${numbers.length} words`);
  const indexes = new Uint16Array(numbers.length);
  for (const [i, number] of numbers.entries()) {
    if (number === undefined || !Number.isInteger(number) || number < 0 || number >= wordList.length)
      refuse("keys.words-unknown", `word ${i + 1}`);
    indexes[i] = number;
  }
  wipe(entropyOf(indexes));
  return indexes;
}

/** The BIP 32 seed of a key, a copy that the caller wipes: 64 bytes from words, else what was kept. */
export async function seedOfMaterial(material: Material, stretch: Stretch): Promise<Uint8Array> {
  if (material.kind === "seed") return material.seed.slice();
  const indexes = indexesOf(material.entropy);
  try {
    return await seedOf(indexes, material.passphrase, stretch);
  } finally {
    wipe(indexes);
  }
}
