// Dice and coins: the recipe against the programs that publish it, and rolls that nobody rolled.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { test } from "node:test";
import { entropyToMnemonic } from "@scure/bip39";
import { wordlist } from "@scure/bip39/wordlists/english.js";
import {
  COINS,
  DICE,
  entropyOfRolls,
  leastRolls,
  type Rolls,
  refuseUnrolled,
  shellLine,
} from "../../../src/keys/chance/rolls.ts";
import { indexesOf, wordList } from "../../../src/keys/mnemonic.ts";
import { ascii, refusesWith, unhex, vectors } from "../make.ts";

const { vectors: KNOWN } = JSON.parse(vectors("rolls.json")) as {
  readonly vectors: readonly { from: string; kind: "dice" | "coins"; rolls: string; words: string }[];
};

test("dice and coins alone make the very words that SeedSigner and Coldcard make of them", () => {
  assert.ok(KNOWN.length >= 20);
  for (const { rolls, words, from } of KNOWN) {
    const length = (words.split(" ").length / 3) * 4;
    const indexes = indexesOf(entropyOfRolls(ascii(rolls), length));
    assert.equal([...indexes].map((index) => wordList[index]).join(" "), words, from);
  }
});

test("the shell line gives the same entropy, for each number of words", () => {
  const rolls = KNOWN[0]!.rolls;
  for (const words of [12, 15, 18, 21, 24]) {
    const length = (words / 3) * 4;
    const line = shellLine(length).replace("ROLLS", rolls);
    const printed = execFileSync("sh", ["-c", line], { encoding: "utf8" }).trim();
    assert.equal(printed, unhex(entropyOfRolls(ascii(rolls), length)));
    assert.equal(entropyToMnemonic(Buffer.from(printed, "hex"), wordlist).split(" ").length, words);
  }
});

test("so many rolls are needed that they hold the bits, and the published 50 and 99", () => {
  const words = [12, 15, 18, 21, 24];
  assert.deepEqual(
    words.map((count) => leastRolls(DICE, count)),
    [50, 62, 75, 87, 99],
  );
  assert.deepEqual(
    words.map((count) => leastRolls(COINS, count)),
    [128, 160, 192, 224, 256],
  );
  // 99 rolls hold 255.9 bits; every other count is the first that holds them all.
  for (const count of words) {
    const bits = (count / 3) * 32;
    const held = leastRolls(DICE, count) * Math.log2(6);
    assert.ok(held > bits - 0.1 && held - Math.log2(6) < bits, `${count} words`);
  }
});

const rolled = (rolls: Rolls, count: number) =>
  ascii(Array.from({ length: count }, () => rolls.faces[randomInt(rolls.faces.length)]).join(""));

test("what is rolled is taken", () => {
  for (let i = 0; i < 300; i++) {
    refuseUnrolled(DICE, rolled(DICE, 50));
    refuseUnrolled(DICE, rolled(DICE, 99));
    refuseUnrolled(COINS, rolled(COINS, 128));
    refuseUnrolled(COINS, rolled(COINS, 256));
  }
});

/** Rolls of which each face comes as often as is said, in an order without a pattern. */
function mixed(counts: Readonly<Record<string, number>>): string {
  const left = Object.entries(counts).flatMap(([face, count]) => Array.from({ length: count }, () => face));
  const out: string[] = [];
  let state = 12345;
  while (left.length > 0) {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    out.push(...left.splice(Math.floor((state / 2 ** 31) * left.length), 1));
  }
  return out.join("");
}

for (const [what, rolls, typed, reason] of [
  ["one face for ever", DICE, "3".repeat(50), "birth.dead-source"],
  ["a die that locks", DICE, `1465${"2".repeat(13)}5361324612536142635142361425361`, "birth.dead-source"],
  ["faces in order, again and again", DICE, "123456".repeat(17).slice(0, 99), "birth.pattern"],
  ["the same ten rolls, again and again", DICE, "1634251364".repeat(5), "birth.pattern"],
  ["two faces only", DICE, mixed({ 1: 25, 6: 25 }), "birth.uneven"],
  ["three faces only", DICE, mixed({ 1: 17, 2: 17, 5: 16 }), "birth.uneven"],
  ["a loaded die", DICE, mixed({ 1: 11, 2: 12, 3: 12, 4: 12, 5: 12, 6: 40 }), "birth.uneven"],
  ["heads, tails, heads, tails", COINS, "10".repeat(64), "birth.pattern"],
  ["heads for ever", COINS, "1".repeat(128), "birth.dead-source"],
  ["a coin that lands on one side", COINS, mixed({ 1: 95, 0: 33 }), "birth.uneven"],
] as const)
  test(`${what}: refused by name, and no roll stands in the refusal`, () => {
    assert.throws(
      () => refuseUnrolled(rolls, ascii(typed)),
      (problem) => {
        const { detail } = problem as { detail: string };
        assert.doesNotMatch(detail, /\d/);
        return refusesWith(reason)(problem);
      },
    );
  });

test("a die that misses one face, or a coin that is a little bent, is still taken: it can be chance", () => {
  refuseUnrolled(DICE, ascii(mixed({ 1: 10, 2: 10, 3: 10, 4: 10, 5: 10 })));
  refuseUnrolled(COINS, ascii(mixed({ 1: 78, 0: 50 })));
});
