import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { together } from "../../src/journal/conflicts.ts";
import { destinationMark, emptyLedger } from "../../src/journal/index.ts";
import { SpendLedger } from "../../src/journal/ledger.ts";
import type { PastSpend, Scope, Spend } from "../../src/rules.ts";
import {
  anyHistory,
  anySpend,
  DAY,
  HOUR,
  ledgerOf,
  line,
  NOON,
  past,
  spend,
  spentEntry,
} from "../policy/cases.ts";
import { anyScope, KEYS, sat, WALLETS } from "../policy/policies.ts";
import { isIn, largest, largestSum, once, unitsOf } from "../policy/reference.ts";

const ALL: Scope = { of: "all" };
const again = (ledger: SpendLedger) => new SpendLedger(JSON.parse(JSON.stringify(ledger.snapshot())));

/** The slow way. */
function taken(
  history: readonly PastSpend[],
  scope: Scope,
  sinceMs: number,
  also?: Spend,
  each: (one: Pick<PastSpend, "takes">) => bigint = (one) => unitsOf(one),
): bigint {
  const all = once(history);
  const counted = all.filter((one) => isIn(one, scope) && one.at > sinceMs && one.txid !== also?.txid);
  const before = all.filter((one) => one.txid === also?.txid && isIn(one, scope));
  const weighed = counted.map((one) => ({ outpoints: one.outpoints, units: each(one) }));
  const units = also && largest([...before, also].map((one) => each(one)));
  return largestSum(also ? [...weighed, { outpoints: also.outpoints, units: units! }] : weighed);
}

test("a new device's ledger is empty, and knows nothing", () => {
  const ledger = emptyLedger();
  assert.equal(ledger.taken("btc", ALL, 0), 0n);
  assert.equal(ledger.count(ALL, 0), 0);
  assert.deepEqual(ledger.known("bc1q"), {});
  assert.equal(ledger.askedAt("aa"), undefined);
  assert.equal(ledger.contradicted("aa", "00"), false);
  assert.equal(ledger.height(), undefined);
  assert.equal(ledger.uncountedBefore, undefined);
  assert.deepEqual(ledger.since(0), []);
});

test("what counts in any window and scope is what trying every subset finds, with and without one more spend", () => {
  let met = 0;
  fc.assert(
    fc.property(
      anyHistory(9),
      anyScope,
      fc.integer({ min: NOON - 31 * HOUR, max: NOON + 3 * HOUR }),
      anySpend,
      (history, scope, since, one) => {
        const ledger = ledgerOf(...history);
        const alone = taken(history, scope, since);
        if (alone > 0n && alone < history.map((each) => unitsOf(each)).reduce((a, b) => a + b)) met++;
        for (const found of [ledger, again(ledger)]) {
          assert.equal(found.taken("btc", scope, since), alone);
          assert.equal(found.taken("btc", scope, since, one), taken(history, scope, since, one));
          assert.equal(
            BigInt(found.count(scope, since)),
            taken(history, scope, since, undefined, () => 1n),
          );
          assert.equal(
            BigInt(found.count(scope, since, one)),
            taken(history, scope, since, one, () => 1n),
          );
        }
      },
    ),
    { numRuns: 2000 },
  );
  assert.ok(met > 300, `only in ${met} cases anything was replaced or left out`);
});

test("what is released counts no longer, and the rest counts as if it had never been there", () => {
  fc.assert(
    fc.property(anyHistory(9), fc.nat(8), anySpend, anyScope, (history, which, one, scope) => {
      const txid = history[which]?.txid ?? "none";
      const rest = history.filter((other) => other.txid !== txid);
      const ledger = ledgerOf(...history);
      ledger.add(line({ kind: "released", txid }, NOON));
      for (const found of [ledger, again(ledger)])
        for (const since of [0, NOON - 12 * HOUR]) {
          assert.equal(found.taken("btc", scope, since), taken(rest, scope, since));
          assert.equal(found.taken("btc", scope, since, one), taken(rest, scope, since, one));
        }
    }),
    { numRuns: 1000 },
  );
});

