// Screens that boards have, as made-up framebuffers: a plain file for the pixels, a folder for what sysfs says of it.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Turned } from "../../device/glass/framebuffer.ts";
import type { CellPixels } from "../../device/glass/row.ts";
import type { Frame } from "../../src/qr/frame.ts";

export interface MadeUpScreen {
  /** As it lies in memory. */
  readonly width: number;
  readonly height: number;
  readonly bits: 16 | 32;
  /** Bytes after each row that belong to no pixel. */
  readonly padding?: number;
  readonly turned?: Turned;
  readonly font: CellPixels;
}

export const FONTS = {
  small: { wide: 6, high: 12 },
  middle: { wide: 8, high: 16 },
  large: { wide: 16, high: 32 },
} as const;

/** From the smallest panel to a monitor. */
export const SCREENS: Readonly<Record<string, MadeUpScreen>> = {
  "240x240": { width: 240, height: 240, bits: 16, font: FONTS.small },
  "320x240": { width: 320, height: 240, bits: 16, font: FONTS.middle },
  "240x320 turned": { width: 240, height: 320, bits: 16, turned: 90, font: FONTS.middle },
  "480x320 overhead": { width: 480, height: 320, bits: 16, padding: 64, turned: 180, font: FONTS.middle },
  "800x480": { width: 800, height: 480, bits: 32, font: FONTS.middle },
  "800x480 turned": { width: 800, height: 480, bits: 32, turned: 270, font: FONTS.middle },
  "1024x600": { width: 1024, height: 600, bits: 32, padding: 128, font: FONTS.large },
  "1366x768": { width: 1366, height: 768, bits: 32, padding: 40, font: FONTS.large },
  "1920x1080": { width: 1920, height: 1080, bits: 32, font: FONTS.large },
};

/** The console's columns and rows on it, as the kernel works them out. */
export function consoleOf({ width, height, turned = 0, font }: MadeUpScreen) {
  const [across, down] = turned % 180 === 0 ? [width, height] : [height, width];
  return { columns: Math.floor(across / font.wide), rows: Math.floor(down / font.high) };
}

export interface Made {
  readonly graphics: string;
  readonly node: string;
  /** What a person sees, 0 to 255. Fails where a pixel is no grey, or a byte beside the rows was touched. */
  seen(): Frame;
  remove(): void;
}

const UNTOUCHED = 0xa5;

export function makeScreen(screen: MadeUpScreen): Made {
  const at = mkdtempSync(join(tmpdir(), "firn-screen-"));
  const { width, height, bits, padding = 0, turned = 0 } = screen;
  const stride = (width * bits) / 8 + padding;
  mkdirSync(join(at, "fb0"));
  mkdirSync(join(at, "fbcon"));
  const say = (name: string, text: string) => writeFileSync(join(at, name), `${text}\n`);
  say("fb0/virtual_size", `${width},${height}`);
  say("fb0/bits_per_pixel", String(bits));
  say("fb0/stride", String(stride));
  say("fb0/name", "madeupdrmfb");
  say("fbcon/rotate", String(turned / 90));
  const memory = Buffer.alloc(stride * height, UNTOUCHED);
  for (let y = 0; y < height; y++) memory.fill(0, y * stride, y * stride + (width * bits) / 8);
  writeFileSync(join(at, "node"), memory);
  const node = join(at, "node");
  const remove = () => rmSync(at, { recursive: true, force: true });
  return { graphics: at, node, seen: () => seen(readFileSync(node), screen, stride), remove };
}

/** Where a point of what people see lies in memory, by the console's own rules for its text. */
function lies({ width, height, turned = 0 }: MadeUpScreen, x: number, y: number): readonly [number, number] {
  if (turned === 90) return [width - 1 - y, x];
  if (turned === 180) return [width - 1 - x, height - 1 - y];
  return turned === 270 ? [y, height - 1 - x] : [x, y];
}

function offset(screen: MadeUpScreen, x: number, y: number): number {
  const { width, bits, padding = 0 } = screen;
  const [column, row] = lies(screen, x, y);
  return row * ((width * bits) / 8 + padding) + (column * bits) / 8;
}

/** One grey point where people see it. */
export function place(memory: Buffer, screen: MadeUpScreen, x: number, y: number, luma: number): void {
  const at = offset(screen, x, y);
  if (screen.bits === 32) memory.writeUInt32LE(luma * 0x010101, at);
  else memory.writeUInt16LE(((luma >> 3) << 11) | ((luma >> 2) << 5) | (luma >> 3), at);
}

function seen(memory: Buffer, screen: MadeUpScreen, stride: number): Frame {
  const { width, height, bits, turned = 0 } = screen;
  if (memory.length !== stride * height) throw new Error("the framebuffer has another length");
  for (let y = 0; y < height; y++)
    for (let at = y * stride + (width * bits) / 8; at < (y + 1) * stride; at++)
      if (memory[at] !== UNTOUCHED) throw new Error("bytes beside the rows were touched");
  const [across, down] = turned % 180 === 0 ? [width, height] : [height, width];
  const luma = new Uint8Array(across * down);
  for (let y = 0; y < down; y++)
    for (let x = 0; x < across; x++) luma[y * across + x] = greyAt(memory, offset(screen, x, y), bits);
  return { width: across, height: down, luma };
}

function greyAt(memory: Buffer, at: number, bits: 16 | 32): number {
  if (bits === 32) {
    const [blue, green, red] = [memory[at]!, memory[at + 1]!, memory[at + 2]!];
    if (red !== green || green !== blue) throw new Error("a pixel that is no grey");
    return red;
  }
  const value = memory.readUInt16LE(at);
  const [red, green, blue] = [value >> 11, (value >> 5) & 63, value & 31];
  if (red !== blue || green >> 1 !== red) throw new Error("a pixel that is no grey");
  return Math.round((green * 255) / 63);
}
