// What spending rules of other devices got wrong. Each is a test here.

import assert from "node:assert/strict";
import { test } from "node:test";
import { SpendLedger } from "../../src/journal/ledger.ts";
import {
  hiddenVerdict,
  isAtLeastAsStrict,
  judge,
  parsePolicy,
  reasonsOf,
  refusalOf,
} from "../../src/policy/index.ts";
import { reckon, type Stamp } from "../../src/reckoning.ts";
import {
  at,
  BTC,
  DAY,
  HOUR,
  ledgerOf,
  line,
  NOON,
  NOW,
  POLICY,
  past,
  reasons,
  recorded,
  spend,
} from "./cases.ts";
import { policyOf, RULES, rule, sat } from "./policies.ts";

const OVER = ["policy.over-window-limit"];
const more = (units: bigint, outpoint = "C:0") =>
  spend({ txid: `more ${units}`, outpoints: [outpoint], takes: [sat(units)] });

test("a restart opens no window: the ledger is what the lines say, read again or from a snapshot", () => {
  const lines = [recorded(more(BTC / 2n, "A:0"), NOON), recorded(more(BTC / 2n - 1n, "B:0"), NOON)];
  const read = ledgerOf(...lines);
  const kept = new SpendLedger(JSON.parse(JSON.stringify(read.snapshot())));
  for (const ledger of [read, kept]) {
    assert.deepEqual(reasons(POLICY, more(2n), ledger, at(NOON + DAY - 1)), OVER);
    assert.deepEqual(reasons(POLICY, more(1n), ledger, at(NOON + DAY - 1)), []);
  }
});

test("what was recorded and never signed counts: no cut of power gives head-room back", () => {
  const ledger = ledgerOf(recorded(more(BTC / 2n, "A:0"), NOON), recorded(more(BTC / 2n - 1n, "B:0"), NOON));
  ledger.add(line({ kind: "failed", txid: more(BTC / 2n).txid, reason: "locked" }, NOON));
  assert.deepEqual(reasons(POLICY, more(2n), ledger), OVER);
});

test("a clock that was set, forward or back, opens no window and ends no wait", () => {
  const waits = policyOf([...RULES, rule({ kind: "fee", most: sat(1) }, { do: "wait", ms: DAY })]);
  for (const set of [-400 * DAY, -DAY, 0, DAY, 400 * DAY]) {
    const clock = (onMs: number, by: number) => ({
      wallMs: () => NOON + onMs + by,
      monotonicMs: () => onMs,
      boot: "one",
    });
    const last: Stamp = reckon(clock(0, 0), undefined);
    const { at: ms } = reckon(clock(HOUR, set), last);
    const ledger = ledgerOf(
      past("b", BTC, last.at),
      line({ kind: "asked", txid: "aa", destinations: [], reasons: [] }, last.at),
    );
    assert.deepEqual(reasons(POLICY, spend(), ledger, at(ms)), OVER, String(set));
    assert.equal(judge(waits, spend(), ledger, at(ms)).rules.at(-1)?.outcome, "wait", String(set));
  }
});

test("a clock behind the record closes windows, and never opens them", () => {
  const ledger = ledgerOf(past("b", BTC, NOON));
  for (const back of [
    NOON - HOUR,
    NOON - 40 * DAY,
    0,
    Number.NaN,
    Number.NEGATIVE_INFINITY,
    Number.POSITIVE_INFINITY,
  ])
    assert.deepEqual(reasons(POLICY, spend(), ledger, at(back)), OVER, String(back));
});

test("a date that was typed moves no window and no wait", () => {
  const ledger = ledgerOf(past("b", BTC, NOON));
  assert.deepEqual(reasons(POLICY, spend(), ledger, { ms: NOON + HOUR, dateMs: NOON + 90 * DAY }), OVER);
});

test("lines that were lost leave no way to claim other amounts, or to begin a new row of lock heights", () => {
  const heights = policyOf([...RULES, rule({ kind: "height-step", blocks: 144 }, { do: "wait", ms: 1 })]);
  const allowing = policyOf([
    ...RULES.filter(({ limit }) => limit.kind !== "unusual"),
    rule({ kind: "unusual", what: "unproven fee", allowed: true }),
    rule({ kind: "unusual", what: "foreign input", allowed: true }),
  ]);
  const asked = [
    [heights, spend({ lockTime: 900_000 })],
    [allowing, spend({ feeProven: false })],
    [allowing, spend({ unusual: ["foreign input"] })],
  ] as const;
  const lost = ledgerOf(
    line({ kind: "resumed", lost: 3, reason: "journal.damaged", anchor: "", serial: 1 }, NOON),
  );
  for (const [policy, one] of asked) {
    assert.deepEqual(reasons(policy, one, ledgerOf(), at(NOON + HOUR)), []);
    for (const ms of [NOON + 2 * DAY, NOON + 30 * DAY - 1, Number.NaN])
      assert.ok(reasons(policy, one, lost, at(ms)).includes("policy.uncounted"), String(ms));
    assert.deepEqual(reasons(policy, one, lost, at(NOON + 30 * DAY)), []);
  }
});

