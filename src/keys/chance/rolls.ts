// Dice and coins: how many are enough, whether they look rolled, and the recipe by which they alone make words.

import { sha256 } from "@noble/hashes/sha2.js";
import { refuse } from "../../refusal.ts";
import { CLAIMS, type Claim, healthOf, repeatsItself } from "./health.ts";

export interface Rolls {
  /** As the transcript names them. */
  readonly name: "dice" | "coins";
  /** What one roll can be, in ASCII. */
  readonly faces: string;
  readonly claim: Claim;
  /** Above so much chi-square of the faces' counts (one degree of freedom less than faces) lies 2^-20 of all chance. */
  readonly mostUneven: number;
}

export const DICE: Rolls = { name: "dice", faces: "123456", claim: CLAIMS.die, mostUneven: 35.99 };
/** 1 is heads, 0 is tails. */
export const COINS: Rolls = { name: "coins", faces: "10", claim: CLAIMS.coin, mostUneven: 24.02 };

/** ⌈bits / log2 6⌉; for 24 words the 99 that every published recipe asks for (255.9 bits). */
const DICE_FOR_WORDS: Readonly<Record<number, number>> = { 12: 50, 15: 62, 18: 75, 21: 87, 24: 99 };

/** So many rolls, and no fewer, for a phrase of 12, 15, 18, 21 or 24 words. */
export function leastRolls({ name }: Rolls, words: number): number {
  return name === "dice" ? DICE_FOR_WORDS[words]! : (words / 3) * 32;
}

/**
 * Throws Refusal birth.dead-source (a health test), birth.uneven (some faces far too often) or birth.pattern
 * (the rolls repeat themselves). `typed`: ASCII, nothing but faces.
 */
export function refuseUnrolled(rolls: Rolls, typed: Uint8Array): void {
  const health = healthOf(typed, rolls.claim);
  if (health === "repetition" || health === "proportion")
    refuse("birth.dead-source", `${rolls.name}: ${health}`);
  if (unevenness(rolls, typed) > rolls.mostUneven) refuse("birth.uneven", rolls.name);
  if (repeatsItself(typed, rolls.claim)) refuse("birth.pattern", rolls.name);
}

/** Pearson's chi-square against equally likely faces. */
function unevenness({ faces }: Rolls, typed: Uint8Array): number {
  const expected = typed.length / faces.length;
  const counts = [...faces].map((face) => typed.filter((one) => one === face.charCodeAt(0)).length);
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

/**
 * The published recipe of SeedSigner and Coldcard: SHA-256 of the rolls as one ASCII string without spaces, its
 * first `lengthBytes` bytes. Nothing else goes in.
 */
export function entropyOfRolls(typed: Uint8Array, lengthBytes: number): Uint8Array {
  return sha256(typed).slice(0, lengthBytes);
}

/** The same as a line for any shell: the entropy in hex. ROLLS stands for the rolls. */
export function shellLine(lengthBytes: number): string {
  return `printf %s ROLLS | sha256sum | cut -c1-${2 * lengthBytes}`;
}
