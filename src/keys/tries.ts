// PIN tries. Each is on the medium before the PIN is looked at, so that cutting the power saves none.
// Waits count powered-on time by the monotonic clock; the wall clock, which a person can set, plays no part.

import { sha256 } from "@noble/hashes/sha2.js";
import { concat, equal, readU32be, u32be } from "../bytes.ts";
import type { Clock, Store } from "../ports.ts";
import { refuse } from "../refusal.ts";

export interface Tries {
  /** Tries begun since the last right PIN. */
  readonly failures: number;
  /** When the last one began: to be shown, and for nothing else. */
  readonly lastFailWallMs: number;
  readonly lastFailMonotonicMs: number;
  /** The record was lost or could not be read: the longest wait was put in its place, and counting wipes nothing. */
  readonly damaged: boolean;
  /** By the monotonic clock, ms; absent where the device is not frozen. */
  readonly frozenMs?: number;
  /** Tries without the right PIN, before a right one, that the journal does not know yet; absent where it knows all. */
  readonly untold?: number;
}

export const TRIES_BLOB = "tries";

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
/** By the number of failures; past the end, the last one. */
const DELAYS_MS = [
  0,
  0,
  0,
  5 * SECOND_MS,
  15 * SECOND_MS,
  30 * SECOND_MS,
  MINUTE_MS,
  5 * MINUTE_MS,
  15 * MINUTE_MS,
  60 * MINUTE_MS,
];
const MAGIC = Uint8Array.from("FIRNTRY2", (char) => char.charCodeAt(0));
const RECORD_BYTES = 45;
/** What version 1 wrote: it knew no freeze. */
const FIRST_MAGIC = Uint8Array.from("FIRNTRY1", (char) => char.charCodeAt(0));
const FIRST_BYTES = 36;
const DAMAGED = 1;
const FROZEN = 2;
const UNTOLD = 4;
/** As many as the flags have room for. */
const MOST_UNTOLD = 63;
const NONE: Tries = { failures: 0, lastFailWallMs: 0, lastFailMonotonicMs: 0, damaged: false };

/** How long to wait after so many wrong PINs in a row, ms. Never falls. */
export function delayMs(failures: number): number {
  return DELAYS_MS[Math.min(failures, DELAYS_MS.length - 1)]!;
}

/**
 * What is left of the wait, ms. The monotonic clock may have started again since (a reboot, a new process);
 * then what it shows is all that surely passed. Both readings are lower bounds of the time waited.
 */
export function waitMs(tries: Tries, nowMonotonicMs: number): number {
  const since = nowMonotonicMs - tries.lastFailMonotonicMs;
  return Math.max(0, delayMs(tries.failures) - (since >= 0 ? since : nowMonotonicMs));
}

/** 45 bytes: magic, failures, wall ms, monotonic ms, flags, frozen since ms, first 8 bytes of SHA-256 of all before. */
export function encodeTries(tries: Tries): Uint8Array {
  const flags =
    (tries.damaged ? DAMAGED : 0) |
    (tries.frozenMs === undefined ? 0 : FROZEN) |
    (UNTOLD * Math.min(tries.untold ?? 0, MOST_UNTOLD));
  const body = concat(
    MAGIC,
    u32be(tries.failures),
    u64be(tries.lastFailWallMs),
    u64be(tries.lastFailMonotonicMs),
    Uint8Array.of(flags),
    u64be(tries.frozenMs ?? 0),
  );
  return concat(body, sha256(body).subarray(0, 8));
}

/** Undefined where the record is damaged. */
export function decodeTries(bytes: Uint8Array): Tries | undefined {
  const first = equal(bytes.subarray(0, 8), FIRST_MAGIC);
  if (bytes.length !== (first ? FIRST_BYTES : RECORD_BYTES)) return undefined;
  const body = bytes.subarray(0, bytes.length - 8);
  if (!first && !equal(body.subarray(0, 8), MAGIC)) return undefined;
  if (!equal(sha256(body).subarray(0, 8), bytes.subarray(bytes.length - 8))) return undefined;
  const flags = first ? 0 : body[28]!;
  return {
    failures: readU32be(body, 8),
    lastFailWallMs: readU64be(body, 12),
    lastFailMonotonicMs: readU64be(body, 20),
    damaged: (flags & DAMAGED) !== 0,
    ...((flags & FROZEN) === 0 ? {} : { frozenMs: readU64be(body, 29) }),
    ...(flags < UNTOLD ? {} : { untold: Math.floor(flags / UNTOLD) }),
  };
}

/**
 * The record as it stands. Set-up writes one, so that none is one that somebody took away. A lost or damaged one
 * never opens a way round the wait and never locks the owner out: it is replaced by one with the longest wait,
 * starting now.
 */