test("two payments and a third that conflicts with both: both count, or the third where it is more", () => {
  const both = [past("t1", 4n, NOON, ["A:0"]), past("t2", 4n, NOON, ["B:0"])];
  const third = (units: bigint) => past("t3", units, NOON, ["A:0", "B:0"]);
  assert.equal(ledgerOf(...both, third(5n)).taken("btc", ALL, 0), 8n);
  assert.equal(ledgerOf(...both, third(9n)).taken("btc", ALL, 0), 9n);
  assert.equal(ledgerOf(third(5n), ...both).taken("btc", ALL, 0), 8n);
  // Where the first of them is out of the window the third is more.
  const later = [past("t1", 4n, NOON - DAY, ["A:0"]), past("t2", 4n, NOON, ["B:0"]), third(5n)];
  assert.equal(ledgerOf(...later).taken("btc", ALL, NOON - HOUR), 5n);
});

test("a chain of replacements counts by its dearest, whatever the window cuts off", () => {
  const chain = [3n, 9n, 1n, 7n, 2n].map((units, i) =>
    past(`r${i}`, units, NOON + i * HOUR, ["A:0", `n${i}:0`]),
  );
  const ledger = ledgerOf(...chain);
  const from = (i: number) => ledger.taken("btc", ALL, NOON + i * HOUR - 1);
  assert.deepEqual([from(0), from(1), from(2), from(3), from(4), from(5)], [9n, 9n, 7n, 7n, 2n, 0n]);
  assert.equal(ledger.count(ALL, 0), 1);
});

test("conflicts of too many spends count by their plain sum, never by less", () => {
  for (const length of [29, 30, 31, 32, 33, 64, 200]) {
    const chain = Array.from({ length }, (_, i) => past(`r${i}`, BigInt(i + 1), NOON + i, ["A:0"]));
    const ledger = ledgerOf(...chain);
    const plain = BigInt((length * (length + 1)) / 2);
    assert.equal(ledger.taken("btc", ALL, 0), length <= 30 ? BigInt(length) : plain, String(length));
    // A window that holds few of them is exact again.
    assert.equal(ledger.taken("btc", ALL, NOON + length - 11), BigInt(length));
    const one = spend({ txid: "new", outpoints: ["A:0"], takes: [sat(1_000n)] });
    assert.equal(ledger.taken("btc", ALL, 0, one), length < 30 ? 1_000n : plain + 1_000n, String(length));
    assert.equal(ledger.taken("btc", ALL, NOON + length - 11, one), 1_000n);
    const last = spend({ txid: `r${length - 1}`, outpoints: ["A:0"], takes: [sat(length + 5)] });
    assert.equal(ledger.taken("btc", ALL, 0, last), length <= 30 ? BigInt(length + 5) : plain + 5n);
  }
});

test("groups that a spend joins count together, and find each other anew when it is released", () => {
  const history = Array.from({ length: 40 }, (_, i) => past(`s${i}`, 10n, NOON + i, [`c${i}:0`]));
  const joins = past(
    "joins",
    1n,
    NOON + 50,
    Array.from({ length: 40 }, (_, i) => `c${i}:0`),
  );
  const ledger = ledgerOf(...history, joins);
  assert.equal(ledger.taken("btc", ALL, 0), 401n);
  ledger.add(line({ kind: "released", txid: "joins" }, NOON + 51));
  assert.equal(ledger.taken("btc", ALL, 0), 400n);
  const one = spend({ txid: "x", outpoints: ["c0:0", "c1:0"], takes: [sat(15n)] });
  assert.equal(ledger.taken("btc", ALL, 0, one), 400n);
  assert.equal(ledger.taken("btc", ALL, 0, { ...one, takes: [sat(25n)] }), 405n);
});

test("hard cases take few steps and are never counted for less than plain conflicts allow", () => {
  // A path of 30: every second one can confirm.
  const path = Array.from({ length: 30 }, (_, i) => past(`p${i}`, 1n, NOON + i, [`e${i}:0`, `e${i + 1}:0`]));
  const started = performance.now();
  assert.equal(ledgerOf(...path).taken("btc", ALL, 0), 15n);
  assert.ok(performance.now() - started < 2_000);
});

test("where trying takes too many steps the plain sum counts, which is never less", () => {
  fc.assert(
    fc.property(anyHistory(9), fc.nat(12), (history, steps) => {
      const all = once(history);
      const units = all.map((each) => unitsOf(each));
      const exact = largestSum(all.map((one, i) => ({ outpoints: one.outpoints, units: units[i]! })));
      const plain = units.reduce((sum, one) => sum + one, 0n);
      assert.equal(together(all, units)(all.length), exact);
      assert.ok([exact, plain].includes(together(all, units, steps)(all.length)));
      if (exact < plain) assert.equal(together(all, units, 0)(all.length), plain);
    }),
  );
});

