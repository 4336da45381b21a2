// Seed XOR, as Coldcard does it (Coldcard/firmware, docs/seed-xor.md): parts that are BIP 39 phrases themselves.
// The danger of it: a part has no number, no name of its set and no check on the whole. Any two phrases join to
// some key, so one part left out, entered twice or from elsewhere leads to a sound-looking, empty wallet. The
// fingerprint of the key is the only proof. And all parts are needed: who loses one has lost the key.

import { equal, wipe } from "../../bytes.ts";
import type { Random } from "../../ports.ts";
import { refuse } from "../../refusal.ts";
import { WORD_COUNTS } from "../mnemonic.ts";
import { chance } from "./chance.ts";

/**
 * Parts as entropy of BIP 39, each as long as `entropy`; indexesOf gives their words. All but the last are random.
 * They have been joined again before they are returned. Throws Refusal keys.words-count for other lengths than
 * 16, 20, 24, 28 or 32 bytes, shares.xor-zero where the entropy is nothing but zeros, keys.entropy-dead.
 * The caller wipes the parts.
 */
export function splitSeedXor(entropy: Uint8Array, parts: 2 | 3 | 4, random: Random): readonly Uint8Array[] {
  refuseLength(entropy);
  refuseZero(entropy, "the whole");
  const drawn = Array.from({ length: parts - 1 }, () => chance(random, entropy.length));
  const last = entropy.slice();
  for (const part of drawn) xorInto(last, part);
  const made = [...drawn, last];
  const joined = joinSeedXor(made);
  const sound = equal(joined, entropy);
  wipe(joined);
  if (!sound) throw new Error("the parts do not lead back to the entropy");
  return made;
}

/**
 * The entropy that two or more parts stand for, in any order. Throws Refusal shares.xor-count, keys.words-count,
 * shares.xor-lengths, shares.xor-zero (a part, or the whole) or shares.xor-equal, with the parts' numbers from 1.
 * The caller wipes the result, and shows its fingerprint before anything else is done with it.
 */
export function joinSeedXor(parts: readonly Uint8Array[]): Uint8Array {
  const first = parts[0];
  if (first === undefined || parts.length < 2) return refuse("shares.xor-count", `${parts.length} parts`);
  refuseLength(first);
  for (const [i, part] of parts.entries()) {
    if (part.length !== first.length) refuse("shares.xor-lengths", `part ${i + 1}`);
    refuseZero(part, `part ${i + 1}`);
    const twin = parts.findIndex((other) => equal(other, part));
    if (twin < i) refuse("shares.xor-equal", `parts ${twin + 1} and ${i + 1}`);
  }
  const joined = new Uint8Array(first.length);
  for (const part of parts) xorInto(joined, part);
  refuseZero(joined, "the whole");
  return joined;
}

function xorInto(target: Uint8Array, other: Uint8Array): void {
  for (let i = 0; i < target.length; i++) target[i]! ^= other[i]!;
}

function refuseLength(entropy: Uint8Array): void {
  if (!WORD_COUNTS.some((count) => (count / 3) * 4 === entropy.length))
    refuse("keys.words-count", `${entropy.length} bytes`);
}

/** Zeros change nothing as a part, and as a whole mean that parts cancel each other out. */
function refuseZero(bytes: Uint8Array, where: string): void {
  if (bytes.every((byte) => byte === 0)) refuse("shares.xor-zero", where);
}
