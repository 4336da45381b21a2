// A camera's stream of bytes, cut into frames of one fixed size; of each only the brightness is kept.
// Rule: nothing is made for a frame but at the beginning. Frames live in a few places that are used again.

import type { Frame } from "../../src/qr/frame.ts";
import type { FrameShape } from "../boards/board.ts";

/** The newest, one under each decoder, and the one that is being filled. */
const PLACES = 4;

export class Cutter {
  readonly #shape: FrameShape;
  readonly #places: readonly Frame[];
  readonly #inUse: (frame: Frame) => boolean;
  #into: Frame;
  /** Bytes of the present frame that have come. */
  #at = 0;

  /** `inUse`: frames that were handed out and may not be filled anew yet, at most three. */
  constructor(shape: FrameShape, inUse: (frame: Frame) => boolean) {
    const { width, height, frameBytes, layout } = shape;
    const pixels = width * height;
    if (frameBytes < (layout === "planar" ? pixels : 2 * pixels)) throw new Error("a frame without room");
    this.#shape = shape;
    this.#inUse = inUse;
    // Shared with every decoder's thread instead of copied to each.
    this.#places = Array.from({ length: PLACES }, () => ({
      ...{ width, height },
      luma: new Uint8Array(new SharedArrayBuffer(pixels)),
    }));
    this.#into = this.#places[0]!;
  }

  /** Whether part of a frame has come. */
  get within(): boolean {
    return this.#at > 0;
  }

  /** The next byte begins a frame; what came of the last one is dropped. */
  restart(): void {
    this.#at = 0;
  }

  /** Calls `take` with each frame that `chunk` finishes. */
  push(chunk: Uint8Array, take: (frame: Frame) => void): void {
    const { frameBytes } = this.#shape;
    for (let from = 0; from < chunk.length; ) {
      const piece = chunk.subarray(from, from + Math.min(chunk.length - from, frameBytes - this.#at));
      this.#keep(piece);
      from += piece.length;
      this.#at += piece.length;
      if (this.#at < frameBytes) return;
      this.#at = 0;
      take(this.#into);
      this.#into = this.#places.find((place) => !this.#inUse(place)) ?? this.#into;
    }
  }

  #keep(piece: Uint8Array): void {
    const { luma } = this.#into;
    if (this.#shape.layout === "planar") {
      const room = luma.length - this.#at;
      if (room > 0) luma.set(room < piece.length ? piece.subarray(0, room) : piece, this.#at);
      return;
    }
    // Brightness stands at the even places of the frame.
    const first = this.#at & 1;
    let to = (this.#at + 1) >> 1;
    for (let from = first; from < piece.length && to < luma.length; from += 2) luma[to++] = piece[from]!;
  }
}
