// What may go into a new key, each as its raw bytes, what it is counted for, and how its health test ended.

import { sha256 } from "@noble/hashes/sha2.js";
import { toHex } from "../../bytes.ts";
import type { Random } from "../../ports.ts";
import { refuse } from "../../refusal.ts";
import { utf8 } from "../../text.ts";
import { refuseDead, type Source } from "../entropy.ts";
import type { CameraChance } from "./camera.ts";
import { CLAIMS, type Claim, healthOf } from "./health.ts";
import { type Rolls, refuseUnrolled } from "./rolls.ts";

export interface Given extends Source {
  /** Min-entropy that it is counted for, bits; whatever it has, it can only add. */
  readonly bits: number;
  /** "passed" its health tests; "short": too few samples to judge; "none": nothing is claimed, nothing tested. */
  readonly health: "passed" | "short" | "none";
}

/** Of each generator: as much as the longest key needs, twice. */
const KERNEL_BYTES = 64;
export const HARDWARE_BYTES = 128;

/** Throws Refusal keys.entropy-dead. */
export function kernelGiven(random: Random): Given {
  const bytes = random.bytes(KERNEL_BYTES);
  const source = { name: "random", bytes };
  refuseDead(source);
  return { ...source, bits: 8 * KERNEL_BYTES, health: "passed" };
}

/** A generator of the machine's own, by its port's name; HARDWARE_BYTES of it. Throws Refusal birth.dead-source. */
export function hardwareGiven(name: string, bytes: Uint8Array): Given {
  return { name, bytes, ...tested(name, bytes, CLAIMS.hardware) };
}

export function cameraGiven({ digest, bits }: CameraChance): Given {
  return { name: "camera", bytes: digest, bits: Math.floor(bits), health: "passed" };
}

/** `typed`: faces in ASCII. Throws as refuseUnrolled. */
export function rollsGiven(rolls: Rolls, typed: Uint8Array): Given {
  refuseUnrolled(rolls, typed);
  const bits = Math.floor(rolls.claim.bitsPerSample * typed.length);
  return { name: rolls.name, bytes: typed, bits, health: "passed" };
}

/** What a person typed, as UTF-8: nobody can say what it is worth, so it counts for nothing. */
export function typedGiven(text: string): Given {
  return { name: "typed", bytes: utf8(text), bits: 0, health: "none" };
}

/** When each key came, ms: 64-bit floats, big-endian. Throws Refusal birth.dead-source. */
export function timingGiven(timesMs: readonly number[]): Given {
  const bytes = new Uint8Array(8 * timesMs.length);
  const view = new DataView(bytes.buffer);
  for (const [i, timeMs] of timesMs.entries()) view.setFloat64(8 * i, timeMs);
  const gaps = timesMs.slice(1).map((timeMs, i) => Math.round(1000 * (timeMs - timesMs[i]!)) & 255);
  return { name: "timing", bytes, ...tested("timing", gaps, CLAIMS.timing) };
}

function tested(name: string, samples: ArrayLike<number>, claim: Claim): Pick<Given, "bits" | "health"> {
  const health = healthOf(samples, claim);
  if (health === "too-few") return { bits: 0, health: "short" };
  if (health !== "passed") refuse("birth.dead-source", `${name}: ${health}`);
  return { bits: Math.floor(claim.bitsPerSample * samples.length), health };
}

/** Words drawn from a hat, all but the last. Throws Refusal birth.dead-source. */
export function refuseUndrawn(words: Uint16Array): void {
  const health = healthOf(words, CLAIMS.word);
  if (health === "repetition" || health === "proportion") refuse("birth.dead-source", `words: ${health}`);
}

/** What went in, as a person can check it: all but the bytes themselves. */
export interface TranscriptLine {
  readonly name: string;
  readonly length: number;
  readonly bits: number;
  readonly health: Given["health"];
  /** Of the source's bytes, hex. */
  readonly sha256: string;
}

export function transcriptOf(given: readonly Given[]): readonly TranscriptLine[] {
  return given.map(({ name, bytes, bits, health }) => ({
    name,
    length: bytes.length,
    bits,
    health,
    sha256: toHex(sha256(bytes)),
  }));
}
