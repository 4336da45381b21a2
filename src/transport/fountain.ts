// Which fragments a UR part mixes (BCR-2024-001): both sides must draw the very same numbers.

import { sha256 } from "@noble/hashes/sha2.js";
import { concat, readU32be, u32be } from "../bytes.ts";

/** Doubles in [0, 1). */
export type Dice = () => number;

const TWO_32 = 0x1_0000_0000;
/** A quotient that rounds up to 1 would name a fragment past the end. */
const BELOW_ONE = 1 - 2 ** -53;

/**
 * xoshiro256** (Blackman and Vigna), seeded with SHA-256 of `seed`. The four words are kept as halves of 32
 * bits, high before low: exact, and many times as fast as BigInt. The quotient is rounded once, as the
 * reference's division of a 64-bit number by 2^64 is.
 */
export function xoshiro(seed: Uint8Array): Dice {
  const digest = sha256(seed);
  const s = Int32Array.from({ length: 8 }, (_, i) => readU32be(digest, 4 * i));
  return () => {
    const high = s[2]!;
    const low = s[3]!;
    // rotl(s1 * 5, 7) * 9, each product as a shift and a sum
    const low5 = (low << 2) + low;
    const carry5 = ((low << 2) >>> 0) + (low >>> 0) >= TWO_32 ? 1 : 0;
    const high5 = ((high << 2) | (low >>> 30)) + high + carry5;
    const high7 = (high5 << 7) | (low5 >>> 25);
    const low7 = (low5 << 7) | (high5 >>> 25);
    const low9 = ((low7 << 3) + low7) >>> 0;
    const carry9 = ((low7 << 3) >>> 0) + (low7 >>> 0) >= TWO_32 ? 1 : 0;
    const high9 = (((high7 << 3) | (low7 >>> 29)) + high7 + carry9) >>> 0;
    stir(s, (high << 17) | (low >>> 15), low << 17);
    return Math.min((high9 * TWO_32 + low9) / TWO_32 / TWO_32, BELOW_ONE);
  };
}

/** The state's step; `high` and `low` are s1 shifted left by 17. */
function stir(s: Int32Array, high: number, low: number): void {
  for (let half = 0; half < 2; half++) {
    s[4 + half]! ^= s[half]!;
    s[6 + half]! ^= s[2 + half]!;
    s[2 + half]! ^= s[4 + half]!;
    s[half]! ^= s[6 + half]!;
  }
  s[4]! ^= high;
  s[5]! ^= low;
  // rotl(s3, 45) = halves swapped, then 13
  const top = s[6]!;
  const bottom = s[7]!;
  s[6] = (bottom << 13) | (top >>> 19);
  s[7] = (top << 13) | (bottom >>> 19);
}

/** Walker's alias table over the weights 1/1 … 1/n: how many fragments a part mixes. */
export interface Degrees {
  readonly chances: Float64Array;
  readonly aliases: Uint32Array;
  /** 0 … n-1, to draw from; LIMITS.parts fits 16 bits. */
  readonly numbers: Uint16Array;
}

/** Vose's construction in the reference's order (indexes from the end, stacks popped from the end). */
export function degrees(count: number): Degrees {
  let sum = 0;
  for (let i = 1; i <= count; i++) sum += 1 / i;
  const weights = Float64Array.from({ length: count }, (_, i) => (1 / (i + 1) / sum) * count);
  const small: number[] = [];
  const large: number[] = [];
  for (let i = count - 1; i >= 0; i--) (weights[i]! < 1 ? small : large).push(i);
  const chances = new Float64Array(count).fill(1);
  const aliases = new Uint32Array(count);
  while (small.length > 0 && large.length > 0) {
    const less = small.pop()!;
    const more = large.pop()!;
    chances[less] = weights[less]!;
    aliases[less] = more;
    weights[more]! += weights[less]! - 1;
    (weights[more]! < 1 ? small : large).push(more);
  }
  return { chances, aliases, numbers: new Uint16Array(count).map((_, i) => i) };
}

export function pickDegree(table: Degrees, dice: Dice): number {
  const slot = Math.floor(table.chances.length * dice());
  return (dice() < table.chances[slot]! ? slot : table.aliases[slot]!) + 1;
}

/** Zero-based numbers of the fragments that part `seqNum` (from 1) mixes. */
export function fragmentsOf(seqNum: number, table: Degrees, crc: number): number[] {
  const count = table.chances.length;
  if (seqNum <= count) return [seqNum - 1];
  const dice = xoshiro(concat(u32be(seqNum), u32be(crc)));
  const degree = pickDegree(table, dice);
  const left = table.numbers.slice();
  const picked: number[] = [];
  while (picked.length < degree) {
    const at = Math.floor(dice() * (count - picked.length));
    picked.push(left[at]!);
    left.copyWithin(at, at + 1, count - picked.length + 1);
  }
  return picked;
}