test("the same request again counts once: as of the later time, by the larger amount", () => {
  const ledger = ledgerOf(past("aa", 5n, NOON), past("aa", 3n, NOON + HOUR));
  assert.equal(ledger.taken("btc", ALL, 0), 5n);
  assert.equal(ledger.taken("btc", ALL, NOON), 5n);
  assert.equal(ledger.count(ALL, 0), 1);
  assert.equal(ledger.since(0).length, 1);
});

test("nothing gives head-room back: an amount below zero counts for none", () => {
  const ledger = ledgerOf(past("aa", 5n, NOON));
  assert.equal(ledger.taken("btc", ALL, 0, spend({ txid: "x", takes: [sat(-3), sat(-9n)] })), 5n);
  assert.equal(ledger.taken("btc", ALL, 0, spend({ txid: "x", takes: [] })), 5n);
});

test("a spend counts for its key, for each of its wallets, and for all", () => {
  const [one, two, three] = WALLETS.map((ref) => ({ of: "wallet", ...ref }) as const);
  const mixed = { ...past("aa", 5n, NOON), wallets: [one!.fingerprint, two!.fingerprint] };
  const ledger = ledgerOf(mixed);
  assert.deepEqual(
    [ALL, one!, two!, three!].map((scope) => ledger.taken("btc", scope, 0)),
    [5n, 5n, 5n, 0n],
  );
  assert.deepEqual(
    [ALL, one!, two!, three!].map((scope) => ledger.since(0, scope).length),
    [1, 1, 1, 0],
    "whoever asks which they are is told the same ones",
  );
  assert.deepEqual(
    KEYS.map((fingerprint) => ledger.taken("btc", { of: "key", fingerprint }, 0)),
    [5n, 0n],
  );
});

test("lines of before wallets were told apart count everywhere, for keys and wallets that came later too", () => {
  const old = {
    kind: "spend",
    txid: "old",
    outpoints: ["A:0"],
    amounts: "00",
    leavesSats: 7n,
    feeSats: 1n,
    destinations: "",
  } as const;
  const ledger = ledgerOf(line(old, NOON), past("new", 2n, NOON + 1), past("bump", 9n, NOON + 2, ["A:0"]));
  for (const found of [ledger, again(ledger)]) {
    assert.equal(found.taken("btc", { of: "wallet", name: "", fingerprint: "ffffffff" }, 0), 7n);
    assert.equal(found.taken("btc", { of: "wallet", ...WALLETS[0]! }, 0), 11n);
    assert.equal(found.taken("btc", ALL, 0), 11n);
    assert.deepEqual(
      found.since(0, { of: "wallet", name: "", fingerprint: "ffffffff" }).map(({ txid }) => txid),
      ["old"],
    );
  }
});

test("a line whose time is behind the record counts as of the record", () => {
  const ledger = ledgerOf(past("a", 1n, NOON), past("b", 2n, NOON - 40 * DAY));
  assert.equal(ledger.taken("btc", ALL, NOON - 1), 3n);
  assert.equal(ledger.taken("btc", ALL, NOON), 0n);
  // Any line moves time, and a time that is no number lets everything count.
  ledger.add(line({ kind: "thawed" }, NOON + DAY));
  ledger.add(spentEntry(past("c", 4n, NOON)));
  assert.equal(ledger.taken("btc", ALL, NOON + HOUR), 4n);
  assert.equal(ledger.taken("btc", ALL, Number.NaN), 7n);
});

test("destinations are known since they were first paid, and first asked for", () => {
  const ledger = ledgerOf(
    line({ kind: "asked", txid: "q", destinations: [], reasons: [] }, NOON - HOUR),
    spentEntry(past("a", 1n, NOON), { to: ["bc1qone", "bc1qtwo"] }),
    spentEntry(past("b", 1n, NOON + HOUR), { to: ["bc1qone"] }),
  );
  for (const found of [ledger, again(ledger)]) {
    assert.equal(found.known("bc1qone").paidAt, NOON);
    assert.equal(found.known("bc1qtwo").paidAt, NOON);
    assert.deepEqual(found.known("bc1qthree"), {});
  }
});

