// Paths of keys as policies write them.

import { HARDENED } from "../limits.ts";
import type { Path } from "../model.ts";

export function writePath(path: Path): string {
  return ["m", ...path.map((step) => (step >= HARDENED ? `${step - HARDENED}h` : String(step)))].join("/");
}

/** "m/84h/0h" is under "m/84h", and under itself. */
export function isUnder(path: string, above: string): boolean {
  return path === above || path.startsWith(`${above}/`);
}
