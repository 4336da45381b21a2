// Chance from a camera: the noise by which a frame differs from the one before. The frames are hashed, never kept.

import { sha256 } from "@noble/hashes/sha2.js";
import { concat, toHex, u32be, wipe } from "../../bytes.ts";
import type { Reason } from "../../refusal.ts";
import { CLAIMS, healthOf } from "./health.ts";

export interface Frame {
  readonly width: number;
  readonly height: number;
  /** Brightness of each pixel, 0 to 255. */
  readonly luma: Uint8Array;
}

/** A value: each frame makes another. */
export interface CameraChance {
  /** SHA-256 over the one before (32 zero bytes at first) and the frame's own: all frames in their order. */
  readonly digest: Uint8Array;
  readonly frames: number;
  /** Measured so far, bits. */
  readonly bits: number;
  readonly last: Frame | undefined;
  /** Every frame that there was, by its digest: one that comes again gives nothing. */
  readonly known: readonly string[];
  /** Frames in a row that gave nothing, and why the last of them did not. */
  readonly idle: number;
  readonly why: "dark" | "frozen" | "quiet";
}

/** Until so much is measured nothing is taken from a camera. */
export const LEAST_CAMERA_BITS = 256;
/** However noisy a pixel is, neighbours may share their noise: at most one bit for so many pixels of a frame. */
const PIXELS_A_BIT = 256;
/** What an eye hands over of a frame; more of one that does not keep to it counts for nothing. */
const MOST_PIXELS = 128 * 128;
const MOST_IDLE = 8;
/** A minute at ten a second. */
const MOST_FRAMES = 600;
/** Where no pixel is brighter, no light comes in. */
const DARK = 32;

export const NO_FRAMES: CameraChance = {
  digest: new Uint8Array(32),
  frames: 0,
  bits: 0,
  last: undefined,
  known: [],
  idle: 0,
  why: "quiet",
};

export function addFrame(before: CameraChance, frame: Frame): CameraChance {
  const own = sha256(concat(u32be(frame.width), u32be(frame.height), frame.luma));
  const name = toHex(own.subarray(0, 16));
  const again = before.known.includes(name);
  const bits = again || before.last === undefined ? 0 : noiseBits(before.last, frame);
  const gave = bits > 0 || before.last === undefined;
  const dark = frame.luma.every((pixel) => pixel < DARK);
  return {
    digest: sha256(concat(before.digest, own)),
    frames: before.frames + 1,
    bits: before.bits + bits,
    last: frame,
    known: again ? before.known : [...before.known, name],
    idle: gave ? 0 : before.idle + 1,
    why: dark ? "dark" : again ? "frozen" : "quiet",
  };
}

/**
 * Min-entropy by the most common value (SP 800-90B 6.3.1) of the two lowest bits by which pixels differ, with a
 * ceiling that lies far below; nothing where a health test fails or the frames are of different sizes.
 */
function noiseBits(before: Frame, now: Frame): number {
  if (before.width !== now.width || before.height !== now.height) return 0;
  const samples = new Uint8Array(now.luma.length);
  const counts = [0, 0, 0, 0];
  for (let i = 0; i < samples.length; i++) {
    const sample = (now.luma[i]! - before.luma[i]!) & 3;
    samples[i] = sample;
    counts[sample]!++;
  }
  const sound = healthOf(samples, CLAIMS.pixel) === "passed";
  wipe(samples);
  if (!sound) return 0;
  const pixels = now.luma.length;
  const bitsPerPixel = Math.min(1, minEntropy(Math.max(...counts), pixels));
  return (bitsPerPixel * Math.min(pixels, MOST_PIXELS)) / PIXELS_A_BIT;
}

/** The normal distribution's 99.5th percentile: 2.576 in the standard, with more digits in its authors' program. */
const Z = 2.5758293035489008;

/** Bits a sample where the most common value came `count` times of `samples` (6.3.1). */
export function minEntropy(count: number, samples: number): number {
  const share = count / samples;
  return -Math.log2(Math.min(1, share + Z * Math.sqrt((share * (1 - share)) / (samples - 1))));
}

/** Why this camera will not do; undefined while it may. */
export function cameraProblem({ idle, frames, bits, why }: CameraChance): Reason | undefined {
  if (idle >= MOST_IDLE) return `birth.camera-${why}`;
  return frames >= MOST_FRAMES && bits < LEAST_CAMERA_BITS ? "birth.camera-quiet" : undefined;
}
