// How large a picture may be.

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
