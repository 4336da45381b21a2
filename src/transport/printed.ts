// A text of ours as modules for paper (ISO/IEC 18004): byte mode, level M, which forgives stains.
// What is printed is believed for years, so Firn draws it itself: no cage is asked what stands in it.

import { utf8 } from "../text.ts";
import { blocksOf, withCorrection } from "./printed-blocks.ts";
import { type Grid, MASKS, masked, penalty, placed } from "./printed-grid.ts";
import { splitText } from "./split.ts";

export interface PrintedCode {
  /** Modules a side, no quiet zone. */
  readonly side: number;
  /** Row by row, 1 dark and 0 light. */
  readonly modules: Uint8Array;
}

/** The codes that carry a text, in order: itself in one where that stays readable, else BBQr as on the screen. */
export function printedCodes(text: string): readonly PrintedCode[] {
  return splitText(text, "medium").texts.map((part) => printedCode(part));
}

const LARGEST = 40;

/** In the smallest version that holds it. `mask`: 0 to 7; absent: the one with the least penalty. */
export function printedCode(text: string, mask?: number): PrintedCode {
  const bytes = utf8(text);
  const version = versionFor(bytes.length);
  const bits = placed(version, withCorrection(dataOf(bytes, version), version));
  const grids = (mask === undefined ? MASKS : [mask]).map((number) => masked(bits, number));
  const best = grids.reduce((least, grid) => (penalty(grid) < penalty(least) ? grid : least));
  return { side: best.side, modules: modulesOf(best) };
}

function modulesOf({ modules }: Grid): Uint8Array {
  return Uint8Array.from(modules, (module) => module & 1);
}

function versionFor(length: number): number {
  for (let version = 1; version <= LARGEST; version++) if (room(version) >= length) return version;
  throw new Error(`${length} bytes in one code`);
}

/** The length takes one byte below version 10, else two. */
function lengthOf(count: number, version: number): readonly number[] {
  return version < 10 ? [count] : [count >> 8, count & 255];
}

/** Bytes that fit: mode and end share one with each other. */
function room(version: number): number {
  return blocksOf(version).data - lengthOf(0, version).length - 1;
}

/** Mode 0100, length, bytes, four zero bits, and pad bytes by turns. */
function dataOf(bytes: Uint8Array, version: number): Uint8Array {
  // All of it stands half a byte off: the mode takes four bits, and so do the zeros at the end.
  const whole = [...lengthOf(bytes.length, version), ...bytes];
  const nibbles = [4, ...whole.flatMap((byte) => [byte >> 4, byte & 15]), 0];
  const out = new Uint8Array(blocksOf(version).data);
  const used = nibbles.length >> 1;
  for (let i = 0; i < used; i++) out[i] = (nibbles[2 * i]! << 4) | nibbles[2 * i + 1]!;
  for (let i = used; i < out.length; i++) out[i] = (i - used) % 2 === 0 ? 0xec : 0x11;
  return out;
}