test("lines that were lost leave no window open", () => {
  const ledger = ledgerOf(
    line({ kind: "resumed", lost: 2, reason: "journal.damaged", serial: 0, anchor: "" }, NOON),
  );
  assert.deepEqual(reasons(POLICY, spend(), ledger, at(NOON + DAY - 1)), ["policy.uncounted"]);
  assert.deepEqual(reasons(POLICY, spend(), ledger, at(NOON + DAY)), []);
});

test("a replacement counts once, by the dearer of the two", () => {
  const ledger = ledgerOf(past("b", BTC / 2n, NOON, ["C:0"]), past("c", BTC / 2n, NOON));
  assert.deepEqual(reasons(POLICY, more(BTC / 2n), ledger), []);
  assert.deepEqual(reasons(POLICY, more(1n), ledger), []);
  const dearer = ledgerOf(
    past("b", BTC / 2n - 1n, NOON, ["C:0"]),
    past("c", BTC / 2n, NOON),
    past("d", 1n, NOON),
  );
  assert.deepEqual(reasons(POLICY, more(BTC / 2n), dearer), OVER);
  assert.deepEqual(reasons(POLICY, more(BTC / 2n - 1n), dearer), []);
});

test("a third spend that conflicts with two others does not hide that both of them can confirm", () => {
  const ledger = ledgerOf(
    past("t1", 40_000_000n, NOON, ["A:0"]),
    past("t2", 40_000_000n, NOON, ["B:0"]),
    past("t3", 50_000_000n, NOON, ["A:0", "B:0"]),
  );
  assert.deepEqual(reasons(POLICY, more(20_000_000n), ledger), []);
  assert.deepEqual(reasons(POLICY, more(20_000_001n), ledger), OVER);
  // Nor does one that is asked for now, whichever of them comes last.
  const two = ledgerOf(
    past("t1", 40_000_000n, NOON, ["A:0"]),
    past("t2", 40_000_000n, NOON, ["B:0"]),
    past("c", 21_000_000n, NOON),
  );
  const third = spend({ txid: "t3", outpoints: ["A:0", "B:0"], takes: [sat(1n)] });
  assert.deepEqual(reasons(POLICY, third, two), OVER);
});

test("the same request again after a cut counts once", () => {
  const again = more(BTC / 2n);
  const ledger = ledgerOf(past("other", BTC / 2n, NOON - HOUR), recorded(again, NOON - 1));
  assert.deepEqual(reasons(POLICY, again, ledger), []);
  assert.deepEqual(reasons(POLICY, more(1n, "9:9"), ledger), OVER);
});

test("an output with data, a script without an address and no destination at all break no list", () => {
  const lists = [{ name: "staff", entries: [{ kind: "address" as const, to: "bc1qstaff" }] }];
  const listed = policyOf([...RULES, rule({ kind: "destinations", to: ["staff"] })], { lists });
  const to = (...names: string[]) => names.map((name) => ({ to: name, amount: sat(0) }));
  for (const name of ["6a", "6a4c", "6a0400000000", ""])
    assert.deepEqual(
      reasons(listed, spend({ destinations: to(name), unusual: ["data output"] })),
      ["policy.destination"],
      name,
    );
  assert.deepEqual(reasons(listed, spend({ destinations: [] })), []);
});

test("a limit's unit is never guessed: an amount without one, or with another, is no policy", () => {
  const text = (most: string) =>
    `Firn policy 2\nNumber 1\nNetwork mainnet\nLoosening waits 1 day\nReasons shown\n\nFor everything\nAt most ${most} per day\n`;
  assert.equal(parsePolicy(text("0.5 BTC")).rules.length, 1);
  for (const most of [
    "0.5",
    "50000000",
    "0.5 btc",
    "0.5 mBTC",
    "0,5 BTC",
    "50000000 sats",
    "0.5 BTC BTC",
    "-1 BTC",
    "1e3 BTC",
  ])
    assert.throws(() => parsePolicy(text(most)), /policy\./, most);
});

test("a policy that another one was tried against is as it was", () => {
  const before = structuredClone(POLICY);
  judge(POLICY, spend(), ledgerOf(), NOW);
  isAtLeastAsStrict(policyOf([]), POLICY);
  assert.deepEqual(POLICY, before);
});

test("a thief who tries learns nothing where reasons are hidden: every no is the same, and no yes tells head-room", () => {
  const tries = [
    spend({ takes: [sat(BTC)] }),
    spend({ fee: sat(BTC) }),
    spend({ feeRate: 999, unusual: ["foreign input"] }),
    spend({ network: "signet" }),
  ].map((one) => judge(POLICY, one, ledgerOf(), NOW));
  const told = tries.map((verdict) => {
    const { reason, detail, also } = refusalOf(verdict, "hidden")!;
    return JSON.stringify([reason, detail, also, hiddenVerdict({ ...verdict, txid: "" })]);
  });
  assert.equal(new Set(told).size, 1);
  assert.equal(new Set(tries.map((verdict) => reasonsOf(verdict).join())).size, tries.length);
  const [small, large] = [1n, BTC / 2n].map((units) =>
    JSON.stringify(hiddenVerdict(judge(POLICY, spend({ takes: [sat(units)] }), ledgerOf(), NOW))),
  );
  assert.equal(small, large);
});
