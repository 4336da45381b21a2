// What a machine must offer. One interface a thing; device/pi and device/sim open them all.

import type { Event, Network, Picture, Size, Wants } from "./model.ts";

/** Eye and glass together: the only way to show and the only way to wait. */
export interface Panel {
  size(): Size;
  /** Replaces what is on the glass. Never waits. */
  show(picture: Picture): void;
  /** The next thing that happens. The camera runs exactly while `wants.scan` is there. Never "held" or "holding". */
  next(wants: Wants): Promise<Event>;
  /** Something that already happened, or undefined. Never waits. */
  poll(wants: Wants): Event | undefined;
}

/**
 * Named blobs that survive a cut of power. When a promise resolves the change is on the card or disk;
 * before that the old state or the new is there, never neither.
 */
export interface Store {
  names(): Promise<readonly string[]>;
  /** Undefined where there is no such blob. Throws Refusal store.unreadable where it fails. */
  read(name: string): Promise<Uint8Array | undefined>;
  /** Write beside, sync, rename, sync the folder. Throws Refusal store.full or store.failed. */
  replace(name: string, bytes: Uint8Array): Promise<void>;
  /** Adds to the end and syncs. After a cut a prefix of `bytes` may be there. */
  append(name: string, bytes: Uint8Array): Promise<void>;
  /** Cuts the blob to `length` bytes and syncs: only ever to drop a torn last line. */
  truncate(name: string, length: number): Promise<void>;
  /** Gone when the promise resolves; no error where there is no such blob. */
  remove(name: string): Promise<void>;
}

/** Slow key derivation, native on the machine. */
export interface Stretch {
  /** Argon2id (RFC 9106), version 0x13. */
  argon2id(
    secret: Uint8Array,
    salt: Uint8Array,
    cost: { readonly memoryKiB: number; readonly passes: number; readonly lanes: number },
    length: number,
  ): Promise<Uint8Array>;
  /** PBKDF2-HMAC-SHA512, as BIP 39 uses it. */
  pbkdf2Sha512(secret: Uint8Array, salt: Uint8Array, rounds: number, length: number): Promise<Uint8Array>;
  /** PBKDF2-HMAC-SHA256, as SLIP-39 and KEF use it. */
  pbkdf2Sha256(secret: Uint8Array, salt: Uint8Array, rounds: number, length: number): Promise<Uint8Array>;
  /** scrypt (RFC 7914): N = 2^log2N. */
  scrypt(
    secret: Uint8Array,
    salt: Uint8Array,
    cost: { readonly log2N: number; readonly r: number; readonly p: number },
    length: number,
  ): Promise<Uint8Array>;
}

/**
 * Binds secrets to this machine. A card or disk that is copied to another machine is then worth nothing.
 * Every method throws Refusal seal.failed where the part does not answer as it must.
 */
export interface Seal {
  /** tpm: counted tries, and a counter. board: a secret burnt into the board. file: a file beside the home. */
  readonly kind: "tpm" | "board" | "file";
  /**
   * What comes out again only on this machine and only with `auth` (32 bytes). The blob, at most
   * LIMITS.sealBlobBytes, is no secret. Throws Refusal seal.owned where the TPM serves somebody else, or where its
   * lockout secret is set and nothing was released in this process yet. Once the blob is stored, release it: only
   * then can nobody reset a TPM's count of tries.
   */
  bind(secret: Uint8Array, auth: Uint8Array): Promise<Uint8Array>;
  /**
   * The 32 bytes, which the caller wipes; undefined where `auth` is another (a TPM has counted that before it
   * answers). Throws Refusal seal.foreign (bound on another machine, or destroyed) or seal.locked (too many tries).
   */
  release(blob: Uint8Array, auth: Uint8Array): Promise<Uint8Array | undefined>;
  /** 32 bytes that only this machine can make of `data`, with no PIN: HMAC-SHA-256 under a secret of its own. */
  mark(data: Uint8Array): Promise<Uint8Array>;
  /** Counters that never go back; absent where the machine has none. `name`: "first" or "second" home. */
  counter?(name: "first" | "second"): Counter;
  /**
   * After this nothing that was bound here is ever released again: with a TPM not even from an older copy of the
   * card; a board's secret or a file cannot know that one was put back. Marks are others from then on.
   */
  destroy(): Promise<void>;
  /** To be called before power goes (TPM2_Shutdown); bind and release do so themselves. */
  rest(): Promise<void>;
}

export interface Counter {
  /** Makes it where there is none. */
  value(): Promise<number>;
  /** Adds one; the new value. */
  raise(): Promise<number>;
}

