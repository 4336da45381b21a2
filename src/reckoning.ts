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
}

/**
 * Now, given what was written last: at least as much later as the machine has demonstrably been on since, or as its
 * clock chip ran on while it was off. Within one power-on a clock that was set changes nothing.
 */
export function reckon(clock: Omit<Clock, "breathe">, last: Stamp | undefined): Stamp {
  const wallMs = whole(clock.wallMs());
  const onMs = whole(clock.monotonicMs());
  const { boot } = clock;
  if (last === undefined) return { at: wallMs, wallMs, onMs, boot };
  const sameBoot = boot === last.boot && onMs >= last.onMs;
  // Another power-on came after what was written last: all of its time has passed since.
  const onSince = sameBoot ? onMs - last.onMs : onMs;
  const ranOn = !sameBoot && clock.reached === undefined ? Math.max(0, wallMs - last.wallMs) : 0;
  return { at: last.at + Math.max(onSince, ranOn), wallMs, onMs, boot };
}

/** A whole number of ms from 0 on, whatever a clock says: what is written must be readable. */
function whole(ms: number): number {
  const floor = Math.floor(ms);
  return Number.isSafeInteger(floor) ? Math.max(0, floor) : 0;
}
