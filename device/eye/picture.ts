// A picture file's bytes → a frame. The only place where file formats are known.
// Rule: whatever the bytes are, a Frame within LIMITS comes out or a DamagedPicture is thrown.

import jpeg from "jpeg-js";
import { LIMITS } from "../../src/limits.ts";
import type { Frame } from "../../src/qr/frame.ts";
import { readPgm } from "./pgm.ts";
import { readPng } from "./png.ts";
import { brightness, checkedSize, DamagedPicture, formatOf } from "./size.ts";

/** Its blocks take far more than its pixels. */
const MOST_JPEG_MB = 512;

/** PNG, JPEG or PGM, told apart by how they begin. Throws DamagedPicture. */
export function readPicture(bytes: Uint8Array): Frame {
  if (bytes.length > LIMITS.pictureBytes) throw new DamagedPicture("a larger file than is taken");
  switch (formatOf(bytes)) {
    case "png":
      return readPng(bytes);
    case "jpeg":
      return readJpeg(bytes);
    case "pgm":
      return readPgm(bytes);
    case undefined:
      throw new DamagedPicture("neither PNG nor JPEG nor PGM");
  }
}

/** The package throws whatever it likes on damaged files; that they are damaged is all that can be said. */
function readJpeg(bytes: Uint8Array): Frame {
  try {
    const { width, height, data } = jpeg.decode(bytes, {
      useTArray: true,
      formatAsRGBA: false,
      tolerantDecoding: false,
      maxResolutionInMP: LIMITS.picturePixels / 1_000_000,
      maxMemoryUsageInMB: MOST_JPEG_MB,
    });
    checkedSize(width, height);
    if (data.length === 3 * width * height) return { width, height, luma: lumaOf(data) };
  } catch (error) {
    const large = error instanceof Error && error.message.includes("limit exceeded");
    throw new DamagedPicture(large ? "a larger picture than is taken" : "a damaged JPEG");
  }
  throw new DamagedPicture("a damaged JPEG");
}

function lumaOf(colours: Uint8Array): Uint8Array {
  const luma = new Uint8Array(colours.length / 3);
  for (let i = 0, at = 0; i < luma.length; i++, at += 3)
    luma[i] = brightness(colours[at]!, colours[at + 1]!, colours[at + 2]!, 255);
  return luma;
}
