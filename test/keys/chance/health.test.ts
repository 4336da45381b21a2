// Cutoffs against exact arithmetic and a published table, and what each test catches.

import assert from "node:assert/strict";
import { randomBytes, randomInt } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { minEntropy } from "../../../src/keys/chance/camera.ts";
import {
  CLAIMS,
  healthOf,
  mostByChance,
  proportionCutoff,
  repeatsItself,
  repetitionCutoff,
} from "../../../src/keys/chance/health.ts";
import { ascii, vectors } from "../make.ts";

const KNOWN = JSON.parse(vectors("health.json"));

test("the cutoffs of the proportion test are those of exact arithmetic, to the unit", () => {
  for (const { window, bits, cutoff } of KNOWN.exact.alpha_20)
    assert.equal(1 + mostByChance(window, 2 ** -bits, 20), cutoff, `${bits} bits of ${window}`);
  for (const { window, one_in, cutoff } of KNOWN.exact.alpha_30)
    assert.equal(proportionCutoff(Math.log2(one_in), window), cutoff, `1 in ${one_in} of ${window}`);
});

test("the cutoffs of the proportion test are those that jitterentropy ships", () => {
  const mine = KNOWN.jitterentropy.map((_: number, i: number) => proportionCutoff(1 / (i + 1), 512));
  assert.deepEqual(mine, KNOWN.jitterentropy);
  assert.equal(proportionCutoff(1 / 64, 512), 512);
});

test("the cutoffs of the repetition test are 1 + ⌈30 / H⌉", () => {
  for (const [bits, cutoff] of [
    [8, 5],
    [4, 9],
    [1, 31],
    [1 / 16, 481],
    [Math.log2(6), 13],
    [11, 4],
  ] as const)
    assert.equal(repetitionCutoff(bits), cutoff);
});

test("the most common value's min-entropy is what NIST's own program prints", () => {
  for (const { count, samples, bits } of KNOWN.nist)
    assert.ok(Math.abs(minEntropy(count, samples) - bits) < 1e-12, `${count} of ${samples}`);
  assert.ok(Object.is(Math.abs(minEntropy(50, 50)), 0));
});

/** Sound samples for a claim, as many as are asked for. */
const rolled = (faces: number, count: number) => Uint8Array.from({ length: count }, () => randomInt(faces));

test("sound sources pass, whatever their length", () => {
  for (let i = 0; i < 200; i++) {
    assert.equal(healthOf(randomBytes(64), CLAIMS.kernel), "passed");
    assert.equal(healthOf(randomBytes(1500), CLAIMS.kernel), "passed");
    assert.equal(healthOf(rolled(6, 50), CLAIMS.die), "passed");
    assert.equal(healthOf(rolled(2, 1200), CLAIMS.coin), "passed");
  }
});

test("a value that comes once too often in a row fails, and once less does not, wherever the run stands", () => {
  for (const [name, claim] of Object.entries(CLAIMS)) {
    const cutoff = repetitionCutoff(claim.bitsPerSample);
    for (const before of [0, 1, 7, 300]) {
      // Around the run no two neighbours are equal, and no value is frequent.
      const make = (run: number) => [
        ...Array.from({ length: before }, (_, i) => 1000 + i),
        ...Array.from({ length: run }, () => 7),
        ...Array.from({ length: 900 }, (_, i) => 5000 + i),
      ];
      assert.equal(healthOf(make(cutoff), claim), "repetition", name);
      const less = healthOf(make(cutoff - 1), claim);
      assert.notEqual(less, "repetition", name);
    }
  }
});

test("a window in which its first value comes once too often fails, and once less does not", () => {
  for (const [claim, window] of [
    [CLAIMS.kernel, 512],
    [CLAIMS.kernel, 64],
    [CLAIMS.die, 99],
    [CLAIMS.coin, 1024],
    [CLAIMS.coin, 128],
  ] as const) {
    const cutoff = proportionCutoff(claim.bitsPerSample, window);
    // The first value, spread out: never twice in a row while there is room.
    const make = (times: number) => {
      const spread = Array.from({ length: window }, (_, i) => 100 + i);
      const step = window / times;
      for (let i = 0; i < times; i++) spread[Math.floor(i * step)] = 1;
      return spread;
    };
    assert.equal(healthOf(make(cutoff), claim), "proportion");
    assert.equal(healthOf(make(cutoff - 1), claim), "passed");
  }
});

test("the second window is judged as the first is", () => {
  const sound = Array.from({ length: 512 }, (_, i) => i);
  const stuck = Array.from({ length: 512 }, (_, i) => (i % 3 === 0 ? 1 : 1000 + i));
  assert.equal(healthOf([...sound, ...stuck], CLAIMS.kernel), "proportion");
  assert.equal(healthOf([...sound, ...sound], CLAIMS.kernel), "passed");
});

test("so few samples that equal ones prove nothing are not judged", () => {
  for (const claim of Object.values(CLAIMS)) {
    const cutoff = repetitionCutoff(claim.bitsPerSample);
    assert.equal(healthOf(new Uint8Array(cutoff - 1), claim), "too-few");
    assert.equal(healthOf(new Uint8Array(cutoff), claim), "repetition");
  }
});

test("what goes on as before, some way back, repeats itself; what is rolled does not", () => {
  for (const pattern of ["12", "123456", "112233445566", "6543211", "1234561234563"])
    assert.ok(repeatsItself(ascii(pattern.repeat(20).slice(0, 50)), CLAIMS.die), pattern);
  assert.ok(repeatsItself(ascii("10".repeat(64)), CLAIMS.coin));
  assert.ok(repeatsItself(ascii("1101000".repeat(30)), CLAIMS.coin));
  for (let i = 0; i < 100; i++) {
    assert.ok(!repeatsItself(rolled(6, 99), CLAIMS.die));
    assert.ok(!repeatsItself(rolled(2, 256), CLAIMS.coin));
  }
});

test("any samples get an answer", () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(3), { maxLength: 700 }),
      fc.constantFrom(...Object.values(CLAIMS)),
      (samples, claim) => {
        assert.match(healthOf(samples, claim), /^(passed|too-few|repetition|proportion)$/);
        repeatsItself(samples.slice(0, 60), claim);
      },
    ),
  );
});
