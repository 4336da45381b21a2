import assert from "node:assert/strict";
import { createHmac, randomBytes } from "node:crypto";
import { test } from "node:test";
import { mixEntropy, refuseDead } from "../../src/keys/index.ts";
import { ascii, refusesWith, sha256, unhex } from "./make.ts";

const random = { name: "random", bytes: new Uint8Array([...sha256("a"), ...sha256("b")]) };

test("the mix is HKDF-SHA512 over length-prefixed sources, as anybody can compute it again", () => {
  const typed = { name: "typed", bytes: ascii("6 6 1") };
  const part = (bytes: Uint8Array) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  const all = Buffer.concat([random, typed].flatMap(({ name, bytes }) => [part(ascii(name)), part(bytes)]));
  const extracted = createHmac("sha512", "firn entropy 1").update(all).digest();
  const expected = createHmac("sha512", extracted).update("words").update(Uint8Array.of(1)).digest();
  for (const length of [16, 32])
    assert.equal(unhex(mixEntropy([random, typed], length)), expected.subarray(0, length).toString("hex"));
});

test("every source changes the outcome, by its bytes, its name and its place", () => {
  const typed = { name: "typed", bytes: ascii("12") };
  const dice = { name: "dice", bytes: ascii("34") };
  const mixes = [
    [random],
    [random, typed],
    [random, { ...typed, bytes: ascii("13") }],
    [random, { ...typed, name: "types" }],
    [random, { name: "typed1", bytes: ascii("2") }],
    [random, typed, dice],
    [random, dice, typed],
    [random, { name: "typed", bytes: ascii("1234") }],
    [{ ...random, bytes: sha256("c") }, typed],
  ].map((sources) => unhex(mixEntropy(sources, 32)));
  assert.equal(new Set(mixes).size, mixes.length);
});

test("without the machine's own source nothing is made", () => {
  for (const sources of [
    [],
    [{ name: "typed", bytes: random.bytes }],
    [{ name: "typed", bytes: ascii("1") }, random],
    [{ name: "random", bytes: sha256("a").subarray(0, 31) }],
  ])
    assert.throws(() => mixEntropy(sources, 16), /the first source/);
});

test("a random source that hangs on one byte is refused by name, wherever the run stands", () => {
  for (const at of [0, 20, 59]) {
    const bytes = random.bytes.slice().fill(7, at, at + 5);
    assert.throws(() => mixEntropy([{ name: "random", bytes }], 16), refusesWith("keys.entropy-dead"));
  }
  assert.throws(() => refuseDead({ name: "random", bytes: new Uint8Array(64) }), /source random/);
});

test("a random source that gives one byte too often is refused, never twice in a row as it may be", () => {
  const bytes = random.bytes.map((byte, i) => (i % 4 === 0 ? 7 : byte));
  assert.throws(() => refuseDead({ name: "random", bytes }), /source random: proportion/);
});

test("four equal bytes in a row are still chance, and the kernel's generator passes", () => {
  assert.equal(mixEntropy([{ name: "random", bytes: random.bytes.slice().fill(7, 3, 7) }], 16).length, 16);
  for (let i = 0; i < 200; i++) refuseDead({ name: "random", bytes: randomBytes(64) });
});

test("the recipe is pinned by a vector", () => {
  const bytes = Uint8Array.from({ length: 64 }, (_, i) => i);
  assert.equal(unhex(mixEntropy([{ name: "random", bytes }], 16)), "e4f3135deadb67a31b7c17b841bacd52");
});
