import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { losses, lossWords, type Needs, needsWithout } from "../../src/screens/recovery.ts";
import type { Condition, Way } from "../../src/ways.ts";

const key = (number: number): Condition => ({ kind: "key", key: number });
const of = (threshold: number, ...all: Condition[]): Condition => ({ kind: "threshold", threshold, of: all });
const older = (value: number): Condition => ({ kind: "older", value });
const after = (value: number): Condition => ({ kind: "after", value });
const ways = (...all: Condition[]): Way[] => all.map((condition) => ({ condition }));
const name = (number: number) => `ABCDEFGH`[number]!;
const words = (all: readonly Way[], keys: number) =>
  lossWords(
    all,
    Array.from({ length: keys }, (_, i) => i),
    name,
  );

test("of a quorum it is said how many may be lost", () => {
  assert.deepEqual(words(ways(of(2, key(0), key(1), key(2))), 3), [
    "Any 1 lost: the other 2 still spend.",
    "2 or more lost: the money is gone.",
  ]);
  assert.deepEqual(words(ways(of(2, key(0), key(1))), 2), ["1 or more lost: the money is gone."]);
  assert.deepEqual(words(ways(of(1, key(0), key(1))), 2), [
    "Any 1 lost: the other one still spends.",
    "All 2 lost: the money is gone.",
  ]);
  assert.deepEqual(words(ways(key(0)), 1), ["It is lost: the money is gone."]);
});

test("a quorum of twenty is reckoned without looking at every set", () => {
  const all = Array.from({ length: 20 }, (_, i) => key(i));
  const said = lossWords(ways(of(11, ...all)), [...all.keys()], String);
  assert.equal(said.length, 10);
  assert.equal(said[8], "Any 9 lost: the other 11 still spend.");
  assert.equal(said[9], "10 or more lost: the money is gone.");
});

test("where a time lock lets fewer keys spend, it is said when", () => {
  const wallet = ways(of(2, key(0), key(1), key(2)), of(2, of(1, key(0), key(1), key(2)), older(26_000)));
  assert.deepEqual(words(wallet, 3), [
    "Any 1 lost: the other 2 still spend.",
    "Any 2 lost: the other one spends once a coin has lain 26,000 blocks, about 6 months.",
    "All 3 lost: the money is gone.",
  ]);
  const dated = ways(key(0), of(2, key(1), after(900_000)));
  assert.deepEqual(words(dated, 2), [
    "1 lost, it depends which. Without A: the other one spends from block 900,000 on. Without B: the other one still spends.",
    "All 2 lost: the money is gone.",
  ]);
});

test("where it depends which keys are lost, they are named", () => {
  const wallet = ways(of(2, key(0), of(1, key(1), key(2))));
  assert.deepEqual(words(wallet, 3), [
    "1 lost, it depends which. Without A: the money is gone. Without B, or C: the other 2 still spend.",
    "2 or more lost: the money is gone.",
  ]);
});

test("a key that nobody holds is lost from the first, and a bare key is nobody's that is known", () => {
  const wallet = ways(key(0), of(1, key(1), key(2)), { kind: "fixed", publicKey: new Uint8Array(33) });
  assert.deepEqual(lossWords(wallet, [1, 2], name), [
    "Any 1 lost: the other one still spends.",
    "All 2 lost: the money is gone.",
  ]);
});

test("keys together, secrets and moments are all said", () => {
  const musig = ways({ kind: "musig", of: [key(0), key(1)] });
  assert.deepEqual(words(musig, 2), ["1 or more lost: the money is gone."]);
  const secret = ways(
    key(0),
    of(2, key(1), { kind: "preimage", hash: "sha256", digest: new Uint8Array(32) }),
  );
  assert.match(words(secret, 2)[0]!, /Without A: the other one spends with the secret behind/);
});

test("more sets than can be looked at are not reckoned, and that is said", () => {
  // No plain quorum: one key is always needed.
  const rest = Array.from({ length: 19 }, (_, i) => key(i + 1));
  const said = lossWords(ways(of(2, key(0), of(3, ...rest))), [...Array(20).keys()], String);
  assert.equal(said.at(-1), "More than 2 lost: too many cases to reckon them here.");
});

// ---------------------------------------------------------------- against the plain meaning of a condition

/** Whether it can be spent with these keys once so many blocks have passed: nothing but the words of ways.ts. */
function opens(condition: Condition, has: ReadonlySet<number>, blocks: number): boolean {
  switch (condition.kind) {
    case "key":
      return has.has(condition.key);
    case "older":
      return blocks >= condition.value;
    case "threshold":
      return condition.of.filter((one) => opens(one, has, blocks)).length >= condition.threshold;
    case "musig":
      return condition.of.every((one) => opens(one, has, blocks));
    default:
      return false;
  }
}

const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.nat(4).map(key),
    fc.integer({ min: 1, max: 5 }).map((n) => older(n * 100)),
    fc
      .tuple(fc.array(tie("condition"), { minLength: 1, maxLength: 4 }), fc.nat(3))
      .map(([all, least]) => of((least % all.length) + 1, ...all)),
    fc
      .array(fc.nat(4).map(key), { minLength: 2, maxLength: 3 })
      .map((all) => ({ kind: "musig" as const, of: all })),
  ),
}));

test("what is said of any wallet is what its conditions mean, to the block", () => {
  fc.assert(
    fc.property(
      fc.array(condition, { minLength: 1, maxLength: 3 }),
      fc.uniqueArray(fc.nat(4)),
      (all, lost) => {
        const has = new Set([0, 1, 2, 3, 4].filter((one) => !lost.includes(one)));
        const needs = needsWithout(ways(...all), new Set(lost));
        const can = (blocks: number) => all.some((one) => opens(one, has, blocks));
        const least = [0, 100, 200, 300, 400, 500].find(can);
        assert.equal(needs?.older, least);
      },
    ),
    { numRuns: 500 },
  );
});

test("losing more never makes spending easier", () => {
  const rank = (needs: Needs | undefined) => (needs === undefined ? 1e9 : needs.older);
  fc.assert(
    fc.property(fc.array(condition, { minLength: 1, maxLength: 3 }), (all) => {
      const rows = losses(ways(...all), [0, 1, 2, 3, 4]);
      const flat = rows.flat();
      for (const more of flat)
        for (const less of flat)
          if (less.without.every((one) => more.without.includes(one)))
            assert.ok(rank(more.needs) >= rank(less.needs));
    }),
    { numRuns: 100 },
  );
});
