// What is known of a key's backups, whatever happens to them in whatever order.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isRehearsed, rehearsed, sharesRehearsed, withBackup } from "../../src/flows/backups/records.ts";
import { MOST_BACKUPS } from "../../src/flows/state.ts";
import { BACKUP_FORMS, type KeyRecord, lastRehearsedMs } from "../../src/keeping.ts";

const EMPTY: KeyRecord = { fingerprint: "00000000", name: "Key 1", madeMs: 1, origin: "born", backups: [] };

/** Three sets, each of four shares of which two are needed. */
const share = fc
  .record({ set: fc.nat(2), number: fc.nat(3) })
  .map(({ set, number }) => `set ${set}, share ${number}`);
const form = fc.constantFrom(...BACKUP_FORMS);
const step = fc.oneof(
  fc.record({ act: fc.constant("made" as const), form }),
  fc.record({ act: fc.constant("rehearsed" as const), form }),
  fc.record({ act: fc.constant("set" as const), set: fc.nat(2) }),
  fc.record({
    act: fc.constant("shares" as const),
    names: fc.uniqueArray(share, { minLength: 2, maxLength: 4 }),
  }),
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

function after(record: KeyRecord, one: Step, nowMs: number): KeyRecord {
  switch (one.act) {
    case "made":
      return withBackup(record, { form: one.form, madeMs: nowMs });
    case "rehearsed":
      return rehearsed(record, one.form, nowMs);
    case "set": {
      const each = [0, 1, 2, 3].map((number) => ({ name: `set ${one.set}, share ${number}` }));
      return withBackup(record, { form: "slip39", madeMs: nowMs, shares: { needed: 2, each } });
    }
    case "shares":
      return sharesRehearsed(record, "slip39", { needed: 2, names: one.names }, nowMs);
  }
}

test("a key whose backup was rehearsed once stays so, however many are made, and the record stays within its bound", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 250 }), (steps) => {
      let record = EMPTY;
      let once = false;
      for (const [i, one] of steps.entries()) {
        const before = record;
        record = after(record, one, 1000 + i);
        once ||= one.act === "rehearsed" || one.act === "shares";
        assert.equal(isRehearsed(record), once, JSON.stringify(one));
        assert.ok(record.backups.length <= MOST_BACKUPS);
        const newest = record.backups.filter((backup) => !before.backups.includes(backup));
        assert.ok(newest.length === 1, "one backup is made or changed at a time");
      }
    }),
    { numRuns: 200 },
  );
});

test("where there are too many the oldest that was never rehearsed gives way, and what was is the last to go", () => {
  const set = (number: number) => ({ needed: 1, each: [{ name: `set ${number}, share 1` }] });
  const many = Array.from({ length: 3 * MOST_BACKUPS }, (_, i) => i);
  const record = many.reduce(
    (known, i) => withBackup(known, { form: "slip39", madeMs: 100 + i, shares: set(i) }),
    rehearsed(EMPTY, "words", 5),
  );
  assert.equal(record.backups.length, MOST_BACKUPS);
  assert.deepEqual(record.backups[0], { form: "words", madeMs: 5, rehearsedMs: 5 });
  assert.equal(record.backups[1]!.madeMs, 100 + 2 * MOST_BACKUPS + 1);
  const all = many.reduce(
    (known, i) => sharesRehearsed(known, "slip39", { needed: 1, names: [`set ${i}, share 1`] }, 1000 + i),
    EMPTY,
  );
  assert.equal(
    all.backups.at(-1)!.rehearsedMs,
    1000 + 3 * MOST_BACKUPS - 1,
    "the newest is never the one to go",
  );
});

test("of a form without shares there is one, made when it was made last and rehearsed when it was rehearsed last", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let record = EMPTY;
      const expected = new Map<string, { madeMs: number; rehearsedMs?: number }>();
      for (const [i, one] of steps.entries()) {
        const now = 1000 + i;
        record = after(record, one, now);
        if (one.act === "made") expected.set(one.form, { ...expected.get(one.form), madeMs: now });
        if (one.act === "rehearsed")
          expected.set(one.form, { madeMs: expected.get(one.form)?.madeMs ?? now, rehearsedMs: now });
      }
      const whole = record.backups.filter(({ shares }) => shares === undefined);
      fc.pre(record.backups.length < MOST_BACKUPS);
      assert.deepEqual(new Map(whole.map(({ form, ...times }) => [form, times])), new Map(expected));
    }),
  );
});

test("shares of a set that is known are found by their names, and those of one that is not make one", () => {
  const each = ["a", "b", "c"].map((letter) => ({ name: `CASH, share ${letter}` }));
  const made = withBackup(EMPTY, { form: "codex32", madeMs: 5, shares: { needed: 2, each } });
  const tried = sharesRehearsed(made, "codex32", { needed: 2, names: ["CASH, share c", "CASH, share a"] }, 9);
  assert.equal(tried.backups.length, 1);
  assert.deepEqual(
    tried.backups[0]!.shares!.each.map(({ rehearsedMs }) => rehearsedMs),
    [9, undefined, 9],
  );
  const more = sharesRehearsed(
    tried,
    "codex32",
    { needed: 2, names: ["CASH, share a", "CASH, share f"] },
    12,
  );
  assert.equal(more.backups.length, 1);
  assert.equal(more.backups[0]!.shares!.each.length, 4, "a share that was not known joins its set");
  const other = sharesRehearsed(
    more,
    "codex32",
    { needed: 2, names: ["LEET, share a", "LEET, share c"] },
    20,
  );
  assert.deepEqual(
    other.backups.map(({ madeMs, rehearsedMs }) => [madeMs, rehearsedMs]),
    [
      [5, 12],
      [20, 20],
    ],
  );
  const sameNames = sharesRehearsed(other, "slip39", { needed: 2, names: ["CASH, share a"] }, 30);
  assert.equal(sameNames.backups.length, 3, "another form's shares are others, whatever they are called");
});

test("shares that were only written down do not count, and one fewer than needed does not either", () => {
  const shares = (tried: number) => ({
    needed: 2,
    each: [0, 1, 2].map((number) => ({ name: `${number}`, ...(number < tried ? { rehearsedMs: 7 } : {}) })),
  });
  const counts = [0, 1, 2, 3].map((tried) =>
    lastRehearsedMs({ form: "slip39", madeMs: 1, shares: shares(tried) }),
  );
  assert.deepEqual(counts, [undefined, undefined, 7, 7]);
});
