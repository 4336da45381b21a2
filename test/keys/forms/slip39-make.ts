// What the tests of SLIP-39 share: plans drawn by fast-check, and subsets of what was made.

import { createHash, pbkdf2Sync } from "node:crypto";
import fc from "fast-check";
import {
  addShare,
  parseShare,
  type Share,
  type SharePlan,
  type ShareSet,
  slip39Words,
} from "../../../src/keys/index.ts";
import type { Random, Stretch } from "../../../src/ports.ts";

export const wordsOf = (indexes: Uint16Array): string[] =>
  Array.from(indexes, (index) => slip39Words[index]!);

export const setOf = (shares: readonly Share[]): ShareSet => shares.reduce<ShareSet>(addShare, []);

export const phrases = (texts: readonly string[]): Share[] =>
  texts.map((text) => parseShare(text.split(" ")));

/** PBKDF2 as it is, with what went through it kept, so that a test can see it wiped. */
export function watchedStretch(): Pick<Stretch, "pbkdf2Sha256"> & { seen: Uint8Array[]; rounds: number[] } {
  return {
    seen: [],
    rounds: [],
    async pbkdf2Sha256(secret, salt, rounds, length) {
      const made = new Uint8Array(pbkdf2Sync(secret, salt, rounds, length, "sha256"));
      this.seen.push(secret, salt, made);
      this.rounds.push(rounds);
      return made;
    },
  };
}

/** A Feistel round that is quick, where a test is about the shares and not about PBKDF2. */
export const quick: Pick<Stretch, "pbkdf2Sha256"> = {
  pbkdf2Sha256: async (secret, salt, rounds, length) =>
    new Uint8Array(
      createHash("sha256")
        .update(`${Buffer.from(secret).toString("hex")} ${Buffer.from(salt).toString("hex")} ${rounds}`)
        .digest(),
    ).slice(0, length),
};

/** Chance that fast-check can repeat: a hash of a seed and a count. */
export function seeded(seed: number): Random {
  let count = 0;
  return {
    bytes(length) {
      const blocks = Array.from({ length: Math.ceil(length / 32) }, () =>
        createHash("sha256").update(`${seed} ${count++}`).digest(),
      );
      return new Uint8Array(Buffer.concat(blocks)).slice(0, length);
    },
  };
}

export const bytes = (least: number, most: number) => fc.uint8Array({ minLength: least, maxLength: most });

/** Secrets of every even length. */
export const secrets = fc
  .integer({ min: 8, max: 32 })
  .chain((half) => fc.uint8Array({ minLength: 2 * half, maxLength: 2 * half }));

const group = fc.oneof(
  fc.constant({ needed: 1, count: 1 }),
  fc
    .integer({ min: 2, max: 16 })
    .chain((count) => fc.record({ needed: fc.integer({ min: 2, max: count }), count: fc.constant(count) })),
);

/** Groups and how many of them are needed. */
export function groupings(most: number) {
  return fc
    .array(group, { minLength: 1, maxLength: most })
    .chain((groups) =>
      fc.record({ groups: fc.constant(groups), groupThreshold: fc.integer({ min: 1, max: groups.length }) }),
    );
}

export const passphrases = fc
  .array(fc.integer({ min: 32, max: 126 }), { maxLength: 20 })
  .map((codes) => Uint8Array.from(codes));

export function plans(most: number): fc.Arbitrary<SharePlan> {
  return fc
    .record({
      secret: secrets,
      passphrase: passphrases,
      grouping: groupings(most),
      iterationExponent: fc.integer({ min: 0, max: 15 }),
      extendable: fc.boolean(),
      seed: fc.nat(),
    })
    .map(({ grouping, seed, ...rest }) => ({ ...rest, ...grouping, random: seeded(seed), stretch: quick }));
}

/** `count` of the items, in an order that hangs on `seed`. */
export function someOf<T>(items: readonly T[], count: number, seed: number): T[] {
  const left = [...items];
  return Array.from(seeded(seed).bytes(count), (byte) => left.splice(byte % left.length, 1)[0]!);
}

/** As few of the made shares as will do. */
export function quorum(
  plan: SharePlan,
  made: readonly (readonly Uint16Array[])[],
  seed: number,
): Uint16Array[] {
  const groups = someOf([...made.keys()], plan.groupThreshold, seed);
  const chosen = groups.flatMap((at) => someOf(made[at]!, plan.groups[at]!.needed, seed + at));
  return someOf(chosen, chosen.length, seed);
}
