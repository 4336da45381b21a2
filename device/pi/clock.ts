// The clock of a board. Without a clock chip, or with one whose battery is empty, the system begins at some day of
// long ago each time power comes. Firn's time then goes on from the newest line of the journal, as soon as a home is
// open: the dates of files would tell it earlier, but whoever had the card can set those. While the machine is on time
// passes by the monotonic clock alone, over locks too; while it is off it stands still, unless a chip ran on.

import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Fact } from "../../src/ports.ts";
import { NAMELESS } from "../../src/reckoning.ts";
import { hostTime, type Time } from "../host/time.ts";

export interface BoardTime extends Time {
  /** The system's clock is behind what this machine has written. */
  behind(): boolean;
}

/** Two readings of two clocks are never the same. */
const SLACK_MS = 1000;

/**
 * `kept`: a file that lasts as long as the machine is on, and no longer: what the time was when it was switched on, and
 * a name for this power-on, since Firn's cage hides the kernel's. `chipMs`: what the clock chip says now.
 */
export function boardTime(kept: string, chipMs: number | undefined, system: Time = hostTime()): BoardTime {
  const { wallMs, monotonicMs, breathe } = system.clock;
  const bySystem = () => wallMs() - monotonicMs();
  const before = readKept(kept);
  let switchedOnMs = Math.ceil(Math.max(bySystem(), before?.switchedOnMs ?? 0));
  const name = before?.boot ?? randomBytes(8).toString("hex");
  // A name that does not last would count the whole of powered-on time again after each lock.
  const boot = writeKept(kept, switchedOnMs, name) ? name : NAMELESS;
  const now = () => Math.floor(switchedOnMs + monotonicMs());
  const chipSince = chipMs === undefined ? undefined : chipMs - monotonicMs();
  return {
    clock: {
      wallMs: now,
      monotonicMs,
      boot,
      ...(chipSince === undefined ? {} : { chipMs: () => Math.floor(chipSince + monotonicMs()) }),
      breathe,
      reached(ms) {
        if (ms <= now()) return;
        switchedOnMs = Math.ceil(ms - monotonicMs());
        writeKept(kept, switchedOnMs, name);
      },
    },
    timer: system.timer,
    behind: () => switchedOnMs - bySystem() > SLACK_MS,
  };
}

/**
 * What the chip itself says, in ms: the system's clock is set from it, but also from the day on which the system was
 * built, where that is later. `node`, `chips`: as for clockFact. Undefined where there is none, or it does not answer.
 */
export function readChip(node: string | undefined, chips: string): number | undefined {
  if (!hasChip(node, chips)) return undefined;
  try {
    const text = readFileSync(join(chips, basename(node), "since_epoch"), "utf8").trim();
    return /^\d{1,11}$/.test(text) ? Number(text) * 1000 : undefined;
  } catch {
    return undefined;
  }
}

/** `node`: the chip's, or undefined where the board can have none; `chips`: where the kernel names those it found. */
export function clockFact(node: string | undefined, chips: string, behind: boolean): Fact {
  const about = { about: "part", label: "Clock" } as const;
  if (!hasChip(node, chips))
    return { ...about, found: "no clock chip: time stands still while it is off", state: "well" };
  if (behind)
    return { ...about, found: "its chip is behind: time goes on from what was written", state: "open" };
  return { ...about, found: "a clock chip", state: "well" };
}

function hasChip(node: string | undefined, chips: string): node is string {
  return node !== undefined && namesIn(chips).includes(basename(node));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function readKept(path: string): { readonly switchedOnMs: number; readonly boot: string } | undefined {
  try {
    const [, ms, boot] = /^(\d{1,16}) ([0-9a-f]{16})$/.exec(readFileSync(path, "utf8")) ?? [];
    return boot === undefined ? undefined : { switchedOnMs: Number(ms), boot };
  } catch {
    return undefined;
  }
}

/** Where it cannot be kept, a lock takes time back until a home is open again: no further. */
function writeKept(path: string, ms: number, boot: string): boolean {
  try {
    // Renamed, so that no kill leaves half of a name.
    writeFileSync(`${path}.new`, `${Math.max(0, ms)} ${boot}`, { mode: 0o600 });
    renameSync(`${path}.new`, path);
    return true;
  } catch {
    // No such folder: Firn was started otherwise than by its unit.
    return false;
  }
}
