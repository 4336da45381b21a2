// Ways to spend, in words.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { keyNames, signersOf, spanWords, waitWords, wayLabel, wayWords } from "../../src/screens/ways.ts";
import type { Condition } from "../../src/ways.ts";

const key = (place: number): Condition => ({ kind: "key", key: place });
const keys = (...places: number[]) => places.map(key);
const some = (threshold: number, ...of: Condition[]): Condition => ({ kind: "threshold", threshold, of });
const all = (...of: Condition[]): Condition => some(of.length, ...of);
const older = (value: number): Condition => ({ kind: "older", value });
const after = (value: number): Condition => ({ kind: "after", value });
const musig = (...places: number[]): Condition => ({ kind: "musig", of: keys(...places) });
const secret: Condition = { kind: "preimage", hash: "sha256", digest: new Uint8Array(32) };
const fixed: Condition = { kind: "fixed", publicKey: new Uint8Array(33).fill(2) };
const NEVER: Condition = { kind: "never" };
const name = keyNames([
  { fingerprint: "73c5da0a", ours: true },
  { fingerprint: "00000001", ours: false, name: "Anna" },
  { fingerprint: "00000002", ours: false },
  { fingerprint: "", ours: false, nobodys: true },
]);

const SAID: readonly (readonly [Condition, string])[] = [
  [key(0), "your key now"],
  [key(1), "Anna now"],
  [key(2), "key 00000002 now"],
  [some(2, ...keys(0, 1, 2)), "2 of 3 now"],
  [some(1, ...keys(0, 1)), "1 of 2 now"],
  [all(some(1, ...keys(1, 2)), older(26_000)), "1 of 2 after 26,000 blocks, about 6 months"],
  [all(key(0), some(1, ...keys(1, 2))), "your key and 1 of 2 others now"],
  [all(some(1, ...keys(1, 2)), key(0)), "your key and 1 of 2 others now"],
  [all(key(0), some(1, ...keys(0, 1))), "your key and 1 of 2 now"],
  [all(some(2, ...keys(0, 1, 2)), after(900_000)), "2 of 3 from block 900,000 on"],
  [all(key(0), after(1_798_761_600)), "your key from 2027-01-01 00:00 UTC on"],
  [all(key(0), after(499_999_999)), "your key from block 499,999,999 on"],
  [all(key(0), after(500_000_000)), "your key from 1985-11-05 00:53 UTC on"],
  [all(key(0), secret), "your key now, with the secret of a hash"],
  [all(key(0), secret, older(144)), "your key after 144 blocks, about 24 hours, with the secret of a hash"],
  [all(key(0), older((1 << 22) | 5063)), "your key after 5,063 times 512 seconds, about 30 days"],
  [all(key(0), all(key(1), older(1))), "2 of 2 after 1 block, about 10 minutes"],
  [musig(0, 1, 2), "all 3 together now, in two rounds"],
  [musig(0, 1), "both together now, in two rounds"],
  [all(key(0), musig(1, 2)), "your key and both others together now, in two rounds"],
  [all(musig(1, 2), older(4383)), "both together after 4,383 blocks, about 30 days, in two rounds"],
  [fixed, "the bare key 02020202... now"],
  [some(2, key(0), fixed, key(1)), "2 of 3 now"],
  [
    some(1, some(2, ...keys(0, 1, 2)), all(key(0), older(52_560))),
    "2 of 3 now; or your key after 52,560 blocks, about 12 months",
  ],
  [
    some(3, key(0), key(1), key(2), older(1008)),
    "3 of (your key; Anna; key 00000002; the time after 1,008 blocks, about 7 days)",
  ],
  [
    all(key(0), some(1, key(1), all(key(2), older(144)))),
    "your key and (Anna; or key 00000002 after 144 blocks, about 24 hours)",
  ],
  [
    some(2, key(0), key(1), all(key(2), secret)),
    "2 of (your key; Anna; key 00000002, with the secret of a hash) now",
  ],
  [all(...keys(0, 1, 2), some(1, key(3), fixed)), "3 of 3 and 1 of 2 others now"],
  [older(26_000), "anyone after 26,000 blocks, about 6 months"],
  [all(), "anyone now"],
  [NEVER, "never"],
  [all(key(0), NEVER), "never"],
  [some(1, key(0), NEVER), "your key now"],
  [some(2, key(0), key(1), NEVER), "2 of 2 now"],
  // Only the low 16 bits count (BIP 68): such a wait is none, whatever the number looks like.
  [all(key(0), older(65_536)), "your key after no wait at all"],
  [all(key(0), older(65_537)), "your key after 1 block, about 10 minutes"],
];

