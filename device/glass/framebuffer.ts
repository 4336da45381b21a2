// A framebuffer: what the kernel says of it, and pixels written to it as people see them, turned as the console turns
// its text. Plain reads and writes at positions: no ioctl.

import { closeSync, openSync, readFileSync, readSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Frame } from "../../src/qr/frame.ts";

/** Clockwise, degrees: how the picture is turned before it goes to the panel. */
export type Turned = 0 | 90 | 180 | 270;

export interface Geometry {
  /** As it lies in memory, pixels. */
  readonly width: number;
  readonly height: number;
  /** Bytes from a row to the next. */
  readonly stride: number;
  /** 16: RGB565. 32: XRGB8888. */
  readonly bits: 16 | 32;
  readonly turned: Turned;
}

/** Larger ones are no screen of ours, and 64 MiB at most. */
const MOST_SIDE = 4096;

/**
 * Out of sysfs' folder "graphics", for fb0. Where the console says how it is turned that counts: pixels must lie where
 * its text does; else `turned`. An answer in words says why there are no pixels.
 */
export function readGeometry(graphics: string, turned: Turned): Geometry | string {
  const say = (file: string) => firstLine(join(graphics, file));
  const size = /^(\d{1,5}),(\d{1,5})$/.exec(say("fb0/virtual_size") ?? "");
  const [width, height] = [Number(size?.[1]), Number(size?.[2])];
  const bits = Number(say("fb0/bits_per_pixel"));
  const stride = Number(say("fb0/stride"));
  const name = (say("fb0/name") ?? "").replace(/[^ -~]/g, "?");
  if (!size) return "there is no framebuffer";
  const named = `the framebuffer ${name} has ${size[0]} pixels of ${bits} bits, ${stride} bytes a row`;
  if (bits !== 16 && bits !== 32) return named;
  if (width < 1 || height < 1 || width > MOST_SIDE || height > MOST_SIDE) return named;
  if (!(Number.isInteger(stride) && stride >= (width * bits) / 8 && stride <= 8 * MOST_SIDE)) return named;
  const quarters = /^[0-3]$/.exec(say("fbcon/rotate") ?? "");
  return { width, height, stride, bits, turned: quarters ? turns(Number(quarters[0])) : turned };
}

function turns(quarters: number): Turned {
  return ([0, 90, 180, 270] as const)[quarters] ?? 0;
}

function firstLine(path: string): string | undefined {
  try {
    return readFileSync(path, "latin1").slice(0, 200).split("\n")[0]!.trim();
  } catch {
    return undefined;
  }
}

export interface Rect {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Rows of a picture as they lie in the framebuffer. */
export interface Raster extends Rect {
  readonly bytes: Uint8Array;
}

export class Framebuffer {
  readonly geometry: Geometry;
  readonly #fd: number;
  /** Each brightness as a pixel, in the framebuffer's own byte order (that of every machine here: little-endian). */
  readonly #greys: Uint16Array | Uint32Array;

  constructor(path: string, geometry: Geometry) {
    this.geometry = geometry;
    this.#greys =
      geometry.bits === 16
        ? Uint16Array.from({ length: 256 }, (_, v) => ((v >> 3) << 11) | ((v >> 2) << 5) | (v >> 3))
        : Uint32Array.from({ length: 256 }, (_, v) => 0xff000000 + v * 0x010101);
    this.#fd = openSync(path, "r+");
  }

  /** As people see it. */
  get size(): { readonly width: number; readonly height: number } {
    const { width, height, turned } = this.geometry;
    return turned === 90 || turned === 270 ? { width: height, height: width } : { width, height };
  }

  /** A picture at a place that people see there, which lies within the screen. */
  raster(frame: Frame, left: number, top: number): Raster {
    const { turned, bits } = this.geometry;
    const { width, height, luma } = turnedFrame(frame, turned);
    const pixels = bits === 16 ? new Uint16Array(luma.length) : new Uint32Array(luma.length);
    for (let at = 0; at < luma.length; at++) pixels[at] = this.#greys[luma[at]!]!;
    const lies = this.#lies({ left, top, width: frame.width, height: frame.height });
    return { ...lies, width, height, bytes: new Uint8Array(pixels.buffer) };
  }

  /** Writes the rows that `before`, which lies at the same place, has otherwise. */
  write(raster: Raster, before?: Raster): void {
    const length = this.#rowBytes(raster);
    for (let row = 0; row < raster.height; row++) {
      const from = row * length;
      const bytes = raster.bytes.subarray(from, from + length);
      if (before && Buffer.compare(bytes, before.bytes.subarray(from, from + length)) === 0) continue;
      writeSync(this.#fd, bytes, 0, length, this.#position(raster, row));
    }
  }

  blacken({ left, top, width, height }: Rect): void {
    const { bits } = this.geometry;
    this.write({ left, top, width, height, bytes: Buffer.alloc((width * height * bits) / 8) });
  }

  /** Whether the row of the raster stands on the screen. */
  stands(raster: Raster, row: number): boolean {
    const length = this.#rowBytes(raster);
    const there = Buffer.alloc(length);
    readSync(this.#fd, there, 0, length, this.#position(raster, row));
    return there.equals(raster.bytes.subarray(row * length, (row + 1) * length));
  }

  close(): void {
    closeSync(this.#fd);
  }

  #rowBytes({ width }: Rect): number {
    return (width * this.geometry.bits) / 8;
  }

  #position({ left, top }: Rect, row: number): number {
    return (top + row) * this.geometry.stride + (left * this.geometry.bits) / 8;
  }

  /** Where the corner of a place lies that people see there. */
  #lies({ left, top, width, height }: Rect): { readonly left: number; readonly top: number } {
    const { width: across, height: down, turned } = this.geometry;
    if (turned === 90) return { left: across - top - height, top: left };
    if (turned === 180) return { left: across - left - width, top: down - top - height };
    if (turned === 270) return { left: top, top: down - left - width };
    return { left, top };
  }
}

/** The frame turned clockwise. */
function turnedFrame(frame: Frame, turned: Turned): Frame {
  const { width, height, luma } = frame;
  if (turned === 0) return frame;
  if (turned === 180) return { width, height, luma: luma.slice().reverse() };
  const out = new Uint8Array(luma.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = turned === 90 ? x * height + (height - 1 - y) : (width - 1 - x) * height + y;
      out[at] = luma[y * width + x]!;
    }
  return { width: height, height: width, luma: out };
}
