// What the readers of picture files share: how large a picture may be, and how bright a colour is.

import { LIMITS } from "../../src/limits.ts";

/** The file is no picture that is taken here; the message says why, in our own words. */
export class DamagedPicture extends Error {
  constructor(why: string) {
    super(why);
    this.name = "DamagedPicture";
  }
}

const BEGINNINGS: readonly (readonly ["png" | "jpeg" | "pgm", readonly number[]])[] = [
  ["png", [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ["jpeg", [0xff, 0xd8, 0xff]],
  ["pgm", [0x50, 0x35]],
  ["pgm", [0x50, 0x32]],
];

/** Formats are told apart by how they begin; undefined where a file is none of them. */
export function formatOf(bytes: Uint8Array): "png" | "jpeg" | "pgm" | undefined {
  const begins = (magic: readonly number[]) =>
    bytes.length > magic.length && magic.every((byte, at) => bytes[at] === byte);
  return BEGINNINGS.find(([, magic]) => begins(magic))?.[0];
}

/** Throws DamagedPicture unless both are whole, above zero and together within LIMITS.picturePixels. */
export function checkedSize(width: number, height: number): void {
  if (!(Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0))
    throw new DamagedPicture("a picture without size");
  if (width * height > LIMITS.picturePixels) throw new DamagedPicture("a larger picture than is taken");
}

/** Brightness by ITU-R BT.601; what is transparent lies on white. All 0 to 255. */
export function brightness(red: number, green: number, blue: number, alpha: number): number {
  const bright = (306 * red + 601 * green + 117 * blue + 512) >> 10;
  return alpha === 255 ? bright : 255 - Math.round(((255 - bright) * alpha) / 255);
}
