// The second decoder: plain JavaScript, slower, and sometimes right where the first one misses.

import jsQR from "jsqr";
import { type Decode, readOf } from "./decode.ts";
import { reduced } from "./frame.ts";

/** It takes four bytes a pixel and looks at each several times: larger frames are made smaller first. */
const MOST_PIXELS = 2_000_000;
/** It works on blocks of 8 pixels and cannot take less. */
const LEAST_SIDE = 24;

/** Inversion is the caller's look. The pixels' room is kept from frame to frame: it is most of the cost in memory. */
export function openJsqr(): Decode {
  let room = new Uint32Array();
  return (frame) => {
    const { width, height, luma } = reduced(frame, MOST_PIXELS);
    if (width < LEAST_SIDE || height < LEAST_SIDE) return undefined;
    if (room.length !== luma.length) room = new Uint32Array(luma.length);
    for (let i = 0; i < luma.length; i++) room[i] = luma[i]! * 0x010101;
    const pixels = new Uint8ClampedArray(room.buffer);
    const found = jsQR(pixels, width, height, { inversionAttempts: "dontInvert" });
    return found && found.binaryData.length > 0 ? readOf(Uint8Array.from(found.binaryData)) : undefined;
  };
}
