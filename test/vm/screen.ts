// What a person sees on the emulated display: the console's cells as text, glyph by glyph with no guessing, and
// codes as a camera would read them.

import { packagedWasm } from "../../device/eye/wasm.ts";
import type { Read } from "../../src/model.ts";
import type { Frame } from "../../src/qr/frame.ts";
import { openJsqr } from "../../src/qr/jsqr.ts";
import { openZxing } from "../../src/qr/zxing.ts";
import type { Font } from "./font.ts";

/** Three bytes a pixel, row by row. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

/** Stands for a cell that holds no glyph: part of a drawn picture. */
export const DRAWN = "\ufffd";

/** A screendump: PPM, binary, 8 bits. */
export function readPpm(bytes: Uint8Array): Pixels {
  const head = /^P6\s(\d+)\s(\d+)\s255\s/.exec(Buffer.from(bytes.subarray(0, 64)).toString("latin1"));
  if (!head) throw new Error("not a screendump");
  const [width, height] = [Number(head[1]), Number(head[2])];
  const rgb = bytes.subarray(head[0].length);
  if (rgb.length !== 3 * width * height) throw new Error("a screendump that is not whole");
  return { width, height, rgb };
}

/** One line a row of the console, with no blanks at the end. */
export function textOf({ width, height, rgb }: Pixels, font: Font): string[] {
  const colours = new Uint32Array(width * height);
  for (let i = 0; i < colours.length; i++)
    colours[i] = (rgb[3 * i]! << 16) | (rgb[3 * i + 1]! << 8) | rgb[3 * i + 2]!;
  const columns = Math.floor(width / font.width);
  return Array.from({ length: Math.floor(height / font.height) }, (_, row) => {
    let line = "";
    for (let column = 0; column < columns; column++)
      line += cellOf(colours, width, row * font.height * width + column * font.width, font);
    return line.trimEnd();
  });
}

function cellOf(colours: Uint32Array, across: number, at: number, font: Font): string {
  const ground = colours[at]!;
  let ink: number | undefined;
  let points = "";
  for (let y = 0; y < font.height; y++)
    for (let x = 0; x < font.width; x++) {
      const colour = colours[at + y * across + x]!;
      if (colour !== ground) {
        ink ??= colour;
        if (colour !== ink) return DRAWN;
      }
      points += colour === ground ? "0" : "1";
    }
  if (ink === undefined) return " ";
  // Which of the two colours is the ink only the glyph tells: "█" may begin at the corner.
  const turned = points.replace(/[01]/g, (point) => (point === "0" ? "1" : "0"));
  return font.glyphs.get(points) ?? font.glyphs.get(turned) ?? DRAWN;
}

export function frameOf({ width, height, rgb }: Pixels): Frame {
  const luma = new Uint8Array(width * height);
  for (let i = 0; i < luma.length; i++)
    luma[i] = (rgb[3 * i]! * 77 + rgb[3 * i + 1]! * 150 + rgb[3 * i + 2]! * 29) >> 8;
  return { width, height, luma };
}

/** The one code in a picture, by either of our decoders. */
export async function openCodeReader(): Promise<(pixels: Pixels) => Read | undefined> {
  const wasm = packagedWasm();
  if (!wasm) throw new Error("zxing's package is not the one that is known");
  const first = await openZxing(wasm);
  const second = openJsqr();
  return (pixels) => {
    const frame = frameOf(pixels);
    return first(frame) ?? second(frame);
  };
}
