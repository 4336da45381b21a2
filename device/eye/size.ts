// What the readers of picture files share: how large a picture may be, and how bright a colour is.

import { LIMITS } from "../../src/limits.ts";

/** The file is no picture that is taken here; the message says why, in our own words. */
export class DamagedPicture extends Error {
  constructor(why: string) {
    super(why);
    this.name = "DamagedPicture";
  }
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
