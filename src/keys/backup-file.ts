// The encrypted backup: all keys of a home and what goes with them, in one piece that opens with its code alone,
// on any machine (docs/formats.md). Numbers are big-endian.

import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { concat, equal, readU32be, u32be, wipe } from "../bytes.ts";
import { LIMITS } from "../limits.ts";
import type { Random, Stretch } from "../ports.ts";
import { refuse } from "../refusal.ts";
import { utf8 } from "../text.ts";
import { refuseDead } from "./entropy.ts";
import { entropyOf, indexesOf, passphraseBytes, wordList } from "./mnemonic.ts";

/** What a backup holds. Whoever has one wipes `keys`. */
export interface BackupContent {
  /** Unix time, ms, as the machine's clock said. */
  readonly madeMs: number;
  /** As packKeys packs them. */
  readonly keys: Uint8Array;
  /** The home's state, in which nothing is secret: network, policy, wallets, names. */
  readonly state: Uint8Array;
}

/** What opens a backup. The caller wipes the bytes. */
export interface BackupCode {
  readonly kind: "words" | "passphrase";
  /** Words: small letters, single spaces. Passphrase: NFKD. UTF-8. */
  readonly bytes: Uint8Array;
}

type Five = [number, number, number, number, number];
type ScryptCost = Parameters<Stretch["scrypt"]>[2];

/** What can be known of a backup without its code. */
export interface BackupHeader {
  readonly kind: BackupCode["kind"];
  readonly cost: ScryptCost;
  /** 16 and 12 bytes. */
  readonly salt: Uint8Array;
  readonly nonce: Uint8Array;
}

/** RFC 7914; 64 MiB are written, and 256 MiB at most are read. */
export const BACKUP_COST: ScryptCost = { log2N: 16, r: 8, p: 1 };
const MOST_COST: ScryptCost = { log2N: 18, r: 8, p: 4 };
/** Characters of a passphrase, at least. */
export const BACKUP_PASSPHRASE_CHARS = 16;
export const BACKUP_CODE_WORDS = 12;

const MAGIC = utf8("FIRNBACK");
const VERSION = 1;
/** By the number that stands for it. */
const CODE_KINDS = [undefined, "words", "passphrase"] as const;
const SALT_AT = 13;
const NONCE_AT = 29;
const HEADER_BYTES = 41;
const TAG_BYTES = 16;
const CHECKSUM_BYTES = 32;
const TIME_BYTES = 8;

/** All four bits of BIP 39's checksum turned over: a slip of the pen shows, and no wallet takes a code for words. */
const TURNED = 0b1111;

/** Twelve words of BIP 39's list, 128 bits of chance. Throws Refusal keys.entropy-dead. The caller wipes them. */
export function newCodeWords(random: Random): Uint16Array {
  const entropy = random.bytes(16);
  refuseDead({ name: "random", bytes: entropy });
  const indexes = indexesOf(entropy);
  wipe(entropy);
  indexes[BACKUP_CODE_WORDS - 1]! ^= TURNED;
  return indexes;
}

/** Throws Refusal backup.code where they are no code: another number, or a slip of the pen. */
export function codeOfWords(indexes: Uint16Array): BackupCode {
  if (indexes.length !== BACKUP_CODE_WORDS) refuse("backup.code", `${indexes.length} words`);
  const phrase = indexes.slice();
  phrase[BACKUP_CODE_WORDS - 1]! ^= TURNED;
  try {
    wipe(entropyOf(phrase));
  } catch {
    refuse("backup.code", "the words do not add up");
  } finally {
    wipe(phrase);
  }
  const words = Array.from(indexes, (index, place) => utf8(`${place === 0 ? "" : " "}${wordList[index]}`));
  return { kind: "words", bytes: concat(...words) };
}

/** Throws Refusal backup.code-short or keys.passphrase-long. */
export function codeOfPassphrase(text: string): BackupCode {
  if ([...text].length < BACKUP_PASSPHRASE_CHARS) refuse("backup.code-short");
  return { kind: "passphrase", bytes: passphraseBytes(text) };
}

/** Throws Refusal backup.too-large. Content and code stay the caller's. */
export async function sealBackup(parts: {
  readonly content: BackupContent;
  readonly code: BackupCode;
  readonly stretch: Stretch;
  readonly random: Random;
}): Promise<Uint8Array> {
  const { content, code, stretch, random } = parts;
  const plain = concat(timeBytes(content.madeMs), u32be(content.keys.length), content.keys, content.state);
  const all = HEADER_BYTES + plain.length + TAG_BYTES + CHECKSUM_BYTES;
  let key: Uint8Array | undefined;
  try {
    if (all > LIMITS.backupBytes) return refuse("backup.too-large", `${all} bytes`);
    const salt = random.bytes(NONCE_AT - SALT_AT);
    key = await stretch.scrypt(code.bytes, salt, BACKUP_COST, 32);
    const header = headerBytes({
      kind: code.kind,
      cost: BACKUP_COST,
      salt,
      nonce: nonceFor(key, random, plain),
    });
    const sealed = chacha20poly1305(key, header.subarray(NONCE_AT), header).encrypt(plain);
    const bytes = concat(header, sealed);
    return concat(bytes, sha256(bytes));
  } finally {
    wipe(plain, key);
  }
}

