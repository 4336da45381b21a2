// Linux's own console, as far as it differs from other terminals (console_codes(4)).

import type { CellPixels } from "./row.ts";

/** Awake, never to be blanked or put to sleep; UTF-8, no cursor. */
export const WAKE = "\x1b[13]\x1b[9;0]\x1b[14;0]\x1b%G\x1b[?25l";
/** Nothing of what was shown stays, nor above the screen. No cursor blinks on it. */
export const CLEAN = "\x1b[0m\x1b[H\x1b[2J\x1b[3J\x1b[?25l";

/** "…-Terminus24x12.psf.gz" has cells 24 high and 12 wide; one number alone is a height, and eight wide. */
export function fontCell(file: string): CellPixels | undefined {
  const sides = /(\d{1,2})(?:x(\d{1,2}))?\.psf/.exec(file);
  return sides ? { wide: Number(sides[2] ?? 8), high: Number(sides[1]) } : undefined;
}
