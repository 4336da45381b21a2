// Which decoder looks at a frame, how, and when. Values and pure functions; the threads are device/eye's.

import type { Look } from "./frame.ts";

export interface Rung {
  readonly decoder: "zxing" | "jsqr";
  readonly look: Look;
}

/**
 * Picture files: every rung in turn until one reads, so that the same file always gives the same text.
 * Without zxing (wasm refused) jsqr looks at the inverted frame too.
 */
export function wholeLadder(withZxing: boolean): readonly Rung[] {
  const inverted: Rung = { decoder: withZxing ? "zxing" : "jsqr", look: "inverted" };
  const second: readonly Rung[] = [
    { decoder: "jsqr", look: "plain" },
    { decoder: "jsqr", look: "mean" },
  ];
  return withZxing ? [{ decoder: "zxing", look: "plain" }, inverted, ...second] : [...second, inverted];
}

/** What a live camera's frames have cost so far, in ms of CPU. */
export interface Effort {
  /** Frames missed since the last one that was read. */
  readonly misses: number;
  readonly firstMs: number;
  /** The first decoder's looks at inverted frames, and all that the second one did. */
  readonly restMs: number;
  readonly secondTries: number;
  /** What one try of the second decoder usually takes. */
  readonly usualMs: number;
}

export const NO_EFFORT: Effort = { misses: 0, firstMs: 0, restMs: 0, secondTries: 0, usualMs: 60 };

/** Everything beside the first decoder's plain look may use this share of what that has used. */
const SHARE = 0.3;

export function afterFirst(effort: Effort, look: Look, cpuMs: number, read: boolean): Effort {
  const plain = look === "plain";
  return {
    ...effort,
    misses: read ? 0 : effort.misses + (plain ? 1 : 0),
    firstMs: effort.firstMs + (plain ? cpuMs : 0),
    restMs: effort.restMs + (plain ? 0 : cpuMs),
  };
}

export function afterSecond(effort: Effort, cpuMs: number): Effort {
  return {
    ...effort,
    restMs: effort.restMs + cpuMs,
    secondTries: effort.secondTries + 1,
    usualMs: (effort.usualMs + cpuMs) / 2,
  };
}

/** Every fourth frame that was missed is seen inverted as well. */
export function wantsInverted(effort: Effort): boolean {
  return effort.misses > 0 && effort.misses % 4 === 0;
}

/** What the second decoder may use now, ms: its time is up when that is used. Never below zero. */
export function creditMs(effort: Effort): number {
  return Math.max(0, SHARE * effort.firstMs - effort.restMs);
}

/** The second decoder's next look, or undefined while its credit is less than twice what it usually takes. */
export function secondLook(effort: Effort): Look | undefined {
  if (creditMs(effort) < 2 * effort.usualMs) return undefined;
  return effort.secondTries % 2 === 0 ? "plain" : "mean";
}

/** jsqr's look where it works alone: plain and mean in turn, inverted on every fourth miss. */
export function aloneLook(effort: Effort): Look {
  if (effort.misses % 4 === 3) return "inverted";
  return effort.misses % 2 === 0 ? "plain" : "mean";
}
