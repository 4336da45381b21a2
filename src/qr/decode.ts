// What every decoder gives, and what its text is.

import type { Read } from "../model.ts";
import { fromUtf8 } from "../text.ts";
import type { Frame } from "./frame.ts";

/** The one code found in a frame, or undefined. May throw for inner faults: its thread is then thrown away. */
export type Decode = (frame: Frame) => Read | undefined;

/**
 * The exact bytes of a symbol, with their text: strict UTF-8, otherwise one character a byte.
 * Never what a decoder guesses: the same bytes give the same text whoever read them.
 */
export function readOf(bytes: Uint8Array): Read {
  return { text: fromUtf8(bytes) ?? Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""), bytes };
}
