// The middle of a frame, pixel for pixel.

import type { Frame } from "../../src/qr/frame.ts";

/** At most `most` columns and rows, none of them changed: noise that is averaged is lost. */
export function middle(frame: Frame, most: number): Frame {
  const width = Math.min(frame.width, most);
  const height = Math.min(frame.height, most);
  const left = (frame.width - width) >> 1;
  const top = (frame.height - height) >> 1;
  const luma = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const from = (top + y) * frame.width + left;
    luma.set(frame.luma.subarray(from, from + width), y * width);
  }
  return { width, height, luma };
}
