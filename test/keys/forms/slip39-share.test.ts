import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  nearestSlip39Words,
  parseShare,
  type Share,
  shareWordCount,
  slip39WordNumber,
  slip39Words,
  wordsOfShare,
} from "../../../src/keys/index.ts";
import { Refusal } from "../../../src/refusal.ts";
import { refusesWith, vectors } from "../make.ts";
import { wordsOf } from "./slip39-make.ts";

const official = JSON.parse(vectors("slip39.json"));
const phrase: readonly string[] = official.vectors[3].shares[0].split(" ");

const shares: fc.Arbitrary<Share> = fc
  .record({
    identifier: fc.integer({ min: 0, max: 0x7fff }),
    extendable: fc.boolean(),
    iterationExponent: fc.nat(15),
    groupIndex: fc.nat(15),
    groupCount: fc.integer({ min: 1, max: 16 }),
    groupThreshold: fc.integer({ min: 1, max: 16 }),
    memberIndex: fc.nat(15),
    memberThreshold: fc.integer({ min: 1, max: 16 }),
    value: fc
      .integer({ min: 8, max: 32 })
      .chain((half) => fc.uint8Array({ minLength: 2 * half, maxLength: 2 * half })),
  })
  .map((share) => ({ ...share, groupThreshold: Math.min(share.groupThreshold, share.groupCount) }));

test("the list is what SLIP-39 says it is: 1,024 words, sorted, told apart by four letters", () => {
  assert.equal(slip39Words.length, 1024);
  assert.deepEqual([...slip39Words].sort(), slip39Words);
  assert.equal(new Set(slip39Words.map((word) => word.slice(0, 4))).size, 1024);
  assert.ok(slip39Words.every((word) => /^[a-z]{4,8}$/.test(word)));
});

test("a word is named in full or by four letters or more", () => {
  for (const [index, word] of slip39Words.entries())
    for (let letters = 4; letters <= word.length; letters++)
      assert.equal(slip39WordNumber(word.slice(0, letters)), index);
  for (const wrong of ["", "aca", "ACADEMIC", "academics", "academic ", "zzzz"])
    assert.equal(slip39WordNumber(wrong), undefined);
});

test("a mistyped word is answered with the nearest ones of this list", () => {
  assert.equal(nearestSlip39Words("acadmic")[0], "academic");
  assert.equal(nearestSlip39Words("satoshy")[0], "satoshi");
  assert.deepEqual(nearestSlip39Words("abandonment"), []);
  assert.equal(nearestSlip39Words("lend", 2).length, 2);
  assert.ok(nearestSlip39Words("zoo").every((word) => slip39Words.includes(word)));
});

test("a share is read as it was written, from words, their beginnings, and numbers", () => {
  fc.assert(
    fc.property(shares, (share) => {
      const words = wordsOfShare(share);
      assert.equal(words.length, shareWordCount(share.value.length));
      assert.deepEqual(parseShare(words), share);
      assert.deepEqual(parseShare(wordsOf(words)), share);
      assert.deepEqual(parseShare(wordsOf(words).map((word) => word.slice(0, 4))), share);
    }),
  );
});

test("any wrong word, up to three of them, is refused", () => {
  const slips = fc.uniqueArray(fc.record({ at: fc.nat(58), by: fc.integer({ min: 1, max: 1023 }) }), {
    selector: ({ at }) => at,
    minLength: 1,
    maxLength: 3,
  });
  fc.assert(
    fc.property(shares, slips, (share, changes) => {
      const words = wordsOfShare(share);
      for (const { at, by } of changes) {
        const place = at % words.length;
        words[place] = (words[place]! + by) % 1024;
      }
      // Two changes can fall on one place and cancel out.
      if (wordsOfShare(share).every((word, at) => word === words[at])) return;
      assert.throws(() => parseShare(words), refusesWith("shares.checksum"));
    }),
    { numRuns: 500 },
  );
});

test("every single wrong word in a share is refused", () => {
  const words = wordsOfShare(parseShare(phrase));
  for (const [place, right] of words.entries())
    for (let wrong = 0; wrong < 1024; wrong++) {
      if (wrong === right) continue;
      words[place] = wrong;
      assert.throws(() => parseShare(words), refusesWith("shares.checksum"));
      words[place] = right;
    }
});

test("two words that changed places are refused", () => {
  for (let place = 1; place < phrase.length; place++) {
    if (phrase[place - 1] === phrase[place]) continue;
    const words = [...phrase];
    [words[place - 1], words[place]] = [words[place]!, words[place - 1]!];
    assert.throws(() => parseShare(words), refusesWith("shares.checksum"));
  }
});

test("an unknown word is named by its place, and not repeated", () => {
  const words = phrase.with(6, "secretive");
  assert.throws(() => parseShare(words), { reason: "shares.word-unknown", detail: "word 7" });
  const numbers = wordsOfShare(parseShare(phrase));
  numbers[19] = 1024;
  assert.throws(() => parseShare(numbers), { reason: "shares.word-unknown", detail: "word 20" });
});

test("only numbers of words that a share can have are read", () => {
  const taken: number[] = [];
  for (let count = 0; count <= 100; count++) {
    try {
      parseShare(new Uint16Array(count));
    } catch (problem) {
      assert.ok(problem instanceof Refusal);
      if (problem.reason === "shares.length") assert.equal(problem.detail, `${count} words`);
      else taken.push(count);
    }
  }
  const lengths = Array.from({ length: 25 }, (_, i) => shareWordCount(16 + 2 * i));
  assert.deepEqual(taken, lengths);
  assert.deepEqual([taken[0], taken.at(-1)], [20, 59]);
});

test("words and numbers of any kind are read or refused, and nothing else happens", () => {
  const anything = fc.oneof(
    fc.array(fc.oneof(fc.constantFrom(...slip39Words), fc.string()), { maxLength: 70 }),
    fc.array(fc.constantFrom(...slip39Words), { minLength: 20, maxLength: 20 }),
    fc.uint16Array({ maxLength: 70 }),
    fc.uint16Array({ minLength: 33, maxLength: 33, max: 1023 }),
  );
  fc.assert(
    fc.property(anything, (words) => {
      try {
        parseShare(words);
      } catch (problem) {
        assert.ok(problem instanceof Refusal && problem.reason.startsWith("shares."), String(problem));
      }
    }),
    { numRuns: 500 },
  );
});