for (const [condition, words] of SAID)
  test(`a way is said as "${words}"`, () => assert.equal(wayWords(condition, name), words));

test("without names keys are counted as on their pages, from 1", () => {
  assert.equal(wayWords(all(key(0), some(1, ...keys(1, 2)))), "key 1 and 1 of 2 others now");
});

test("two keys of one holder are told apart, and nobody's key is said to be nobody's", () => {
  const two = keyNames([
    { fingerprint: "73c5da0a", ours: true },
    { fingerprint: "73c5da0a", ours: true },
  ]);
  assert.deepEqual(signersOf(some(1, ...keys(0, 1)), two), ["your key 1", "your key 2"]);
  assert.deepEqual(signersOf(all(key(0), musig(1, 2), some(1, key(3), key(0))), name), [
    "your key",
    "Anna",
    "key 00000002",
    "no one's key",
  ]);
});

test("a span is rounded to its nearest unit, and one is not written as many", () => {
  const said = [0, 89, 7199, 7200, 172_799, 172_800, 5_183_999, 5_184_000, 63_000_000, 63_115_200].map(
    spanWords,
  );
  assert.deepEqual(said, [
    "1 minute",
    "1 minute",
    "120 minutes",
    "2 hours",
    "48 hours",
    "2 days",
    "60 days",
    "2 months",
    "24 months",
    "2 years",
  ]);
  assert.equal(waitWords(65_535), "65,535 blocks, about 15 months");
  assert.equal(waitWords((1 << 22) | 65_535), "65,535 times 512 seconds, about 13 months");
});

test("leaves are counted from the left, from 1, and the key path is called so beside them", () => {
  const ways = [{ condition: key(0) }, { condition: key(1), leaf: 0 }, { condition: key(2), leaf: 1 }];
  assert.deepEqual(
    ways.map((way, index) => wayLabel(way, index, ways)),
    ["Key path", "Leaf 1", "Leaf 2"],
  );
  const plain = [{ condition: key(0) }, { condition: key(1) }];
  assert.deepEqual(
    plain.map((way, index) => wayLabel(way, index, plain)),
    ["Way 1", "Way 2"],
  );
  assert.equal(wayLabel(plain[0]!, 0, plain.slice(0, 1)), "To spend");
});

const conditions: fc.Arbitrary<Condition> = fc.letrec<{ one: Condition }>((tie) => ({
  one: fc.oneof(
    { maxDepth: 4 },
    fc.nat(3).map(key),
    fc.integer({ min: 1, max: 2 ** 31 - 1 }).map(older),
    fc.integer({ min: 1, max: 2 ** 31 - 1 }).map(after),
    fc.constant(secret),
    fc.constant(fixed),
    fc.constant(NEVER),
    fc.constant(musig(0, 1)),
    fc
      .array(tie("one"), { minLength: 1, maxLength: 5 })
      .chain((of) => fc.integer({ min: 1, max: of.length }).map((threshold) => some(threshold, ...of))),
  ),
})).one;

/** Every time and every secret that a condition names and that can matter. */
function marksOf(condition: Condition): string[] {
  if (condition.kind === "older") return [waitWords(condition.value)];
  if (condition.kind === "preimage") return ["secret of a hash"];
  return condition.kind === "threshold" ? condition.of.flatMap(marksOf) : [];
}

function holdsNever(condition: Condition): boolean {
  return condition.kind === "never" || (condition.kind === "threshold" && condition.of.some(holdsNever));
}

test("whatever is nested in whatever, no wait and no secret goes unsaid, and brackets are even", () => {
  fc.assert(
    fc.property(conditions, (condition) => {
      const words = wayWords(condition, name);
      assert.equal(words.split("(").length, words.split(")").length);
      assert.doesNotMatch(words, /undefined|NaN| {2}|, ,/);
      if (!holdsNever(condition))
        for (const mark of marksOf(condition)) assert.ok(words.includes(mark), words);
    }),
    { numRuns: 2000 },
  );
});

test("two keys of one fingerprint without names stay two", () => {
  const keys = ["0000000a", "0000000a", "0000000b"].map((fingerprint) => ({ fingerprint, ours: false }));
  const all: Condition = {
    kind: "threshold",
    threshold: 2,
    of: [0, 1, 2].map((key) => ({ kind: "key", key })),
  };
  assert.deepEqual(signersOf(all, keyNames(keys)), ["key 1, 0000000a", "key 2, 0000000a", "key 0000000b"]);
});
