// Whether a condition is met: by which keys, at which time.

import { LOCK_TIME_THRESHOLD } from "../../limits.ts";
import type { Condition } from "../../ways.ts";
import { type LockUnit, lockUnit, SEQUENCE_TIME } from "./types.ts";

/** What is no sum of others: a key, a lock, a preimage. */
export type Atom = Extract<Condition, { readonly kind: "key" | "fixed" | "older" | "after" | "preimage" }>;
export type Lock = Extract<Condition, { readonly kind: "older" | "after" }>;

export function isMet(condition: Condition, holds: (atom: Atom) => boolean): boolean {
  switch (condition.kind) {
    case "threshold":
      return condition.of.filter((one) => isMet(one, holds)).length >= condition.threshold;
    case "musig":
      return condition.of.every((one) => isMet(one, holds));
    case "never":
      return false;
    default:
      return holds(condition);
  }
}

function isLock(atom: Condition): atom is Lock {
  return atom.kind === "older" || atom.kind === "after";
}

/** By these keys (places in Wallet.keys) alone, once the locks are open, and with the preimages. */
export function satisfiable(condition: Condition, keys: ReadonlySet<number>): boolean {
  return isMet(condition, (atom) => (atom.kind === "key" ? keys.has(atom.key) : atom.kind !== "fixed"));
}

/** What one input says of time, and its transaction: nVersion, the input's nSequence, nLockTime. */
export interface Timing {
  readonly version: number;
  readonly sequence: number;
  readonly lockTime: number;
}

const SEQUENCE_DISABLED = 0x80000000;
const SEQUENCE_FINAL = 0xffffffff;

/** Whether this input's script runs through this lock: BIP 112 for older, BIP 65 for after. */
export function isOpen(lock: Lock, { version, sequence, lockTime }: Timing): boolean {
  if (lock.kind === "after") {
    const sameUnit = lock.value < LOCK_TIME_THRESHOLD === lockTime < LOCK_TIME_THRESHOLD;
    return sameUnit && lock.value <= lockTime && sequence !== SEQUENCE_FINAL;
  }
  const counts = version >>> 0 >= 2 && sequence < SEQUENCE_DISABLED;
  const sameUnit = (lock.value & SEQUENCE_TIME) === (sequence & SEQUENCE_TIME);
  return counts && sameUnit && (lock.value & 0xffff) <= (sequence & 0xffff);
}

/** Whether the input's time lets a condition be met, by whoever has the keys that it asks for. */
export function isUnlocked(condition: Condition, timing: Timing): boolean {
  return isMet(condition, (atom) => !isLock(atom) || isOpen(atom, timing));
}

/** Every lock that a condition speaks of. */
function locksIn(condition: Condition): Lock[] {
  if (isLock(condition)) return [condition];
  return condition.kind === "threshold" ? condition.of.flatMap(locksIn) : [];
}

/**
 * The locks that these keys cannot do without, the longest of each unit: as long as one of them is shut, the keys
 * cannot spend. Empty too where they never can: ask satisfiable first.
 */
export function locksOf(condition: Condition, keys: ReadonlySet<number>): Lock[] {
  const longest = new Map<LockUnit, Lock>();
  const unit = (lock: Lock) => lockUnit(lock.kind, lock.value);
  const without = (shut: Lock) =>
    isMet(condition, (atom) => {
      if (atom.kind === "key") return keys.has(atom.key);
      if (!isLock(atom)) return atom.kind !== "fixed";
      return unit(atom) !== unit(shut) || atom.value < shut.value;
    });
  if (!satisfiable(condition, keys)) return [];
  for (const lock of locksIn(condition))
    if (lock.value > (longest.get(unit(lock))?.value ?? 0) && !without(lock)) longest.set(unit(lock), lock);
  return [...longest.values()];
}
