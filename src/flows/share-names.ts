// What shares are called: on the screen where one is entered, and in the record of those that were tried.
// The name says the set too, so that no share of another set has it.

import type { Codex32, Share } from "../keys/index.ts";

/** "set 25653, group 1, share 2": the set's number is what its shares call it (SLIP-39, identifier). */
export function slip39ShareName({ identifier, groupIndex, memberIndex }: Share): string {
  return `set ${identifier}, group ${groupIndex + 1}, share ${memberIndex + 1}`;
}

/** "CASH, share A". */
export function codex32ShareName({ identifier, index }: Codex32): string {
  return `${identifier.toUpperCase()}, ${index === "s" ? "the secret" : `share ${index.toUpperCase()}`}`;
}
