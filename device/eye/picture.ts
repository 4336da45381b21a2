// A picture file's bytes → a frame. The only place where file formats are known.
// Rule: whatever the bytes are, a Frame within LIMITS comes out or a DamagedPicture is thrown.

import jpeg from "jpeg-js";
import { PNG } from "pngjs";
import { LIMITS } from "../../src/limits.ts";
import type { Frame } from "../../src/qr/frame.ts";
import { readPgm } from "./pgm.ts";
import { checkedSize, DamagedPicture } from "./size.ts";

/** PNG, JPEG or PGM, told apart by how they begin. Throws DamagedPicture. */
export function readPicture(bytes: Uint8Array): Frame {
  if (bytes.length > LIMITS.pictureBytes) throw new DamagedPicture("a larger file than is taken");
  if (startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return readPng(bytes);
  if (startsWith(bytes, [0xff, 0xd8, 0xff])) return readJpeg(bytes);
  if (startsWith(bytes, [0x50, 0x35]) || startsWith(bytes, [0x50, 0x32])) return readPgm(bytes);
  throw new DamagedPicture("neither PNG nor JPEG nor PGM");
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return bytes.length > magic.length && magic.every((byte, at) => bytes[at] === byte);
}

function readPng(bytes: Uint8Array): Frame {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < 33 || view.getUint32(12) !== 0x49484452)
    throw new DamagedPicture("a PNG without header");
  checkedSize(view.getUint32(16), view.getUint32(20));
  // The package inflates rows to the length that the header promises, but interlaced ones without a bound.
  if (bytes[28] !== 0) throw new DamagedPicture("an interlaced PNG: save it without interlacing");
  return decoded("PNG", () => {
    const { width, height, data } = PNG.sync.read(Buffer.from(bytes));
    return { width, height, luma: lumaOf(data, 4) };
  });
}

function readJpeg(bytes: Uint8Array): Frame {
  return decoded("JPEG", () => {
    const { width, height, data } = jpeg.decode(bytes, {
      useTArray: true,
      formatAsRGBA: false,
      tolerantDecoding: false,
      maxResolutionInMP: LIMITS.picturePixels / 1_000_000,
      maxMemoryUsageInMB: 512,
    });
    return { width, height, luma: lumaOf(data, 3) };
  });
}

/** The packages throw whatever they like on damaged files; the file's format is all that can be said. */
function decoded(format: string, read: () => Frame): Frame {
  let frame: Frame;
  try {
    frame = read();
  } catch (error) {
    const large = error instanceof Error && error.message.includes("limit exceeded");
    throw new DamagedPicture(large ? "a larger picture than is taken" : `a damaged ${format}`);
  }
  checkedSize(frame.width, frame.height);
  if (frame.luma.length !== frame.width * frame.height) throw new DamagedPicture(`a damaged ${format}`);
  return frame;
}

/** Brightness by ITU-R BT.601; what is transparent lies on white. */
function lumaOf(pixels: Uint8Array, channels: 3 | 4): Uint8Array {
  const luma = new Uint8Array(pixels.length / channels);
  for (let i = 0, at = 0; i < luma.length; i++, at += channels) {
    const bright = (306 * pixels[at]! + 601 * pixels[at + 1]! + 117 * pixels[at + 2]! + 512) >> 10;
    luma[i] = channels === 3 ? bright : 255 - ((255 - bright) * pixels[at + 3]!) / 255;
  }
  return luma;
}