/** Tied to the content as well: chance that fails cannot make two contents share one under the same code. */
function nonceFor(key: Uint8Array, random: Random, plain: Uint8Array): Uint8Array {
  const nonceKey = hkdf(sha256, key, undefined, utf8("firn/backup/1/nonce"), 32);
  const length = HEADER_BYTES - NONCE_AT;
  const nonce = hmac.create(sha256, nonceKey).update(random.bytes(length)).update(plain).digest();
  wipe(nonceKey);
  return nonce.slice(0, length);
}

function headerBytes({ kind, cost, salt, nonce }: BackupHeader): Uint8Array {
  const { log2N, r, p } = cost;
  return concat(MAGIC, Uint8Array.of(VERSION, CODE_KINDS.indexOf(kind), log2N, r, p), salt, nonce);
}

function timeBytes(ms: number): Uint8Array {
  return concat(u32be(Math.floor(ms / 2 ** 32)), u32be(ms % 2 ** 32));
}

/**
 * Whether it is one, whole, and what its code is. Throws Refusal backup.damaged (foreign, cut short, changed),
 * backup.version or backup.weak: nothing is stretched for a file that no code opens.
 */
export function readBackup(bytes: Uint8Array): BackupHeader {
  if (!equal(bytes.subarray(0, MAGIC.length), MAGIC)) refuse("backup.damaged", "it is not Firn's");
  if (bytes.length > LIMITS.backupBytes) refuse("backup.too-large", `${bytes.length} bytes`);
  const end = bytes.length - CHECKSUM_BYTES;
  if (end < HEADER_BYTES || !equal(sha256(bytes.subarray(0, end)), bytes.subarray(end)))
    refuse("backup.damaged", "it was changed or cut short");
  const [version, code, log2N, r, p] = [...bytes.subarray(MAGIC.length, SALT_AT)] as Five;
  if (version !== VERSION) refuse("backup.version", `version ${version}`);
  const kind = CODE_KINDS[code] ?? refuse("backup.damaged", "its code is of no known kind");
  if (end < HEADER_BYTES + TIME_BYTES + 4 + TAG_BYTES) refuse("backup.damaged", "it is cut short");
  const cost = { log2N, r, p };
  checkCost(cost);
  return { kind, cost, salt: bytes.slice(SALT_AT, NONCE_AT), nonce: bytes.slice(NONCE_AT, HEADER_BYTES) };
}

function checkCost(cost: ScryptCost): void {
  for (const name of ["log2N", "r", "p"] as const) {
    if (cost[name] < BACKUP_COST[name]) refuse("backup.weak", `${name} ${cost[name]}`);
    if (cost[name] > MOST_COST[name])
      refuse("backup.damaged", `it asks for too much work: ${name} ${cost[name]}`);
  }
}

/** Throws as readBackup, and Refusal backup.wrong-code. The code stays the caller's. */
export async function openBackup(
  bytes: Uint8Array,
  code: BackupCode,
  stretch: Stretch,
): Promise<BackupContent> {
  const { cost, salt, nonce } = readBackup(bytes);
  const key = await stretch.scrypt(code.bytes, salt, cost, 32);
  const sealed = bytes.subarray(HEADER_BYTES, bytes.length - CHECKSUM_BYTES);
  let plain: Uint8Array | undefined;
  try {
    plain = unseal(key, nonce, bytes.subarray(0, HEADER_BYTES), sealed) ?? refuse("backup.wrong-code");
    return readContent(plain);
  } finally {
    wipe(key, plain);
  }
}

function unseal(key: Uint8Array, nonce: Uint8Array, header: Uint8Array, sealed: Uint8Array) {
  try {
    return chacha20poly1305(key, nonce, header).decrypt(sealed);
  } catch {
    return undefined;
  }
}

/** Copies. */
function readContent(plain: Uint8Array): BackupContent {
  const start = TIME_BYTES + 4;
  const end = start + readU32be(plain, TIME_BYTES);
  const madeMs = readU32be(plain, 0) * 2 ** 32 + readU32be(plain, 4);
  if (end > plain.length || !Number.isSafeInteger(madeMs))
    refuse("backup.damaged", "what is in it has another shape");
  return { madeMs, keys: plain.slice(start, end), state: plain.slice(end) };
}
