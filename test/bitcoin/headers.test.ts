// Block headers as a clock: real ones prove, and everything else is refused by name.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { targetOf } from "../../src/bitcoin/headers.ts";
import { proveTime } from "../../src/bitcoin/index.ts";
import { REFERENCE_BITS, REFERENCE_HEADER } from "../../src/bitcoin/reference.ts";
import { concat, fromHex } from "../../src/bytes.ts";
import { NETWORKS } from "../../src/model.ts";
import { Refusal } from "../../src/refusal.ts";

function chain(name: string): Uint8Array[] {
  const file = new URL(`../vectors/headers/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf8")).headers.map((hex: string) => fromHex(hex)!);
}

/** The first blocks there are, at difficulty 1. */
const FIRST = chain("mainnet-0");
const FIRST_BITS = 0x1d00ffff;
/** Of February 2024. */
const LATER = chain("mainnet-830585");
const HOURS_2 = 2 * 3_600_000;

const prove = (headers: readonly Uint8Array[], bits?: number) =>
  proveTime(concat(...headers), "mainnet", bits);

test("the reference is a real block: its own work proves it, and its target is the one that is measured by", () => {
  const header = fromHex(REFERENCE_HEADER)!;
  const hash = createHash("sha256").update(createHash("sha256").update(header).digest()).digest();
  const shown = Buffer.from(hash).reverse().toString("hex");
  assert.equal(shown, "000000000000000000000d8e10dd470dd91b1125eaef9ac881f931e3152b426d");
  assert.equal(Buffer.from(header).readUInt32LE(72), REFERENCE_BITS);
  assert.ok(BigInt(`0x${shown}`) <= targetOf(REFERENCE_BITS)!);
  assert.equal(Buffer.from(header).readUInt32LE(68) * 1000, Date.UTC(2026, 9, 2, 19, 37, 33));
});

test("real headers of mainnet prove that it is not before the earliest of the last six, less two hours", () => {
  assert.deepEqual(prove(LATER), {
    notBeforeMs: Date.UTC(2024, 1, 15, 13, 44, 34) - HOURS_2,
    headers: 8,
  });
  assert.deepEqual(prove(LATER.slice(0, 6)), {
    notBeforeMs: Date.UTC(2024, 1, 15, 13, 36, 11) - HOURS_2,
    headers: 6,
  });
  // A miner's clock may be set wrong: block 4's is no matter, block 0's counts.
  assert.equal(prove(FIRST, FIRST_BITS).notBeforeMs, 1_231_006_505_000 - HOURS_2);
});

test("headers of an easier time are refused: they could be made in an hour today", () => {
  assert.throws(() => prove(FIRST), { reason: "time.too-easy", detail: "header 1" });
  // A quarter of the reference's difficulty is the least.
  const target = 0x03ba5d;
  const quarter = (0x17 << 24) | Math.ceil(target / 4);
  assert.equal(prove(LATER, quarter).headers, 8);
  assert.throws(() => prove(LATER, quarter - 1), { reason: "time.too-easy" });
});

test("five are too few, and so is half a header more or less", () => {
  for (const headers of [[], FIRST.slice(0, 5), [...FIRST.slice(0, 5), FIRST[5]!.subarray(0, 79)]])
    assert.throws(() => prove(headers, FIRST_BITS), { reason: "time.too-few" });
  assert.throws(() => prove([...FIRST, FIRST[0]!.subarray(0, 1)], FIRST_BITS), { reason: "time.too-few" });
});

test("headers that are left out, repeated, turned round or of two chains are not linked", () => {
  const [a, b, c, d, e, f] = FIRST as [Uint8Array, Uint8Array, Uint8Array, ...Uint8Array[]];
  for (const headers of [
    [...LATER.slice(0, 3), ...LATER.slice(4)],
    [...LATER.slice(0, 4), ...LATER.slice(3)],
    LATER.toReversed(),
  ])
    assert.throws(() => prove(headers), { reason: "time.not-linked" });
  assert.throws(() => prove([a, b, c, d!, e!, f!, ...LATER], FIRST_BITS), {
    reason: "time.not-linked",
    detail: "header 7",
  });
});

test("only mainnet's headers prove anything: on every other network anyone can make them", () => {
  for (const network of NETWORKS.filter((one) => one !== "mainnet"))
    assert.throws(() => proveTime(concat(...LATER), network), { reason: "time.practice-network" });
});

test("any one bit changed anywhere is noticed", () => {
  const whole = concat(...LATER);
  fc.assert(
    fc.property(fc.nat({ max: whole.length * 8 - 1 }), (bit) => {
      const changed = whole.slice();
      changed[bit >> 3]! ^= 1 << (bit & 7);
      assert.throws(() => proveTime(changed, "mainnet"), Refusal);
    }),
  );
});

test("whatever bytes come, the answer is a proof or a refusal about time", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 900 }), (bytes) => {
      assert.throws(
        () => proveTime(bytes, "mainnet"),
        (error) => error instanceof Refusal && error.reason.startsWith("time."),
      );
    }),
  );
});

test("a target is read as consensus reads it: none that is zero, negative, or past 256 bits", () => {
  const cases: readonly (readonly [number, bigint | undefined])[] = [
    [0x1d00ffff, 0xffffn << 208n],
    [0x17021ec5, 0x21ec5n << 160n],
    [0x03123456, 0x123456n],
    [0x02123456, 0x1234n],
    [0x01123456, 0x12n],
    [0x20123456, 0x123456n << 232n],
    [0x2100ffff, 0xffffn << 240n],
    [0x220000ff, 0xffn << 248n],
    // Nothing, and what is shifted away.
    [0x00000000, undefined],
    [0x00123456, undefined],
    [0x01003456, undefined],
    [0x1d000000, undefined],
    // Negative.
    [0x04923456, undefined],
    [0x01fedcba, undefined],
    [0x1d80ffff, undefined],
    // Past 256 bits.
    [0x21123456, undefined],
    [0x220000ff + 0x100, undefined],
    [0x23000001, undefined],
    [0xff123456, undefined],
  ];
  for (const [bits, target] of cases) assert.equal(targetOf(bits), target, bits.toString(16));
});

test("a header that claims a target it does not meet, or none, took no work", () => {
  const easy = LATER.map((header) => header.slice());
  // The highest target there is, and a hash that is far above mainnet's.
  const [first] = easy;
  first!.set([0xff, 0xff, 0x7f, 0x20], 72);
  first![76]! ^= 1;
  assert.throws(
    () => prove(easy, FIRST_BITS),
    (error) => error instanceof Refusal && /^time\./.test(error.reason),
  );
  for (const bits of [
    [0, 0, 0, 0],
    [0xff, 0xff, 0x80, 0x1d],
    [1, 0, 0, 0xff],
  ]) {
    first!.set(bits, 72);
    assert.throws(() => prove(easy), { reason: "time.no-work", detail: "header 1: its target is none" });
  }
});
