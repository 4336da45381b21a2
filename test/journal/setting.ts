// For tests: a journal on a recording disk, with a clock and randomness that stand still or count.

import { openStore } from "../../device/disk/store.ts";
import { type DiskState, type RecordingDisk, recordingDisk } from "../../device/sim/recording.ts";
import { type Anchor, type Draft, type Journal, openJournal } from "../../src/journal/index.ts";
import type { Random, Store } from "../../src/ports.ts";

export const KEY = Uint8Array.from({ length: 32 }, (_, i) => i + 1);
export const NOON = Date.UTC(2026, 2, 1, 12);

export const SEED = Uint8Array.from({ length: 32 }, (_, i) => 200 - i);

/** Differs from call to call, and is the same in every run. */
export function counting(): Random {
  let calls = 0;
  return {
    bytes: (length) => {
      calls++;
      return Uint8Array.from({ length }, (_, i) => (calls >>> (8 * (i % 4))) + i);
    },
  };
}

/** One time of power; its clock is right, and goes where it is set. */
export class SetClock {
  ms = NOON;
  boot = "one";
  wallMs(): number {
    return this.ms;
  }
  monotonicMs(): number {
    return this.ms - NOON;
  }
}

/** The time in a test where it does not matter. */
export const STILL = { wallMs: () => NOON, monotonicMs: () => 0, boot: "still" };

export interface Setting {
  readonly disk: RecordingDisk;
  readonly store: Store;
  readonly clock: SetClock;
  open(anchor?: Anchor): Promise<Journal>;
}

export function setting(from: DiskState = new Map(), key: Uint8Array = KEY): Setting {
  const disk = recordingDisk(from);
  const store = openStore(disk);
  const clock = new SetClock();
  const random = counting();
  return {
    disk,
    store,
    clock,
    open: (anchor) =>
      openJournal({ store, key, signing: SEED, random, clock, ...(anchor ? { anchor } : {}) }),
  };
}

export function spent(n: number, sats = 1_000n): Draft & { readonly kind: "spent" } {
  const txid = n.toString(16).padStart(64, "0");
  return {
    ...{
      kind: "spent",
      txid,
      key: "73c5da0a",
      wallets: ["0badcafe"],
      outpoints: [`${txid}:0`],
      amounts: "00",
    },
    ...{ takes: [`btc ${sats}`], fee: "btc 10", destinations: ["0011223344556677"], lockTime: 0 },
    ...{ policy: "12345678", verdict: ["allow", "0.2 of 0.5 BTC left"] },
  };
}

/** A copy that may be spoiled. */
export function copy(state: DiskState): Map<string, Uint8Array> {
  return new Map([...state].map(([name, bytes]) => [name, bytes.slice()]));
}
