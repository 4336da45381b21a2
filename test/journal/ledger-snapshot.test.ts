import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isLedgerSnapshot, SpendLedger } from "../../src/journal/ledger.ts";
import { LIMITS } from "../../src/limits.ts";
import type { Scope } from "../../src/rules.ts";
import { anyHistory, anySpend, DAY, HOUR, ledgerOf, line, NOON, past, spentEntry } from "../policy/cases.ts";
import { anyScope } from "../policy/policies.ts";

const ALL: Scope = { of: "all" };
const textOf = (ledger: SpendLedger) => JSON.stringify(ledger.snapshot());
const again = (ledger: SpendLedger) => new SpendLedger(JSON.parse(textOf(ledger)));
const hex = (n: number) => n.toString(16).padStart(64, "0");

test("a ledger goes through its snapshot unchanged, at any point of a history, and again", () => {
  fc.assert(
    fc.property(anyHistory(12), fc.nat(12), anySpend, anyScope, (history, cut, one, scope) => {
      const whole = ledgerOf(...history);
      const parted = again(ledgerOf(...history.slice(0, cut)));
      for (const later of history.slice(cut)) parted.add(spentEntry(later));
      assert.equal(textOf(parted), textOf(whole));
      for (const since of [0, NOON - 12 * HOUR, NOON])
        assert.equal(parted.taken("btc", scope, since, one), whole.taken("btc", scope, since, one));
    }),
    { numRuns: 500 },
  );
});

test("a snapshot of another version, and anything else, is known for none", () => {
  assert.ok(isLedgerSnapshot(new SpendLedger().snapshot()));
  for (const other of [{ version: 2 }, {}, [], undefined, null, "1"]) assert.ok(!isLedgerSnapshot(other));
});

test("what no window reaches any more is forgotten, but for the latest, whatever the clock says", () => {
  const old = Array.from({ length: 300 }, (_, i) => past(hex(i), 1n, NOON + i, [`${hex(i)}:0`]));
  const kept = again(ledgerOf(...old, past(hex(999), 1n, NOON + 400 * DAY)));
  assert.equal(kept.taken("btc", ALL, 0), 128n);
  assert.equal(kept.since(0).length, 128);
  assert.ok(kept.contradicted(hex(0), "ff"), "claims are remembered longer");
});

test("a snapshot is bounded, and what it does not tell apart counts for no less and as long", () => {
  const minutes = 50_000;
  const ledger = new SpendLedger();
  for (let i = 0; i < minutes; i++)
    ledger.add(
      spentEntry(past(hex(i), BigInt(1 + (i % 7)), NOON + i * 60_000, [`${hex(i)}:0`, `${hex(i)}:1`]), {
        to: [`bc1q${i}`],
      }),
    );
  ledger.add(line({ kind: "asked", txid: "q", destinations: [], reasons: [] }, NOON + minutes * 60_000));
  const text = textOf(ledger);
  assert.ok(text.length < (LIMITS.blobBytes * 3) / 4, `${text.length} characters`);
  const kept = again(ledger);
  const now = NOON + minutes * 60_000;
  for (const windowMs of [HOUR, DAY, 7 * DAY, 30 * DAY]) {
    const [more, exact] = [kept, ledger].map((one) => one.taken("btc", ALL, now - windowMs));
    assert.ok(more! >= exact!, `${windowMs}: ${more} of ${exact}`);
    // By an hour's spends at most.
    assert.ok(more! - exact! <= 420n, `${windowMs}: ${more} of ${exact}`);
    assert.ok(kept.count(ALL, now - windowMs) >= ledger.count(ALL, now - windowMs));
  }
  assert.equal(kept.askedAt("q"), now);
  assert.ok(kept.known(`bc1q${minutes - 1}`).paidAt);
  assert.equal(textOf(kept), text, "twice is as once");
});

test("spends with thousands of coins are bounded too, and count", () => {
  const ledger = new SpendLedger();
  for (let i = 0; i < 100; i++) {
    const outpoints = Array.from({ length: 1_000 }, (_, j) => `${hex(i * 1_000 + j)}:0`);
    ledger.add(spentEntry(past(hex(i), 1n, NOON + i * HOUR, outpoints)));
  }
  assert.ok(textOf(ledger).length < (LIMITS.blobBytes * 3) / 4);
  assert.equal(again(ledger).taken("btc", ALL, 0), 100n);
  assert.equal(again(ledger).count(ALL, 0), 100);
});

test("over the years a ledger takes no more memory than its last month, and counts that month exactly", () => {
  const ledger = new SpendLedger();
  const days = 20_000;
  for (let i = 0; i < days; i++)
    ledger.add(spentEntry(past(hex(i), 1n, NOON + i * DAY, [`${hex(i >> 1)}:0`]), { to: [`bc1q${i}`] }));
  assert.ok(ledger.since(0).length < 9_000, `${ledger.since(0).length} spends are held`);
  assert.equal(ledger.taken("btc", ALL, NOON + (days - 31) * DAY), 15n);
  assert.ok(ledger.known(`bc1q${days - 1}`).paidAt);
});
