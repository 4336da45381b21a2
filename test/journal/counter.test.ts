// What ties a journal to its home and to its machine: the number of writings, and a counter that never goes back.

import assert from "node:assert/strict";
import { test } from "node:test";
import { openJournal } from "../../src/journal/index.ts";
import type { Counter } from "../../src/ports.ts";
import { Refusal } from "../../src/refusal.ts";
import { KEY, SEED, setting, spent } from "./setting.ts";

/** It fails as often as it is told to. */
function counting(start = 0): Counter & { at: number; fails: number } {
  return {
    at: start,
    fails: 0,
    async value() {
      return this.at;
    },
    async raise() {
      if (this.fails-- > 0) throw new Refusal("seal.failed");
      return ++this.at;
    },
  };
}

const refuses = (problem: unknown) => problem instanceof Refusal && problem.reason === "journal.rewound";

function counted(from: ReturnType<typeof setting>, counter: Counter, counterBase?: number) {
  const random = { bytes: (length: number) => new Uint8Array(length).fill(3) };
  const { store, clock } = from;
  const base = counterBase === undefined ? {} : { counterBase };
  return openJournal({ store, key: KEY, signing: SEED, random, clock, counter, ...base });
}

test("the number of the last writing is known after any number of lines, with the checkpoint and without", async () => {
  const place = setting();
  const journal = await place.open();
  assert.equal(journal.serial(), 0);
  for (let line = 1; line <= 70; line++)
    await journal.append(line % 10 === 1 ? { kind: "kept", serial: line } : spent(line));
  assert.equal(journal.serial(), 61);
  const state = new Map(place.disk.present());
  assert.ok(state.has("checkpoint"));
  assert.equal((await setting(state).open()).serial(), 61);
  state.delete("checkpoint");
  assert.equal((await setting(state).open()).serial(), 61);
});

test("each line raises the counter once, after it is on the medium", async () => {
  const place = setting();
  const counter = counting(500);
  const journal = await counted(place, counter, 500);
  for (let line = 1; line <= 5; line++) {
    const synced = place.disk.count();
    const raise = counter.raise.bind(counter);
    counter.raise = async () => {
      assert.ok(place.disk.count() > synced, "counted before the line was there");
      return raise();
    };
    await journal.append(spent(line));
    assert.equal(counter.at, 500 + line);
  }
});

test("as many lines as were counted open, one more is counted, and any other number is refused without a change", async () => {
  const place = setting();
  const journal = await counted(place, counting());
  for (let line = 1; line <= 4; line++) await journal.append(spent(line));
  const state = place.disk.present();
  for (const [at, opens] of [
    [2, false],
    [3, true],
    [4, true],
    [5, false],
    [9, false],
  ] as const) {
    const counter = counting(at);
    if (opens) {
      await counted(setting(state), counter);
      assert.equal(counter.at, 4);
    } else {
      await assert.rejects(counted(setting(state), counter), refuses);
      assert.equal(counter.at, at);
    }
  }
  // A counter that is younger than the journal begins below zero.
  await counted(setting(state), counting(1), -3);
  await assert.rejects(counted(setting(state), counting(1), 0), refuses);
});

test("a line that was not counted is counted before the next one is written: never two", async () => {
  const place = setting();
  const counter = counting();
  const journal = await counted(place, counter);
  await journal.append(spent(1));
  counter.fails = 3;
  await assert.rejects(journal.append(spent(2)), Refusal);
  await assert.rejects(journal.append(spent(3)), Refusal);
  await assert.rejects(journal.append(spent(3)), Refusal);
  assert.deepEqual([counter.at, journal.head().count], [1, 2]);
  await journal.append(spent(3));
  assert.deepEqual([counter.at, journal.head().count], [3, 3]);
  await counted(setting(place.disk.present()), counter);
});

test("a raise that counted and whose answer was lost is not made twice: the home would be refused for ever", async () => {
  const [old, next] = [counting(7), counting(70)];
  for (const other of [false, true]) {
    const place = setting();
    const counter = other ? next : old;
    const counterBase = counter.at;
    const journal = await counted(place, old, old.at);
    if (other) journal.countOn(next, counterBase);
    for (let line = 1; line <= 3; line++) {
      const raise = counter.raise;
      counter.raise = async () => {
        await raise.call(counter);
        throw new Refusal("seal.failed", "its answer was lost");
      };
      await assert.rejects(journal.append(spent(line)), Refusal);
      counter.raise = raise;
    }
    await journal.append({ kind: "locked", why: "asked" });
    assert.deepEqual([counter.at, journal.head().count], [counterBase + 4, 4]);
    await counted(setting(place.disk.present()), counter, counterBase);
  }
});

test("from the moment at which another counter counts, the one before is left as it stands", async () => {
  const place = setting();
  const [old, next] = [counting(), counting(70)];
  const journal = await counted(place, old);
  await journal.append(spent(1));
  await journal.append(spent(2));
  const counterBase = (await next.value()) - journal.head().count;
  journal.countOn(next, counterBase);
  await journal.append(spent(3));
  assert.deepEqual([old.at, next.at], [2, 71]);
  await counted(setting(place.disk.present()), next, counterBase);
});
