// The console's font: that of the board's screen, so that columns and rows are what the board's data says.

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { Screen } from "../../boards/board.ts";
import type { Machine } from "./machine.ts";

const FONTS = "/usr/share/consolefonts";
const CONSOLE = "/dev/tty1";
const HIDE_CURSOR = "\u001b[?25l";
const MOST_FONT_BYTES = 1024 * 1024;
const PATIENCE_MS = 10_000;

/**
 * `unpacked`: where the font is kept as setfont can read it, for it may have nothing at hand that unpacks. Whoever has
 * the console may load another font, so the glass's unit sets this one again before each of its lives.
 */
export function setFont(machine: Machine, { font }: Pick<Screen, "font">, unpacked: string): void {
  const stored = machine.bytes(`${FONTS}/${font}`);
  if (stored === undefined) throw new Error(`no font ${font}`);
  const bytes = font.endsWith(".gz") ? gunzipSync(stored, { maxOutputLength: MOST_FONT_BYTES }) : stored;
  // Some kernels hand the screen over to the console at the first thing that is written to it.
  machine.put(CONSOLE, HIDE_CURSOR);
  writeFileSync(unpacked, bytes, { mode: 0o600 });
  execFileSync("/usr/bin/setfont", ["-C", machine.at(CONSOLE), unpacked], {
    timeout: PATIENCE_MS,
    stdio: "ignore",
  });
}
