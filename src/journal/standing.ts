// Where a journal stands: what opening must know of all its lines beside what they add up to.

import { toHex } from "../bytes.ts";
import type { Stamp } from "../reckoning.ts";
import type { Entry } from "./entry.ts";
import { GENESIS } from "./line.ts";
import type { Gap, Place } from "./segments.ts";

/** How far the journal is known to reach: kept, sealed, outside of it. head: 64 hex digits. */
export interface Anchor {
  readonly count: number;
  readonly head: string;
}

export interface Standing {
  readonly place: Place;
  /** The latest time of any line, Unix ms. */
  readonly newestMs: number;
  /** Of the last line. */
  readonly last: Stamp | undefined;
  /** Of the last "kept" line; 0 where there is none. */
  readonly serial: number;
  /** Number of the last line that is a signature; 0 where there is none. */
  readonly attested: number;
  /** Numbers that were lost, ascending. */
  readonly gaps: readonly Gap[];
  /** The anchor that binds no longer, because the owner went on without what it remembers. */
  readonly forgiven: string;
}

export const START: Standing = {
  place: { count: 0, head: GENESIS, segment: 1, length: 0 },
  newestMs: 0,
  last: undefined,
  serial: 0,
  attested: 0,
  gaps: [],
  forgiven: "",
};

/** After one more line. */
export function after(before: Standing, entry: Entry, place: Place): Standing {
  const newestMs = Math.max(before.newestMs, entry.at);
  const { kind } = entry;
  return {
    place,
    newestMs,
    last: stampOf(entry, newestMs),
    serial: kind === "kept" || kind === "resumed" ? entry.serial : before.serial,
    attested: kind === "attested" ? place.count : before.attested,
    gaps: before.gaps,
    forgiven: kind === "resumed" ? entry.anchor : before.forgiven,
  };
}

/** Lines of before there were stamps say only what the machine's clock said: what was written since is unknown. */
function stampOf({ clock, at }: Entry, newestMs: number): Stamp {
  return { at: newestMs, ...(clock ?? { wallMs: at, onMs: 0, boot: "" }) };
}

export function anchorOf({ place }: Pick<Standing, "place">): Anchor {
  return { count: place.count, head: toHex(place.head) };
}

/** As a line says it: "812 0f3a…", or nothing. */
export function anchorText(anchor: Anchor | undefined): string {
  return anchor ? `${anchor.count} ${anchor.head}` : "";
}
