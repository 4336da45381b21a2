// The home's envelope, as bytes (docs/formats.md). This file knows the layout and nothing of keys.
// Numbers are big-endian.

import { sha256 } from "@noble/hashes/sha2.js";
import { concat, equal, readU32be, u32be } from "../bytes.ts";
import { refuse } from "../refusal.ts";

export interface Cost {
  readonly memoryKiB: number;
  readonly passes: number;
  readonly lanes: number;
}

/** What the PIN's key is made with and what stands before it, and what the vault key's wrapping vouches for. */
export interface Head {
  readonly cost: Cost;
  /** 16 bytes. */
  readonly salt: Uint8Array;
  /** How this machine adds its secret, and what its seal needs for it: nothing where the kind is none. */
  readonly sealKind: SealKind;
  readonly seal: Uint8Array;
  /** What has to be known before the PIN is right: settings, security keys, the wipe PIN's slot. */
  readonly lock: Uint8Array;
}

export const SEAL_KINDS = ["none", "tpm", "board", "file"] as const;
export type SealKind = (typeof SEAL_KINDS)[number];

export interface Sealed {
  readonly name: string;
  /** 24 bytes. */
  readonly nonce: Uint8Array;
  /** With the 16 bytes of its tag. */
  readonly ciphertext: Uint8Array;
}

export interface Envelope {
  readonly version: 1 | 2;
  readonly head: Head;
  /** The head's own bytes. */
  readonly headBytes: Uint8Array;
  readonly wrap: Wrap;
  /** Every byte before the first section: all sections are bound to it. */
  readonly front: Uint8Array;
  readonly sections: readonly Sealed[];
}

/** The vault key under the PIN's key. */
export interface Wrap {
  /** 24 bytes. */
  readonly nonce: Uint8Array;
  /** 32 bytes and a tag of 16. */
  readonly wrapped: Uint8Array;
}

const MAGIC = Uint8Array.from("FIRNHOME", (char) => char.charCodeAt(0));
/** What is written. Version 1, which knew no seal and no lock, is read. */
const VERSION = 2;
const ARGON2ID = 1;
const CHECKSUM_BYTES = 32;
const MOST_SECTIONS = 16;
const NAME = /^[a-z][a-z0-9-]{0,31}$/;
export const NONCE_BYTES = 24;
export const TAG_BYTES = 16;
export const WRITE_ID_BYTES = 16;

export function headBytes(head: Head): Uint8Array {
  return concat(
    MAGIC,
    Uint8Array.of(VERSION, ARGON2ID),
    u32be(head.cost.memoryKiB),
    u32be(head.cost.passes),
    Uint8Array.of(head.cost.lanes),
    head.salt,
    Uint8Array.of(SEAL_KINDS.indexOf(head.sealKind)),
    behindLength(head.seal),
    behindLength(head.lock),
  );
}

function behindLength(bytes: Uint8Array): Uint8Array {
  if (bytes.length > 0xffff) throw new Error("too long for its length");
  return concat(Uint8Array.of(bytes.length >> 8, bytes.length), bytes);
}

/** Everything before the sections: head, wrap, this write's own number, and the table of what follows. */
export function frontBytes(
  head: Uint8Array,
  wrap: Wrap,
  writeId: Uint8Array,
  table: readonly { readonly name: string; readonly length: number }[],
): Uint8Array {
  if (table.length > MOST_SECTIONS) throw new Error("too many sections");
  const rows = table.map(({ name, length }) => {
    if (!NAME.test(name)) throw new Error("a section's name is a short lower-case word");
    return concat(
      Uint8Array.of(name.length),
      Uint8Array.from(name, (char) => char.charCodeAt(0)),
      u32be(length),
    );
  });
  return concat(head, wrap.nonce, wrap.wrapped, writeId, Uint8Array.of(table.length), ...rows);
}

export function envelopeBytes(front: Uint8Array, sections: readonly Sealed[]): Uint8Array {
  const all = concat(front, ...sections.flatMap(({ nonce, ciphertext }) => [nonce, ciphertext]));
  return concat(all, sha256(all));
}