/** A security key at the glass: 64-byte HID packets out; in, they come as events while a screen wants them. */
export interface SecurityKey {
  send(packet: Uint8Array): void;
}

/** A generator of the machine's own, as raw as the machine gives it. */
export interface Noise {
  /** "TPM", "board": stands in the transcript. */
  readonly name: string;
  /** Throws Refusal birth.source-failed. */
  bytes(length: number): Promise<Uint8Array>;
}

/** A removable stick, or a folder that stands for one: whole files with plain names. */
export interface Stick {
  names(): Promise<readonly string[]>;
  /** Undefined where there is no such file. Throws Refusal stick.unreadable, or stick.too-large beyond `mostBytes`. */
  read(name: string, mostBytes: number): Promise<Uint8Array | undefined>;
  /** Written, synced, read back and compared. Never replaces a file: throws Refusal stick.exists, or stick.failed. */
  write(name: string, bytes: Uint8Array): Promise<void>;
}

/**
 * The buttons ok and back as Firn itself reads them, whatever the glass says of them. Where the machine has them, no
 * hold counts but the one that was seen here; where it has none, the keyboard's repeating key does.
 */
export interface Hold {
  /** Pressed now; both false where the lines cannot be read. Never waits. */
  levels(): { readonly ok: boolean; readonly back: boolean };
}

/** Absent where Firn cannot switch its machine off (a program in a terminal is simply ended). */
export interface Power {
  /** Everything is written already. Never resolves where it works; throws Refusal power.failed. */
  off(): Promise<never>;
}

export interface Random {
  /** From the kernel's generator. */
  bytes(length: number): Uint8Array;
}

export interface Clock {
  /** Unix time as the machine shows it, whole ms. A person can set it: nothing is counted by it. */
  wallMs(): number;
  /** From power-on, ms: never goes back while the machine is on. */
  monotonicMs(): number;
  /**
   * Another one each time power comes, the same over locks: 1 to 40 letters, digits and hyphens. "unknown" where the
   * machine cannot tell: then less is counted.
   */
  readonly boot: string;
  /**
   * Unix time of a clock that ran on while power was off, ms, whatever the machine's clock was set to since. Absent
   * where there is none: time stands still then.
   */
  chipMs?(): number;
  /** Lets waiting events in. */
  breathe(): Promise<void>;
  /**
   * It is at least so late: something that only this device can have written bears this time. From then on wallMs
   * says no less. Absent where the machine's clock is another's to set.
   */
  reached?(wallMs: number): void;
}

/** well: as it must be. unknown: could not be looked at. open: as it must not be, and keys stay shut. */
export type FactState = "well" | "unknown" | "open";

/** One thing that was looked at. `about` "network" or "root" in state "open" or "unknown" keeps the keys shut. */
export interface Fact {
  readonly about: "network" | "root" | "process" | "part";
  /** What was looked at: "Network interfaces", "System calls", "Camera". */
  readonly label: string;
  /** What was found, in words: "only lo". */
  readonly found: string;
  readonly state: FactState;
}

export interface Facts {
  /** "Raspberry Pi Zero 2 W" */
  readonly board: string;
  /** Hex, as docs/verify.md explains them; absent where Firn runs from no image. */
  readonly image?: { readonly rootHash: string; readonly imageId: string };
  readonly findings: readonly Fact[];
}

/** What kind of machine this is, as far as words on the screen depend on it. */
export interface Machine {
  readonly kind: "simulator" | "board";
  /** The random source was fixed by a script: mainnet is refused, every screen says so. */
  readonly practice: boolean;
  readonly version: string;
  /** How long stretching a PIN may take on this machine, ms; absent: the least that is allowed. */
  readonly stretchMs?: number;
  /** From power-on to the first picture after it, ms; undefined where the machine did not begin for Firn alone. */
  readonly startedMs?: number | undefined;
  /** Chosen from outside before the first start, if at all. */
  readonly network?: Network;
  /**
   * What was found of this machine itself: looked at anew at each call, and never longer than a second. Absent on the
   * simulator, which runs where anything may be.
   */
  facts?(): Promise<Facts>;
}

export interface Ports {
  readonly panel: Panel;
  readonly store: Store;
  readonly stretch: Stretch;
  readonly random: Random;
  /** Best first, at least one. */
  readonly seals: readonly Seal[];
  /** Further generators, none or some. */
  readonly noise: readonly Noise[];
  readonly stick?: Stick;
  readonly securityKey: SecurityKey;
  readonly hold?: Hold;
  readonly power?: Power;
  readonly clock: Clock;
  readonly machine: Machine;
}
