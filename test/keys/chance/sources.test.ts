// What each source hands to the mix, what it counts for, and the transcript.

import assert from "node:assert/strict";
import { createHash, hkdfSync, randomBytes } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { NO_FRAMES } from "../../../src/keys/chance/camera.ts";
import { COINS, DICE } from "../../../src/keys/chance/rolls.ts";
import {
  cameraGiven,
  HARDWARE_BYTES,
  hardwareGiven,
  kernelGiven,
  refuseUndrawn,
  rollsGiven,
  timingGiven,
  transcriptOf,
  typedGiven,
} from "../../../src/keys/chance/sources.ts";
import { mixEntropy } from "../../../src/keys/index.ts";
import { ascii, fixedRandom, refusesWith, unhex, vectors } from "../make.ts";

const ROLLS = JSON.parse(vectors("rolls.json")).vectors[0].rolls as string;

test("the kernel's generator is asked for 64 bytes, more than any key is long, and they go in as they are", () => {
  const asked: number[] = [];
  const random = fixedRandom("k");
  const given = kernelGiven({
    bytes(length) {
      asked.push(length);
      return random.bytes(length);
    },
  });
  assert.deepEqual(asked, [64]);
  assert.deepEqual(given.bytes, fixedRandom("k").bytes(64));
  assert.deepEqual([given.name, given.bits, given.health], ["random", 512, "passed"]);
});

test("a kernel's generator that is stuck, or gives one value too often, makes no key", () => {
  for (const bytes of [
    (length: number) => new Uint8Array(length),
    (length: number) => Uint8Array.from({ length }, (_, i) => (i < 20 ? i * 37 : 255)),
    (length: number) => Uint8Array.from({ length }, (_, i) => (i % 3 === 0 ? 9 : i * 41)),
  ])
    assert.throws(() => kernelGiven({ bytes }), refusesWith("keys.entropy-dead"));
});

test("a generator in hardware counts for half of its bits, and a dead one is named and left out", () => {
  const bytes = fixedRandom("tpm").bytes(HARDWARE_BYTES);
  assert.deepEqual(hardwareGiven("TPM", bytes), { name: "TPM", bytes, bits: 512, health: "passed" });
  for (let i = 0; i < 200; i++) hardwareGiven("board", randomBytes(HARDWARE_BYTES));
  const stuck = bytes.slice().fill(0x5a, 40, 49);
  const biased = bytes.map((byte, i) => (i % 4 === 0 ? bytes[0]! : byte));
  for (const dead of [stuck, biased])
    assert.throws(
      () => hardwareGiven("board", dead),
      (problem) =>
        /^board: /.test((problem as { detail: string }).detail) && refusesWith("birth.dead-source")(problem),
    );
});

test("dice and coins go in as they were typed, so that a shell can check their digest", () => {
  const dice = rollsGiven(DICE, ascii(ROLLS));
  assert.deepEqual([dice.name, dice.bits, dice.health], ["dice", 255, "passed"]);
  const [line] = transcriptOf([dice]);
  assert.equal(line!.sha256, createHash("sha256").update(ROLLS).digest("hex"));
  assert.throws(() => rollsGiven(COINS, ascii("01".repeat(64))), refusesWith("birth.pattern"));
});

test("the camera goes in as its digest, and counts for what was measured, not more", () => {
  const seen = { ...NO_FRAMES, digest: randomBytes(32), frames: 9, bits: 263.9 };
  assert.deepEqual(cameraGiven(seen), { name: "camera", bytes: seen.digest, bits: 263, health: "passed" });
});

test("what was typed counts for nothing, and is neither tested nor left out", () => {
  assert.deepEqual(typedGiven("aaaa"), { name: "typed", bytes: ascii("aaaa"), bits: 0, health: "none" });
});

test("the times of keys are 64-bit floats, count one bit a gap, and a clock that stands still is dead", () => {
  assert.equal(unhex(timingGiven([1, 2.5, 4]).bytes), "3ff000000000000040040000000000004010000000000000");
  assert.deepEqual([timingGiven([]).health, timingGiven([1, 2.5, 4]).bits], ["short", 0]);
  const noise = fixedRandom("t").bytes(80);
  const times = Array.from(noise, (byte, i) => 180 * i + byte / 3.7);
  const given = timingGiven(times);
  assert.deepEqual([given.bits, given.health], [79, "passed"]);
  assert.throws(() => timingGiven(times.map(() => 5)), refusesWith("birth.dead-source"));
  // Every 100 ms, as a machine would type.
  assert.throws(() => timingGiven(times.map((_, i) => 100 * i)), refusesWith("birth.dead-source"));
});

test("words that are all one word were not drawn from a hat", () => {
  assert.throws(() => refuseUndrawn(new Uint16Array(23)), refusesWith("birth.dead-source"));
  refuseUndrawn(Uint16Array.from({ length: 23 }, (_, i) => (i * 977) % 2048));
  refuseUndrawn(Uint16Array.of(5, 5, 5, 9, 9, 9, 700, 800, 900, 1000, 1100));
});

test("with every source written down anybody can make the result again", () => {
  const given = [
    kernelGiven(fixedRandom("all")),
    hardwareGiven("TPM", fixedRandom("tpm").bytes(HARDWARE_BYTES)),
    rollsGiven(DICE, ascii(ROLLS)),
    typedGiven("and this"),
  ];
  const sized = (part: Uint8Array) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(part.length);
    return Buffer.concat([length, part]);
  };
  const all = Buffer.concat(given.flatMap(({ name, bytes }) => [sized(ascii(name)), sized(bytes)]));
  for (const length of [16, 20, 24, 28, 32]) {
    const again = hkdfSync("sha512", all, "firn entropy 1", "words", length);
    assert.equal(unhex(mixEntropy(given, length)), Buffer.from(again).toString("hex"));
  }
});

test("a transcript says names, lengths, bits, health and digests, and never holds a byte of a source", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 8, maxLength: 64 }), (bytes) => {
      const text = JSON.stringify(transcriptOf([{ name: "dice", bytes, bits: 3, health: "passed" }]));
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      assert.equal(
        text,
        `[{"name":"dice","length":${bytes.length},"bits":3,"health":"passed","sha256":"${sha256}"}]`,
      );
    }),
  );
});
