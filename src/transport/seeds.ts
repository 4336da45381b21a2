// Backups of a key in a code: which form it is, by its shape. Whether it is sound is found out where keys are.
// Rule: nothing of it goes into a refusal.

import { fromHex } from "../bytes.ts";
import { LIMITS } from "../limits.ts";
import type { SeedMessage } from "../model.ts";
import { refuse } from "../refusal.ts";
import { fromUtf8 } from "../text.ts";
import { decodeBase43 } from "./base43.ts";
import { decodeBase64 } from "./digits.ts";

type Seed = SeedMessage["seed"];

/** CompactSeedQR: 16 to 32 bytes that are not a plain text of that length. */
export function isEntropy(bytes: Uint8Array): boolean {
  if (bytes.length < 16 || bytes.length > 32 || bytes.length % 4 !== 0) return false;
  const isText = (byte: number) =>
    (byte >= 0x20 && byte < 0x7f) || byte === 0x09 || byte === 0x0a || byte === 0x0d;
  return !bytes.every(isText);
}

/** "FIRNBACK": Firn's encrypted backup (docs/formats.md), a version byte behind it. */
const BACKUP_MAGIC = [0x46, 0x49, 0x52, 0x4e, 0x42, 0x41, 0x43, 0x4b];

/** Undefined where it is no backup of Firn's. Throws Refusal transport.too-large. */
export function backupIn(bytes: Uint8Array): Seed | undefined {
  if (bytes.length <= BACKUP_MAGIC.length || !BACKUP_MAGIC.every((byte, i) => bytes[i] === byte))
    return undefined;
  if (bytes.length > LIMITS.backupBytes) return refuse("transport.too-large", "a backup");
  return { form: "backup", bytes: bytes.slice() };
}

/** By version: what a KEF envelope has besides its header and ciphertext, and the ciphertext's blocks, bytes. */
const KEF: ReadonlyMap<number, { readonly extra: number; readonly block: number }> = new Map([
  [0, { extra: 0, block: 16 }],
  [1, { extra: 16, block: 16 }],
  [5, { extra: 3, block: 16 }],
  [6, { extra: 0, block: 16 }],
  [7, { extra: 0, block: 16 }],
  [10, { extra: 20, block: 16 }],
  [11, { extra: 16, block: 16 }],
  [12, { extra: 16, block: 16 }],
  [15, { extra: 16, block: 1 }],
  [16, { extra: 16, block: 1 }],
  [20, { extra: 16, block: 1 }],
  [21, { extra: 16, block: 1 }],
]);

/**
 * Krux's envelope has no mark of its own: its label must be a text, and its lengths fit a version that is known.
 * One in some thousand random strings looks so too: it is looked for where nothing else was found.
 */
export function kefIn(bytes: Uint8Array): Seed | undefined {
  const idBytes = bytes[0] ?? 0;
  const known = KEF.get(bytes[1 + idBytes] ?? -1);
  if (known === undefined || bytes.length > LIMITS.kefBytes) return undefined;
  const ciphertext = bytes.length - (5 + idBytes + known.extra);
  if (ciphertext <= 0 || ciphertext % known.block !== 0) return undefined;
  if (fromUtf8(bytes.subarray(1, 1 + idBytes)) === undefined) return undefined;
  return { form: "kef", bytes: bytes.slice() };
}

/** The same as text: hex, base43 as Krux shows it, base64. */
export function kefText(text: string): Seed | undefined {
  if (text.length > 2 * LIMITS.kefBytes) return undefined;
  const hex = fromHex(text);
  const base43 = hex === undefined ? decodeBase43(text) : undefined;
  const base64 = base43 === undefined && /^[0-9A-Za-z+/]+={0,2}$/.test(text) ? decodeBase64(text) : undefined;
  for (const bytes of [hex, base43, base64]) {
    const found = bytes === undefined ? undefined : kefIn(bytes);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** BIP 39's numbers of words. */
const WORDS: ReadonlySet<number> = new Set([12, 15, 18, 21, 24]);
/** SLIP-39's: seven words beside 16 to 64 bytes in tens of bits. None of them is one of BIP 39's. */
const SHARE_WORDS: ReadonlySet<number> = new Set(
  Array.from({ length: 25 }, (_, i) => 7 + Math.ceil((8 * (16 + 2 * i)) / 10)),
);
/** The longest share of SLIP-39: 59 words of eight letters. */
const MOST_CHARS = 600;

/** SeedQR's digits (four a word), a string of BIP 93, the words of BIP 39 or of a share of SLIP-39. */
export function seedText(text: string): Seed | undefined {
  if (text.length > MOST_CHARS) return undefined;
  if (/^(?:\d{4})+$/.test(text) && WORDS.has(text.length / 4)) {
    const indexes = text.match(/\d{4}/g)!.map(Number);
    if (indexes.some((index) => index > 2047))
      return refuse("transport.damaged", "a word number is past 2047");
    return { form: "seedqr", indexes };
  }
  const compact = text.replace(/\s+/g, "");
  // Longer than any address, so that one of a test network is not taken for it.
  if (/^ms1[0-9a-z]{37,157}$/i.test(compact)) return { form: "codex32", text: compact };
  const words = text.toLowerCase().split(/\s+/);
  if (WORDS.has(words.length) && words.every((word) => /^[a-z]{3,8}$/.test(word)))
    return { form: "words", words };
  if (SHARE_WORDS.has(words.length) && words.every((word) => /^[a-z]{4,8}$/.test(word)))
    return { form: "slip39", words };
  return undefined;
}
