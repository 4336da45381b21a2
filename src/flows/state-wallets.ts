// What the sealed state knows of a registered wallet. The descriptor is never changed: another one is another wallet.

import { LIMITS } from "../limits.ts";
import { count, list, object, otherShape, text } from "./state-shapes.ts";

export interface KeptWallet {
  readonly name: string;
  /** Canonical. */
  readonly descriptor: string;
  /** Fingerprint of the master key of ours that is in it. */
  readonly key: string;
  /** 1 for a first wallet; one that takes another's place has one more. Absent: 1. */
  readonly version?: number;
  /** What the owner calls who holds each key, in the order of the descriptor; "" where nothing was said. */
  readonly cosigners?: readonly string[];
  /** Fingerprint of the wallet that takes its place: from then on this one is kept for watching. */
  readonly replacedBy?: string;
  /** When each key was last shown to be alive, in the order of the descriptor, as Now.ms; 0: never. */
  readonly aliveMs?: readonly number[];
  /** When a backup of its descriptor was last read again and compared, as Now.ms. */
  readonly rehearsedMs?: number;
  /** When it was registered, as Now.ms: from then on it is counted how long nobody looked after it. */
  readonly sinceMs?: number;
  /** The drill that is under way: what each cosigner is asked to sign. */
  readonly drill?: Drill;
}

export interface Drill {
  /** Nobody can have signed it before it was made: there is chance in it. */
  readonly text: string;
  /** As Now.ms. */
  readonly madeMs: number;
}

export function readKept(value: unknown): KeptWallet {
  const { name, descriptor, key, ...rest } = object(value);
  if (typeof name !== "string" || typeof descriptor !== "string") return otherShape("a sealed wallet");
  const { version, cosigners, replacedBy, aliveMs, rehearsedMs, sinceMs, drill } = rest;
  return {
    ...{ name, descriptor, key: typeof key === "string" ? key : "" },
    ...(version === undefined ? {} : { version: count(version) }),
    ...(cosigners === undefined ? {} : { cosigners: list(cosigners, LIMITS.walletKeys).map(text) }),
    ...(replacedBy === undefined ? {} : { replacedBy: text(replacedBy) }),
    ...(aliveMs === undefined ? {} : { aliveMs: list(aliveMs, LIMITS.walletKeys).map(count) }),
    ...(rehearsedMs === undefined ? {} : { rehearsedMs: count(rehearsedMs) }),
    ...(sinceMs === undefined ? {} : { sinceMs: count(sinceMs) }),
    ...(drill === undefined ? {} : { drill: readDrill(drill) }),
  };
}

function readDrill(value: unknown): Drill {
  const { text: said, madeMs } = object(value);
  return { text: text(said), madeMs: count(madeMs) };
}
