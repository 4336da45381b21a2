// For tests: a journal on a recording disk, with a clock and randomness that stand still or count.

import { openStore } from "../../device/disk/store.ts";
import { type DiskState, type RecordingDisk, recordingDisk } from "../../device/sim/recording.ts";
import { type Anchor, type Draft, type Journal, openJournal } from "../../src/journal/index.ts";
import type { Random, Store } from "../../src/ports.ts";

export const KEY = Uint8Array.from({ length: 32 }, (_, i) => i + 1);
export const NOON = Date.UTC(2026, 2, 1, 12);

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

export class SetClock {
  ms = NOON;
  wallMs(): number {
    return this.ms;
  }
}

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
    open: (anchor) => openJournal({ store, key, random, clock, ...(anchor ? { anchor } : {}) }),
  };
}

export function spent(n: number, leavesSats = 1_000n): Draft {
  const txid = n.toString(16).padStart(64, "0");
  return {
    kind: "spend",
    txid,
    outpoints: [`${txid}:0`],
    amounts: "00",
    leavesSats,
    feeSats: 10n,
    destinations: "00",
  };
}

/** A copy that may be spoiled. */
export function copy(state: DiskState): Map<string, Uint8Array> {
  return new Map([...state].map(([name, bytes]) => [name, bytes.slice()]));
}
