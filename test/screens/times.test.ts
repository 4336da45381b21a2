// What a person is told of times in a way to spend.

import assert from "node:assert/strict";
import { test } from "node:test";
import { timeNotes } from "../../src/screens/times.ts";
import type { Condition } from "../../src/ways.ts";

const KEY: Condition = { kind: "key", key: 0 };
const all = (...of: Condition[]): Condition => ({ kind: "threshold", threshold: of.length, of });
const older = (value: number) => all(KEY, { kind: "older", value });
const after = (value: number) => all(KEY, { kind: "after", value });
const NOW = Date.UTC(2026, 10, 22);
const DAY = 86_400;
const notes = (condition: Condition, network: "mainnet" | "regtest" = "mainnet") =>
  timeNotes(condition, { network, dateMs: NOW });

test("a wait of days to a year is as one would expect, and nothing is said", () => {
  for (const value of [288, 1008, 26_000, 52_560, (1 << 22) | 338]) assert.deepEqual(notes(older(value)), []);
  assert.deepEqual(notes(KEY), []);
});

test("a short wait, a long one and none at all are told, in either unit", () => {
  assert.deepEqual(notes(older(287)), [
    "A short wait: it is over 287 blocks, about 48 hours after a payment came.",
  ]);
  assert.deepEqual(notes(older((1 << 22) | 1)), [
    "A short wait: it is over 1 times 512 seconds, about 9 minutes after a payment came.",
  ]);
  assert.deepEqual(notes(older(60_000)), [
    "A long wait: 60,000 blocks, about 14 months, anew after each payment.",
  ]);
  assert.deepEqual(notes(older(1 << 16)), ["The number 65536 stands where a wait should: it is no wait."]);
  assert.deepEqual(notes(older(1 << 22)), ["The number 4194304 stands where a wait should: it is no wait."]);
});

test("a date that has passed, is near or is far is told; one between is not", () => {
  const now = NOW / 1000;
  assert.deepEqual(notes(after(now)), [
    "2026-11-22 00:00 UTC has passed, by this device's date: this way is open now.",
  ]);
  assert.deepEqual(notes(after(now + 30 * DAY)), [
    "2026-12-22 00:00 UTC is near: about 30 days from now, by this device's date.",
  ]);
  assert.deepEqual(notes(after(now + 90 * DAY)), []);
  assert.deepEqual(notes(after(now + 3660 * DAY)), []);
  assert.deepEqual(notes(after(now + 7305 * DAY)), ["2046-11-22 00:00 UTC is far: about 20 years from now."]);
});

test("heights are reckoned on mainnet from one that is known, and nowhere else", () => {
  assert.match(notes(after(840_000))[0]!, /^Block 840,000 has passed/);
  // Two years and seven months after April 2024, at ten minutes a block, is about 136,000 blocks.
  assert.match(notes(after(980_000))[0]!, /^Block 980,000 is near: about \d+ days from now/);
  assert.deepEqual(notes(after(1_050_000)), []);
  assert.match(notes(after(2_000_000))[0]!, /^Block 2,000,000 is far: about 19 years from now\.$/);
  assert.deepEqual(notes(after(1), "regtest"), []);
});

test("each is told once, wherever it stands in the condition", () => {
  const twice = all(older(10), { kind: "threshold", threshold: 1, of: [older(10), after(1_000)] });
  assert.deepEqual(
    notes(twice).map((note) => note.split(":")[0]),
    ["A short wait", "Block 1,000 has passed, by this device's date"],
  );
});
