import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { entropyOf, indexesOf, joinSeedXor, splitSeedXor } from "../../../src/keys/index.ts";
import { Refusal } from "../../../src/refusal.ts";
import { fixedRandom, numbers, refusesWith, vectors } from "../make.ts";
import { seeded, someOf } from "./slip39-make.ts";

const published: { vectors: { parts: string[]; whole: string }[] } = JSON.parse(vectors("seed-xor.json"));
const LENGTHS = [16, 20, 24, 28, 32] as const;

const entropies = fc
  .constantFrom(...LENGTHS)
  .chain((length) => fc.uint8Array({ minLength: length, maxLength: length }))
  .filter((entropy) => entropy.some((byte) => byte !== 0));

test("the published examples hold: parts of 12 and of 24 words, in any order", () => {
  assert.equal(published.vectors.length, 2);
  for (const { parts, whole } of published.vectors) {
    const entropy = parts.map((part) => entropyOf(numbers(part)));
    assert.deepEqual(indexesOf(joinSeedXor(entropy)), numbers(whole));
    assert.deepEqual(indexesOf(joinSeedXor(entropy.toReversed())), numbers(whole));
  }
});

test("what is split is joined again from all parts, and each part is a phrase of BIP 39", () => {
  fc.assert(
    fc.property(entropies, fc.constantFrom(2, 3, 4), fc.nat(), (entropy, count, seed) => {
      const before = entropy.slice();
      const parts = splitSeedXor(entropy, count, seeded(seed));
      assert.deepEqual(entropy, before);
      assert.equal(parts.length, count);
      const read = parts.map((part) => entropyOf(indexesOf(part)));
      assert.deepEqual(joinSeedXor(someOf(read, count, seed)), entropy);
    }),
  );
});

test("without one of the parts another key comes out, and nothing says so", () => {
  fc.assert(
    fc.property(entropies, fc.constantFrom(3, 4), fc.nat(), fc.nat(3), (entropy, count, seed, missing) => {
      const parts = splitSeedXor(entropy, count, seeded(seed));
      const fewer = parts.filter((_, at) => at !== missing % count);
      assert.notDeepEqual(joinSeedXor(fewer), entropy);
    }),
  );
});

test("two equal parts are refused, with their numbers", () => {
  const [one, two] = splitSeedXor(new Uint8Array(16).fill(9), 2, fixedRandom());
  assert.throws(() => joinSeedXor([one!, two!, one!]), {
    reason: "shares.xor-equal",
    detail: "parts 1 and 3",
  });
});

test("a part of zeros and parts that cancel out are refused", () => {
  const a = new Uint8Array(16).fill(9);
  const b = new Uint8Array(16).fill(7);
  assert.throws(() => joinSeedXor([a, new Uint8Array(16)]), { reason: "shares.xor-zero", detail: "part 2" });
  assert.throws(() => joinSeedXor([a, b, new Uint8Array(16).fill(9 ^ 7)]), {
    reason: "shares.xor-zero",
    detail: "the whole",
  });
  assert.throws(() => splitSeedXor(new Uint8Array(32), 2, fixedRandom()), refusesWith("shares.xor-zero"));
});

test("parts of several lengths, too few of them, or of lengths that BIP 39 does not know are refused", () => {
  const part = (length: number) => new Uint8Array(length).fill(length);
  assert.throws(() => joinSeedXor([part(16), part(32)]), { reason: "shares.xor-lengths", detail: "part 2" });
  for (const few of [[], [part(16)]]) assert.throws(() => joinSeedXor(few), refusesWith("shares.xor-count"));
  for (const length of [0, 8, 15, 17, 31, 33, 64]) {
    assert.throws(() => joinSeedXor([part(length), part(length)]), refusesWith("keys.words-count"));
    assert.throws(() => splitSeedXor(part(length), 2, fixedRandom()), refusesWith("keys.words-count"));
  }
});

test("nothing is split by dead chance", () => {
  const dead = { bytes: (length: number) => new Uint8Array(length).fill(5) };
  assert.throws(() => splitSeedXor(new Uint8Array(16).fill(9), 2, dead), refusesWith("keys.entropy-dead"));
});

test("chance that repeats itself gives no parts: equal ones would be refused when they are joined", () => {
  const same = { bytes: (length: number) => Uint8Array.from({ length }, (_, i) => i + 1) };
  assert.throws(() => splitSeedXor(new Uint8Array(16).fill(9), 3, same), refusesWith("shares.xor-equal"));
});

test("parts of any kind are joined or refused", () => {
  const part = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.uint8Array({ minLength: 16, maxLength: 16, max: 1 }),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
      try {
        joinSeedXor(parts);
      } catch (problem) {
        assert.ok(problem instanceof Refusal, String(problem));
      }
    }),
  );
});
