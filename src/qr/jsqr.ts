// The second decoder: plain JavaScript, slower, and sometimes right where the first one misses.

import jsQR from "jsqr";
import type { Read } from "../model.ts";
import { readOf } from "./decode.ts";
import { type Frame, reduced } from "./frame.ts";

/** It takes four bytes a pixel and looks at each several times: larger frames are made smaller first. */
const MOST_PIXELS = 2_000_000;
/** It works on blocks of 8 pixels and cannot take less. */
const LEAST_SIDE = 24;

/** The one code in the frame, or undefined. Inversion is the caller's look. */
export function decodeWithJsqr(frame: Frame): Read | undefined {
  const { width, height, luma } = reduced(frame, MOST_PIXELS);
  if (width < LEAST_SIDE || height < LEAST_SIDE) return undefined;
  const pixels = new Uint32Array(width * height);
  for (let i = 0; i < pixels.length; i++) pixels[i] = luma[i]! * 0x010101;
  const found = jsQR(new Uint8ClampedArray(pixels.buffer), width, height, {
    inversionAttempts: "dontInvert",
  });
  return found && found.binaryData.length > 0 ? readOf(Uint8Array.from(found.binaryData)) : undefined;
}
