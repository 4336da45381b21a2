// What shares are called: on the screen where one is entered, and in the record of those that were tried.
// The name says the set too, so that no share of another set has it.

import type { Codex32, Share } from "../../keys/index.ts";

/** "set 25653, group 1, share 2": the set's number is what its shares call it (SLIP-39, identifier). */
export function slip39ShareName({ identifier, groupIndex, memberIndex }: Share): string {
  return `set ${identifier}, group ${groupIndex + 1}, share ${memberIndex + 1}`;
}

/** "CASH, share A". */
export function codex32ShareName({ identifier, index }: Codex32): string {
  return `${identifier.toUpperCase()}, ${index === "s" ? "the secret" : `share ${index.toUpperCase()}`}`;
}

/** "part 2 of 3 (1a2b3c4d)": by the key that the part's own words would make, since a part has no other name. */
export function xorPartName(place: number, count: number, fingerprint: string): string {
  return `part ${place} of ${count} (${fingerprint})`;
}
