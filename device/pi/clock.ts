// The clock of a board. Without a clock chip, or with one whose battery is empty, the system begins at some day of
// long ago each time power comes. Firn's time then goes on from the newest line of the journal, as soon as a home is
// open: the dates of files would tell it earlier, but whoever had the card can set those. While the machine is on time
// passes by the monotonic clock alone, over locks too; while it is off it stands still, unless a chip ran on.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import type { Fact } from "../../src/ports.ts";
import { hostTime, type Time } from "../host/time.ts";

export interface BoardTime extends Time {
  /** The system's clock is behind what this machine has written. */
  behind(): boolean;
}

/** Two readings of two clocks are never the same. */
const SLACK_MS = 1000;

/** `kept`: a file that lasts as long as the machine is on, and no longer: what the time was when it was switched on. */
export function boardTime(kept: string, system: Time = hostTime()): BoardTime {
  const { wallMs, monotonicMs, boot, breathe } = system.clock;
  const bySystem = () => wallMs() - monotonicMs();
  let switchedOnMs = Math.ceil(Math.max(bySystem(), readKept(kept) ?? 0));
  writeKept(kept, switchedOnMs);
  const now = () => Math.floor(switchedOnMs + monotonicMs());
  return {
    clock: {
      wallMs: now,
      monotonicMs,
      boot,
      breathe,
      reached(ms) {
        if (ms <= now()) return;
        switchedOnMs = Math.ceil(ms - monotonicMs());
        writeKept(kept, switchedOnMs);
      },
    },
    timer: system.timer,
    behind: () => switchedOnMs - bySystem() > SLACK_MS,
  };
}

/** `node`: the chip's, or undefined where the board can have none; `chips`: where the kernel names those it found. */
export function clockFact(node: string | undefined, chips: string, behind: boolean): Fact {
  const about = { about: "part", label: "Clock" } as const;
  const there = node !== undefined && namesIn(chips).includes(basename(node));
  if (!there) return { ...about, found: "no clock chip: time stands still while it is off", state: "well" };
  if (behind)
    return { ...about, found: "its chip is behind: time goes on from what was written", state: "open" };
  return { ...about, found: "a clock chip", state: "well" };
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function readKept(path: string): number | undefined {
  try {
    const text = readFileSync(path, "utf8");
    return /^\d{1,16}$/.test(text) ? Number(text) : undefined;
  } catch {
    return undefined;
  }
}

/** Where it cannot be kept, a lock takes time back until a home is open again: no further. */
function writeKept(path: string, ms: number): void {
  try {
    writeFileSync(path, String(Math.max(0, ms)), { mode: 0o600 });
  } catch {
    // No such folder: Firn was started otherwise than by its unit.
  }
}
