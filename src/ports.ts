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
}

export interface Random {
  /** From the kernel's generator. */
  bytes(length: number): Uint8Array;
}

export interface Clock {
  /** Unix time, ms. A person can set it. */
  wallMs(): number;
  /** Never goes back while the machine is on, ms. */
  monotonicMs(): number;
  /** Lets waiting events in. */
  breathe(): Promise<void>;
}

/** What kind of machine this is, as far as words on the screen depend on it. */
export interface Machine {
  readonly kind: "simulator" | "board";
  /** The random source was fixed by a script: mainnet is refused, every screen says so. */
  readonly practice: boolean;
  readonly version: string;
  /** Chosen from outside before the first start, if at all. */
  readonly network?: Network;
}

export interface Ports {
  readonly panel: Panel;
  readonly store: Store;
  readonly stretch: Stretch;
  readonly random: Random;
  readonly clock: Clock;
  readonly machine: Machine;
}
