// Block headers as a clock: whoever shows six of mainnet's shows that it is not earlier than they were mined. They prove
// nothing of how much later it is: older ones than could be had are as good a proof, of less.

import { sha256 } from "@noble/hashes/sha2.js";
import { equal } from "../bytes.ts";
import type { Network } from "../model.ts";
import { refuse } from "../refusal.ts";
import { REFERENCE_BITS } from "./reference.ts";

const HEADER_BYTES = 80;
const LEAST_HEADERS = 6;
/** Difficulty may fall after this build was made: to a quarter. */
const EASIER = 4n;
/** Nodes take no block whose time is further ahead of theirs (MAX_FUTURE_BLOCK_TIME): so much earlier it was at most. */
const AHEAD_MS = 2 * 3_600_000;

export interface TimeProof {
  /** Unix, ms: it is not before this. */
  readonly notBeforeMs: number;
  readonly headers: number;
}

/**
 * What these headers prove. Each is linked to the one before, has the work that it claims, and at least a quarter of
 * the reference's difficulty. The last six count: the lowest of their times, since a miner may set one wrong, less two
 * hours. To forge six costs what a block and a half earns, at the reference's difficulty. Throws Refusal time.*.
 */
export function proveTime(
  bytes: Uint8Array,
  network: Network,
  referenceBits: number = REFERENCE_BITS,
): TimeProof {
  if (network !== "mainnet") refuse("time.practice-network", network);
  const count = Math.floor(bytes.length / HEADER_BYTES);
  if (count < LEAST_HEADERS || bytes.length % HEADER_BYTES !== 0)
    refuse("time.too-few", `${count} of ${LEAST_HEADERS}`);
  const easiest = EASIER * (targetOf(referenceBits) ?? 0n);
  const times: number[] = [];
  let before: Uint8Array | undefined;
  for (let number = 1; number <= count; number++) {
    const header = bytes.subarray((number - 1) * HEADER_BYTES, number * HEADER_BYTES);
    if (before && !equal(header.subarray(4, 36), before)) refuse("time.not-linked", `header ${number}`);
    before = checkWork(header, number, easiest);
    times.push(u32le(header, 68));
  }
  const lowestMs = 1000 * Math.min(...times.slice(-LEAST_HEADERS));
  return { notBeforeMs: Math.max(0, lowestMs - AHEAD_MS), headers: count };
}

/** The header's hash. */
function checkWork(header: Uint8Array, number: number, easiest: bigint): Uint8Array {
  const target = targetOf(u32le(header, 72));
  if (target === undefined) return refuse("time.no-work", `header ${number}: its target is none`);
  const hash = sha256(sha256(header));
  if (numberOf(hash) > target) refuse("time.no-work", `header ${number}`);
  if (target > easiest) refuse("time.too-easy", `header ${number}`);
  return hash;
}

/** The compact form (nBits) as consensus reads it; undefined for zero, what is negative, and what is past 256 bits. */
export function targetOf(bits: number): bigint | undefined {
  const size = bits >>> 24;
  const word = BigInt(bits & 0x7fffff);
  const target = size <= 3 ? word >> BigInt(8 * (3 - size)) : word << BigInt(8 * (size - 3));
  const negative = (bits & 0x800000) !== 0;
  return negative || target === 0n || target >> 256n !== 0n ? undefined : target;
}

function u32le(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}

/** Hashes are compared as numbers whose last byte is the highest. */
function numberOf(hash: Uint8Array): bigint {
  return hash.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}
