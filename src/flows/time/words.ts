// What time rests on here, in words.

import type { Desk } from "../../ui.ts";
import { nowOf, type Session } from "../session.ts";

/** One sentence: what windows and waits count on this machine. */
export function clockWords({ ports: { clock, machine } }: Desk): string {
  if (machine.kind === "simulator")
    return "Windows and waits count the time that this computer is on, and by its clock the time that it was off.";
  return clock.chipMs
    ? "Windows and waits count the time by a clock chip, which runs on while this device is off."
    : "This device has no clock that runs on: windows and waits count the time that it is on; windows what block headers prove as well.";
}

/** Further apart than this the machine's clock is spoken of. */
const APART_MS = 600_000;

/** That the machine's clock says something else than the date here; undefined where it does not, or has no chip. */
export function clockNote({ ports: { clock } }: Desk, session: Session): string | undefined {
  // Without a chip its clock is what was reckoned, and nothing else.
  if (clock.reached && !clock.chipMs) return undefined;
  const apart = Math.floor(clock.wallMs()) - nowOf(session).dateMs;
  if (Math.abs(apart) <= APART_MS) return undefined;
  const where = apart > 0 ? "ahead of" : "behind";
  return `The machine's clock is ${spanWords(Math.abs(apart))} ${where} the date here. Nothing is counted by it.`;
}

const UNITS = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1000],
] as const;

/** "4 days, 3 hours": its two largest units, rounded down; "0 seconds" below one. */
export function spanWords(ms: number): string {
  const first = Math.max(
    0,
    UNITS.findIndex(([, unit]) => ms >= unit),
  );
  const from = ms < 1000 ? UNITS.length - 1 : first;
  const parts: string[] = [];
  let left = ms;
  for (const [name, unit] of UNITS.slice(from, from + 2)) {
    const count = Math.floor(left / unit);
    left -= count * unit;
    if (count > 0 || parts.length === 0) parts.push(`${count} ${name}${count === 1 ? "" : "s"}`);
  }
  return parts.join(", ");
}