/**
 * Reads the layout; every byte is accounted for. Views into `bytes`, which must not change.
 * Throws Refusal vault.damaged (foreign, cut short, changed) or vault.version.
 */
export function parseEnvelope(bytes: Uint8Array): Envelope {
  const reader = new Reader(bytes);
  const magic = bytes.subarray(0, MAGIC.length);
  if (!equal(magic, MAGIC.subarray(0, magic.length))) refuse("vault.damaged", "the file is not Firn's");
  reader.take(MAGIC.length);
  const version = reader.byte();
  if (version !== 1 && version !== VERSION) return reader.unknown(`version ${version}`);
  const envelope = readBody(reader, version);
  const rest = reader.rest();
  if (rest < CHECKSUM_BYTES) refuse("vault.damaged", "the file is cut short");
  if (rest > CHECKSUM_BYTES) refuse("vault.damaged", "the file has bytes after its end");
  if (!soundAtEnd(bytes)) refuse("vault.damaged", "the file was changed");
  return envelope;
}

function readBody(reader: Reader, version: 1 | 2): Envelope {
  const kdf = reader.byte();
  const cost = { memoryKiB: reader.u32(), passes: reader.u32(), lanes: reader.byte() };
  const salt = reader.take(16);
  const kind = reader.byte();
  const sealKind = SEAL_KINDS[kind];
  const seal = reader.behindLength();
  const lock = version === 1 ? new Uint8Array(0) : reader.behindLength();
  const head = reader.soFar();
  const wrap = { nonce: reader.take(NONCE_BYTES), wrapped: reader.take(32 + TAG_BYTES) };
  reader.take(WRITE_ID_BYTES);
  const table = readTable(reader);
  const front = reader.soFar();
  const sections = table.map(({ name, length }) => ({
    name,
    nonce: reader.take(NONCE_BYTES),
    ciphertext: reader.take(length),
  }));
  if (kdf !== ARGON2ID || sealKind === undefined || (version === 1 && sealKind !== "none"))
    return reader.unknown(`derivation ${kdf}, seal ${kind}`);
  // Whoever knows a PIN could else plant a home that no machine has sealed, on a card out of this one.
  if (version === 2 && sealKind === "none") refuse("vault.damaged", "no machine has sealed it");
  if (sealKind === "none" && seal.length > 0) refuse("vault.damaged", "the file was changed");
  return { version, head: { cost, salt, sealKind, seal, lock }, headBytes: head, wrap, front, sections };
}

function readTable(reader: Reader): { name: string; length: number }[] {
  const count = reader.byte();
  if (count > MOST_SECTIONS) refuse("vault.damaged", "the file was changed");
  const table: { name: string; length: number }[] = [];
  for (let i = 0; i < count; i++) {
    const name = String.fromCharCode(...reader.take(reader.byte()));
    const length = reader.u32();
    if (!NAME.test(name) || length < TAG_BYTES || table.some((row) => row.name === name))
      refuse("vault.damaged", "the file was changed");
    table.push({ name, length });
  }
  return table;
}

/** The last 32 bytes of every version are the SHA-256 of the rest: against accidents, not attackers. */
function soundAtEnd(bytes: Uint8Array): boolean {
  const end = bytes.length - CHECKSUM_BYTES;
  return end >= 0 && equal(sha256(bytes.subarray(0, end)), bytes.subarray(end));
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  take(length: number): Uint8Array {
    if (length > this.rest()) refuse("vault.damaged", "the file is cut short");
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  behindLength(): Uint8Array {
    return this.take((this.byte() << 8) | this.byte());
  }

  byte(): number {
    return this.take(1)[0]!;
  }

  u32(): number {
    return readU32be(this.take(4), 0);
  }

  rest(): number {
    return this.#bytes.length - this.#at;
  }

  /** Of a file that is sound, a later version's doing; else damage. */
  unknown(what: string): never {
    return soundAtEnd(this.#bytes)
      ? refuse("vault.version", what)
      : refuse("vault.damaged", "the file was changed or cut short");
  }

  soFar(): Uint8Array {
    return this.#bytes.subarray(0, this.#at);
  }
}
