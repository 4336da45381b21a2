// What is wrong with what a camera sees: no light, no focus, a picture that stands still.
// Rule: a hint, never a verdict. It waits until it has lasted, and a code that was read proves it wrong.

import type { Frame } from "../../src/qr/frame.ts";
import type { Reason } from "../../src/refusal.ts";

/** All of brightness, 0 to 255. */
export interface Measure {
  /** The 99th percentile: how bright the brightest things are. */
  readonly bright: number;
  /** How much two points FAR apart differ at most (99th percentile), without what noise alone gives. */
  readonly contrast: number;
  /** The same NEAR to each other: an edge in focus changes all at once, a blurred one little by little. */
  readonly detail: number;
  /** What noise alone gives. */
  readonly grain: number;
}

const NEAR = 2;
const FAR = 16;
/** Of the normal distribution: where its absolute values have their 40th and their 99th percentile. */
const Z40 = 0.5244;
const Z99 = 2.5758;
/** Rows that are looked at, in pairs: enough for a percentile, and half a millisecond's work. */
const ROWS = 120;

/** Of pairs of rows, so that noise and steps of one level count less. */
export function measured({ width, height, luma }: Frame): Measure {
  const bright = new Uint32Array(511);
  const near = new Uint32Array(511);
  const far = new Uint32Array(511);
  const step = Math.max(2, Math.floor(height / ROWS));
  for (let y = 0; y + 1 < height; y += step) {
    const end = (y + 1) * width;
    for (let at = y * width; at < end; at++) {
      const here = luma[at]! + luma[at + width]!;
      bright[here]!++;
      if (at + NEAR < end) near[Math.abs(luma[at + NEAR]! + luma[at + NEAR + width]! - here)]!++;
      if (at + FAR < end) far[Math.abs(luma[at + FAR]! + luma[at + FAR + width]! - here)]!++;
    }
  }
  // Most of a picture is smooth: what differs there is noise.
  const grain = (percentile(near, 0.4) / Z40) * Z99;
  const without = (value: number) => Math.sqrt(Math.max(0, value ** 2 - grain ** 2));
  return {
    bright: percentile(bright, 0.99),
    contrast: without(percentile(far, 0.99)),
    detail: without(percentile(near, 0.99)),
    grain,
  };
}

/** Of sums of two, so half of it; between two steps in proportion. */
function percentile(counts: Uint32Array, share: number): number {
  let left = share * counts.reduce((sum, count) => sum + count, 0);
  for (const [value, count] of counts.entries()) {
    if (left <= count) return (value + (count === 0 ? 0 : left / count)) / 2;
    left -= count;
  }
  return 0;
}

type Trouble = "dark" | "frozen" | "blurred";

/** In the order in which they are said, with the time that they must have lasted: a camera finds its exposure first. */
const LASTS_MS: Readonly<Record<Trouble, number>> = { dark: 2000, frozen: 5000, blurred: 3000 };
/** How often a frame is measured. */
const EVERY_MS = 400;
/** Where not one pixel in a hundred is brighter. A covered lens gives 16 to 40, noise included; a dim code 80. */
const DARK = 40;
/** Less than this, or hardly more than noise, is a wall: nothing is there that could be sharp. */
const LEAST_CONTRAST = 30;
const CONTRAST_OVER_GRAIN = 2.5;
/**
 * Detail over contrast: 1 at a perfect edge, 0.55 as a good lens gives it, 0.35 where small codes begin to be lost
 * (blur of 2 pixels), 0.26 at 3 pixels.
 */
const BLURRED = 0.28;
/** What was said is taken back where it is this much better, so that it does not flicker. */
const BETTER = 1.25;

export class Seeing {
  readonly #since: Partial<Record<Trouble, number>> = {};
  #measuredMs = Number.NEGATIVE_INFINITY;
  #said: Trouble | undefined;
  #kept: Uint8Array | undefined;

  /** What is wrong now, if anything. Each frame, please; most cost nothing. */
  see(frame: Frame, nowMs: number): Reason | undefined {
    if (nowMs - this.#measuredMs >= EVERY_MS) {
      this.#measuredMs = nowMs;
      this.#judge(frame, nowMs);
    }
    return this.#said && `transport.camera-${this.#said}`;
  }

  /** A code was read: whatever was said is wrong. */
  read(): void {
    for (const trouble of ["dark", "frozen", "blurred"] as const) delete this.#since[trouble];
    this.#said = undefined;
  }

  #judge(frame: Frame, nowMs: number): void {
    const measure = measured(frame);
    const holds = {
      dark: measure.bright < DARK * (this.#said === "dark" ? BETTER : 1),
      frozen: this.#same(frame),
      blurred: isBlurred(measure, this.#said === "blurred" ? BETTER : 1),
    };
    const lasting = (trouble: Trouble) => {
      if (!holds[trouble]) delete this.#since[trouble];
      else this.#since[trouble] ??= nowMs;
      const since = this.#since[trouble];
      return since !== undefined && nowMs - since >= LASTS_MS[trouble];
    };
    const all = (["dark", "frozen", "blurred"] as const).filter(lasting);
    this.#said = all[0];
  }

  /** A sensor's noise never comes twice. Every fourth row is compared. */
  #same({ width, height, luma }: Frame): boolean {
    const rows = Math.ceil(height / 4);
    const before = this.#kept?.length === rows * width ? this.#kept : undefined;
    const kept = before ?? new Uint8Array(rows * width);
    let same = before !== undefined;
    for (let row = 0; row < rows; row++) {
      const line = luma.subarray(4 * row * width, (4 * row + 1) * width);
      if (same && Buffer.compare(line, kept.subarray(row * width, (row + 1) * width)) === 0) continue;
      same = false;
      kept.set(line, row * width);
    }
    this.#kept = kept;
    return same;
  }
}

function isBlurred({ contrast, detail, grain }: Measure, better: number): boolean {
  const least = Math.max(LEAST_CONTRAST, CONTRAST_OVER_GRAIN * grain) / better;
  return contrast >= least && detail < BLURRED * better * contrast;
}
