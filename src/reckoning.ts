// Time as windows and waits count it. It rests on powered-on time, on a clock chip that ran on while power was off, and
// on what block headers prove; never on a date that somebody typed or set.

import type { Clock } from "./ports.ts";

/** Kept with what was written last. */
export interface Stamp {
  /** As reckoned then: Unix, ms. Never less than on any line before. */
  readonly at: number;
  /** The machine's clock and its powered-on time then, ms, and which power-on that was. */
  readonly wallMs: number;
  readonly onMs: number;
  readonly boot: string;
  /** What the chip said then, ms; absent where there was none. */
  readonly chipMs?: number;
}

/** What a machine calls every power-on that does not tell one from another. */
export const NAMELESS = "unknown";

/**
 * Now, given what was written last: as much later as the machine has demonstrably been on since, or as its clock chip
 * ran on since; never more than has really passed, as long as the chip is honest. The machine's clock, which a person
 * can set, is written down and counts for nothing but a journal's very first line.
 */
export function reckon(clock: Omit<Clock, "breathe">, last: Stamp | undefined): Stamp {
  const wallMs = whole(clock.wallMs());
  const now = {
    ...{ wallMs, onMs: whole(clock.monotonicMs()), boot: clock.boot },
    ...(clock.chipMs ? { chipMs: whole(clock.chipMs()) } : {}),
  };
  return { at: last === undefined ? wallMs : last.at + passed(last, now), ...now };
}

type Reading = Omit<Stamp, "at">;

function passed(last: Reading, now: Reading): number {
  const more = now.onMs - last.onMs;
  // Within one power-on its own time is exact; of nameless ones this is the least that passed.
  if (now.boot === last.boot && (more >= 0 || now.boot !== NAMELESS)) return Math.max(0, more);
  // Another power-on came after what was written last: all of its time has passed since.
  const ranOn = now.chipMs === undefined || last.chipMs === undefined ? 0 : now.chipMs - last.chipMs;
  return Math.max(now.onMs, ranOn);
}

/** As far as a journal's line has room: 15 digits. */
const MOST_MS = 1e15 - 1;

/** A whole number of ms from 0 on, whatever a clock says: what is written must be readable. */
function whole(ms: number): number {
  const floor = Math.floor(ms);
  return Number.isSafeInteger(floor) ? Math.min(Math.max(0, floor), MOST_MS) : 0;
}