export async function readTries(store: Store, clock: Clock): Promise<Tries> {
  const bytes = await store.read(TRIES_BLOB);
  const tries = bytes && decodeTries(bytes);
  if (tries) return sinceStart(store, clock, tries);
  const longest = { ...at(clock, DELAYS_MS.length - 1), damaged: true };
  await store.replace(TRIES_BLOB, encodeTries(longest));
  return longest;
}

/**
 * The machine was started anew since: nothing tells how long it was off, so the wait begins again now. Stored,
 * so that what is left of it only ever falls.
 */
async function sinceStart(store: Store, clock: Clock, tries: Tries): Promise<Tries> {
  const nowMs = monotonicMs(clock);
  const waits = tries.lastFailMonotonicMs > nowMs && delayMs(tries.failures) > 0;
  const { frozenMs } = tries;
  if (!waits && (frozenMs === undefined || frozenMs <= nowMs)) return tries;
  const again = {
    ...tries,
    ...(waits ? { lastFailMonotonicMs: nowMs } : {}),
    ...(frozenMs === undefined ? {} : { frozenMs: Math.min(frozenMs, nowMs) }),
  };
  await store.replace(TRIES_BLOB, encodeTries(again));
  return again;
}

/**
 * Counts one try and has it on the medium when it returns; only then may the PIN be looked at.
 * Throws Refusal vault.too-soon while there is a wait, counting nothing.
 */
export async function countTry(store: Store, clock: Clock): Promise<Tries> {
  const before = await readTries(store, clock);
  const wait = waitMs(before, clock.monotonicMs());
  if (wait > 0) refuse("vault.too-soon", `${Math.ceil(wait / SECOND_MS)} seconds`);
  const tries = {
    ...before,
    ...at(clock, Math.min(before.failures + 1, 0xffffffff)),
    damaged: before.damaged,
  };
  await store.replace(TRIES_BLOB, encodeTries(tries));
  return tries;
}

/**
 * At set-up, and after the right PIN; `untold`: what the journal has to say of those before it. A freeze ends by
 * thaw() alone.
 */
export async function clearTries(store: Store, untold = 0): Promise<void> {
  const bytes = await store.read(TRIES_BLOB);
  const frozenMs = bytes && decodeTries(bytes)?.frozenMs;
  const kept = { ...(frozenMs === undefined ? {} : { frozenMs }), ...(untold > 0 ? { untold } : {}) };
  await store.replace(TRIES_BLOB, encodeTries({ ...NONE, ...kept }));
}

/** Of a try that was right: those before it that no line of the journal speaks of. */
export function untoldBefore({ failures, untold = 0 }: Tries): number {
  return untold + failures - 1;
}

/** The journal has a line of them. */
export async function toldTries(store: Store, clock: Clock): Promise<void> {
  const { untold, ...tries } = await readTries(store, clock);
  if (untold !== undefined) await store.replace(TRIES_BLOB, encodeTries(tries));
}

/** From now on a right PIN alone opens nothing until the wait has passed. On the medium when it returns. */
export async function freeze(store: Store, clock: Clock): Promise<void> {
  const tries = await readTries(store, clock);
  await store.replace(TRIES_BLOB, encodeTries({ ...tries, frozenMs: monotonicMs(clock) }));
}

/** What is left of a freeze, ms: powered-on time only, as with the waits. 0 where there is none. */
export function frozenForMs(tries: Tries, freezeS: number, nowMonotonicMs: number): number {
  if (tries.frozenMs === undefined) return 0;
  const since = nowMonotonicMs - tries.frozenMs;
  return Math.max(0, freezeS * SECOND_MS - (since >= 0 ? since : nowMonotonicMs));
}

export async function thaw(store: Store, clock: Clock): Promise<void> {
  const { frozenMs: _, ...tries } = await readTries(store, clock);
  await store.replace(TRIES_BLOB, encodeTries(tries));
}

function at(clock: Clock, failures: number): Tries {
  return {
    failures,
    lastFailWallMs: Math.max(0, Math.floor(clock.wallMs())),
    lastFailMonotonicMs: monotonicMs(clock),
    damaged: false,
  };
}

function monotonicMs(clock: Clock): number {
  return Math.max(0, Math.floor(clock.monotonicMs()));
}

function u64be(value: number): Uint8Array {
  return concat(u32be(Math.floor(value / 2 ** 32)), u32be(value % 2 ** 32));
}

function readU64be(bytes: Uint8Array, offset: number): number {
  return readU32be(bytes, offset) * 2 ** 32 + readU32be(bytes, offset + 4);
}
