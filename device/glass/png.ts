// A picture of the screen, and of codes, as PNG files.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { PNG } from "pngjs";
import type { CodeLoop, Picture, Size } from "../../src/model.ts";
import { drawCode, paint } from "../../src/qr/draw.ts";
import { layout } from "./layout.ts";
import { type Cell, paintRow } from "./paint.ts";

/** A cell of the screen, pixels: half of its height is its width, so that modules are square. */
const WIDE = 8;
const HIGH = 16;
/** Pixels a module in a picture of a code. */
const MODULE = 8;

type Grey = { readonly width: number; readonly height: number; readonly luma: Uint8Array };
/** Fourteen rows of eight characters a glyph, "-" for ink. */
type Glyphs = Readonly<Record<string, { readonly map: readonly string[] } | undefined>>;

/** One code of a loop, dark on light with its whole quiet zone, eight pixels a module. */
export function codePng(loop: CodeLoop, index: number): Uint8Array {
  return greyPng(paint(drawCode(loop.texts[index]!, loop), MODULE));
}

function greyPng({ width, height, luma }: Grey): Uint8Array {
  const png = new PNG({ width, height });
  for (let at = 0; at < luma.length; at++) png.data.fill(luma[at]!, 4 * at, 4 * at + 3);
  return encode(png);
}

/** The screen as the terminal draws it, in the Terminus font that blessed carries (SIL Open Font License). */
export function picturePng(picture: Picture, size: Size): Uint8Array {
  const glyphs = loadGlyphs();
  const png = new PNG({ width: size.columns * WIDE, height: size.rows * HIGH });
  for (const [y, spans] of layout(picture, size).entries())
    for (const [x, cell] of paintRow(spans, size.columns).entries()) paintCell(png, x, y, cell, glyphs);
  return encode(png);
}

function encode(png: PNG): Uint8Array {
  for (let at = 3; at < png.data.length; at += 4) png.data[at] = 255;
  return PNG.sync.write(png);
}

function loadGlyphs(): Glyphs {
  const path = createRequire(import.meta.url).resolve("blessed/usr/fonts/ter-u14n.json");
  return (JSON.parse(readFileSync(path, "utf8")) as { glyphs: Glyphs }).glyphs;
}

function paintCell(png: PNG, column: number, line: number, { char, paint }: Cell, glyphs: Glyphs): void {
  const [ink, ground] = [rgb(paint.ink), rgb(paint.ground)];
  for (let y = 0; y < HIGH; y++)
    for (let x = 0; x < WIDE; x++) {
      const colour = isInk(char, x, y, glyphs) ? ink : ground;
      png.data.set(colour, 4 * ((line * HIGH + y) * png.width + column * WIDE + x));
    }
}

function isInk(char: string, x: number, y: number, glyphs: Glyphs): boolean {
  if (char === "█") return true;
  if (char === "▀") return y < HIGH / 2;
  if (char === "▄") return y >= HIGH / 2;
  // Fourteen rows of glyph in the middle of sixteen.
  return glyphs[char]?.map[y - 1]?.[x] === "-";
}

/** The 256-colour palette from 16 on: a cube of six levels a channel, then 24 greys. */
function rgb(colour: number): [number, number, number] {
  if (colour >= 232) {
    const level = Math.round(((colour - 232) / 23) * 255);
    return [level, level, level];
  }
  const level = (step: number) => (step === 0 ? 0 : 55 + 40 * step);
  const at = colour - 16;
  return [level(Math.floor(at / 36)), level(Math.floor(at / 6) % 6), level(at % 6)];
}