test("what was told to wait waits from when it was first asked for", () => {
  const mark = [destinationMark("bc1qnew")];
  const ask = (txid: string, ms: number) =>
    line({ kind: "asked", txid, destinations: mark, reasons: ["policy.wait"] }, ms);
  const ledger = ledgerOf(ask("q", NOON), ask("q", NOON + HOUR), ask("r", NOON + 2 * HOUR));
  for (const found of [ledger, again(ledger)]) {
    assert.equal(found.askedAt("q"), NOON);
    assert.equal(found.askedAt("r"), NOON + 2 * HOUR);
    assert.deepEqual(found.known("bc1qnew"), { askedAt: NOON });
  }
});

test("what waits has not waited for what block headers prove; windows have", () => {
  const marks = [destinationMark("bc1qnew")];
  const headers = (ms: number) => line({ kind: "time-proven", notBefore: ms, headers: 6 }, ms);
  const ledger = ledgerOf(
    spentEntry(past("a", 1n, NOON)),
    line({ kind: "asked", txid: "q", destinations: marks, reasons: ["policy.wait"] }, NOON),
    line({ kind: "thawed" }, NOON + HOUR),
    headers(NOON + HOUR + 30 * DAY),
  );
  for (const found of [ledger, again(ledger)]) {
    assert.equal(found.askedAt("q"), NOON + 30 * DAY);
    assert.deepEqual(found.known("bc1qnew"), { askedAt: NOON + 30 * DAY });
    assert.equal(found.taken("btc", ALL, NOON + DAY), 0n);
  }
});

test("what is released is as if never asked for or paid, but what was claimed of its inputs is remembered", () => {
  const ledger = ledgerOf(
    line({ kind: "asked", txid: "aa", destinations: [], reasons: [] }, NOON),
    spentEntry({ ...past("aa", 5n, NOON), amounts: "ab".repeat(32) }, { to: ["bc1qnew"], lockTime: 900_000 }),
    spentEntry(past("bb", 5n, NOON), { to: ["bc1qnew", "bc1qother"], lockTime: 800_000 }),
  );
  assert.equal(ledger.height(), 900_000);
  ledger.add(line({ kind: "released", txid: "aa" }, NOON + HOUR));
  for (const found of [ledger, again(ledger)]) {
    assert.equal(found.taken("btc", ALL, 0), 5n);
    assert.equal(found.askedAt("aa"), undefined);
    assert.equal(found.known("bc1qnew").paidAt, undefined);
    assert.equal(found.known("bc1qother").paidAt, NOON);
    assert.equal(found.height(), 800_000);
    assert.ok(found.contradicted("aa", "cd".repeat(32)));
    assert.ok(!found.contradicted("aa", "ab".repeat(32)));
  }
});

test("the highest lock height is remembered, of all but the transaction that asks; times are none", () => {
  const lock = (txid: string, lockTime: number) => spentEntry(past(txid, 1n, NOON), { lockTime });
  const ledger = ledgerOf(
    lock("a", 900_100),
    lock("b", 900_300),
    lock("c", 900_200),
    lock("d", 1_700_000_000),
  );
  for (const found of [ledger, again(ledger)]) {
    assert.equal(found.height(), 900_300);
    assert.equal(found.height("b"), 900_200);
  }
});

test("after lines were lost, what was spent before cannot be counted", () => {
  const ledger = ledgerOf(
    past("a", 1n, NOON),
    line({ kind: "resumed", lost: 3, reason: "journal.damaged", serial: 0, anchor: "" }, NOON + 5),
  );
  assert.equal(ledger.uncountedBefore, NOON + 5);
  assert.equal(again(ledger).uncountedBefore, NOON + 5);
});

test("two claims whose digests were made to begin alike contradict each other all the same", () => {
  const claim = (end: string) => `${"ab".repeat(8)}${end.repeat(24)}`;
  const ledger = ledgerOf({ ...past("aa", 5n, NOON), amounts: claim("01") });
  for (const found of [ledger, again(ledger)]) {
    assert.equal(found.contradicted("aa", claim("01")), false);
    assert.ok(found.contradicted("aa", claim("02")));
  }
});

test("two claims about the same transaction contradict each other, and so does a third", () => {
  const ledger = ledgerOf({ ...past("aa", 1n, NOON), amounts: "01" });
  assert.ok(ledger.contradicted("aa", "02"));
  ledger.add(spentEntry({ ...past("aa", 1n, NOON), amounts: "02" }));
  for (const amounts of ["01", "02", "03"]) assert.ok(ledger.contradicted("aa", amounts));
  assert.ok(!ledger.contradicted("bb", "02"));
});
