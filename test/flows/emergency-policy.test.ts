// What a sweep allows: everything to the successor, and nothing to anybody else, whatever the owner's policy says.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { policyNow, sweepPolicy } from "../../src/flows/emergency/active.ts";
import type { HomeState } from "../../src/flows/state.ts";
import { emptyLedger } from "../../src/journal/index.ts";
import { MAX_MONEY_SATS } from "../../src/limits.ts";
import { firstPolicy, judge, parsePolicy, writePolicy } from "../../src/policy/index.ts";
import type { Limit, Otherwise, Policy, Rule, Spend, Unusual } from "../../src/rules.ts";
import { purse } from "../bitcoin/build.ts";
import { anyPolicy } from "../policy/policies.ts";

const successor = { name: "The next one", descriptor: purse("p2wpkh").wallet.descriptor };
const NOW = { ms: 1_800_000_000_000, dateMs: 1_800_000_000_000 };
const REFUSE: Otherwise = { do: "refuse" };
const rule = (limit: Limit, otherwise: Otherwise = REFUSE): Rule => ({
  scope: { of: "all" },
  limit,
  otherwise,
});
const btc = (units: bigint) => ({ asset: "btc", units }) as const;
const own = firstPolicy("regtest", "simulator")!;

const SAVINGS = { of: "wallet", name: "Savings", fingerprint: "8d1c2f3a" } as const;

/** A policy of the kind that lets hardly anything through. */
const STRICT: Policy = {
  ...own,
  freeze: { refusals: 3, withinMs: 3_600_000 },
  rules: [
    rule({ kind: "amount", per: "transaction", most: btc(1n) }, { do: "ask", ask: { need: 1, of: ["ann"] } }),
    rule({ kind: "amount", per: "day", most: btc(1n) }, { do: "wait", ms: 86_400_000 }),
    rule({ kind: "count", per: "month", most: 1 }),
    rule({ kind: "new-destination", most: btc(1n) }, { do: "wait", ms: 86_400_000 }),
    rule({ kind: "height-step", blocks: 144 }),
    rule({ kind: "destinations", to: "any" }),
    ...own.rules.filter(({ limit }) => limit.kind.startsWith("fee") || limit.kind === "unusual"),
  ],
};

/** With fee rules for one key and one wallet, and a person who may allow more. */
const SCOPED: Policy = {
  ...own,
  rules: [
    ...own.rules.filter(({ limit }) => limit.kind !== "fee"),
    rule({ kind: "fee", most: btc(10_000n) }, { do: "ask", ask: { need: 1, of: ["ann"] } }),
    { ...rule({ kind: "fee", most: btc(1_000n) }), scope: { of: "key", fingerprint: "73c5da0a" } },
    { ...rule({ kind: "fee-rate", most: 5 }, { do: "wait", ms: 3_600_000 }), scope: SAVINGS },
    { ...rule({ kind: "amount", per: "day", most: btc(1n) }), scope: SAVINGS },
  ],
};

const pays = (to: string, parties: readonly string[], changes: Partial<Spend> = {}): Spend => ({
  network: "regtest",
  key: "73c5da0a",
  wallets: [{ name: "Savings", fingerprint: "8d1c2f3a" }],
  txid: "aa".repeat(32),
  outpoints: [`${"bb".repeat(32)}:0`],
  amounts: "cc".repeat(32),
  takes: [btc(500n * 100_000_000n)],
  fee: btc(1000n),
  feeRate: 5,
  feePercent: 0.1,
  feeProven: true,
  destinations: [{ to, amount: btc(500n * 100_000_000n - 1000n), parties }],
  unusual: [],
  ...changes,
});
const saysOf = (policy: Policy, spend: Spend) => judge(policy, spend, emptyLedger(), NOW).outcome;

test("whatever the policy says of amounts, times and persons, everything goes to the successor at once", () => {
  const sweep = sweepPolicy(STRICT, successor);
  assert.notEqual(saysOf(STRICT, pays("bcrt1qx", ["successor"])), "allow");
  assert.equal(saysOf(sweep, pays("bcrt1qx", ["successor"])), "allow");
  assert.equal(saysOf(sweep, pays("bcrt1qx", ["successor"], { takes: [btc(MAX_MONEY_SATS)] })), "allow");
});

test("nothing goes to anybody else: not a part of it, nor to a party of another name", () => {
  for (const policy of [own, STRICT]) {
    const sweep = sweepPolicy(policy, successor);
    assert.equal(saysOf(sweep, pays("bcrt1qx", [])), "refuse");
    assert.equal(saysOf(sweep, pays("bcrt1qx", ["bank"])), "refuse");
    const both = pays("bcrt1qx", ["successor"]).destinations;
    const split = [...both, { to: "bcrt1qy", amount: btc(1n) }];
    assert.equal(saysOf(sweep, pays("bcrt1qx", ["successor"], { destinations: split })), "refuse");
  }
});

test("a sweep without a successor, which cannot be, allows nothing", () => {
  const state = { policy: own, sweep: true } as unknown as HomeState;
  assert.throws(() => policyNow({ state }), { reason: "vault.damaged" });
  assert.equal(policyNow({ state: { ...state, sweep: undefined } as unknown as HomeState }), own);
});

test("fee limits stay as they are, and so does what is said of fees that are not proven", () => {
  const sweep = sweepPolicy(own, successor);
  const to = (changes: Partial<Spend>) => saysOf(sweep, pays("bcrt1qx", ["successor"], changes));
  assert.equal(to({ fee: btc(6_000_000n) }), "refuse");
  assert.equal(to({ feeRate: 1001 }), "refuse");
  assert.equal(to({ feePercent: 26 }), "refuse");
  assert.equal(to({ feeProven: false, unusual: ["unproven fee"] }), "refuse");
  const lax = own.rules.map((one) =>
    one.limit.kind === "unusual" && one.limit.what === "unproven fee"
      ? { ...one, limit: { ...one.limit, allowed: true } }
      : one,
  );
  const laxer = sweepPolicy({ ...own, rules: lax }, successor);
  const unproven = pays("bcrt1qx", ["successor"], { feeProven: false, unusual: ["unproven fee"] });
  assert.equal(saysOf(laxer, unproven), "allow");
});

test("fee limits of one key and of one wallet hold for it alone, and who may allow a higher fee still may", () => {
  const sweep = sweepPolicy(SCOPED, successor);
  const to = (changes: Partial<Spend>) => saysOf(sweep, pays("bcrt1qx", ["successor"], changes));
  const others = { key: "11111111", wallets: [{ name: "Other", fingerprint: "22222222" }] };
  assert.equal(to({}), "allow");
  assert.equal(to({ fee: btc(1_001n) }), "refuse");
  assert.equal(to({ feeRate: 6 }), "wait");
  assert.equal(to({ ...others, fee: btc(1_001n), feeRate: 6 }), "allow");
  assert.equal(to({ ...others, fee: btc(10_001n) }), "ask");
});

test("of what is unusual a sweep has only what one needs, also where the policy is laxer", () => {
  const sweep = sweepPolicy(own, successor);
  const expected: Partial<Record<Unusual, string>> = {
    "unknown script": "refuse",
    "data output": "refuse",
    "foreign input": "refuse",
    "mixed wallets": "allow",
    "lock time": "allow",
  };
  for (const [what, outcome] of Object.entries(expected))
    assert.equal(
      saysOf(sweep, pays("bcrt1qx", ["successor"], { unusual: [what as Unusual] })),
      outcome,
      what,
    );
});

test("it is a policy like every other: written, read again, with the number and freeze of the one that it stands for", () => {
  for (const policy of [own, STRICT, SCOPED]) {
    const sweep = sweepPolicy(policy, successor);
    assert.deepEqual(parsePolicy(writePolicy(sweep)), sweep);
    assert.equal(sweep.number, policy.number);
    assert.deepEqual(sweep.freeze, policy.freeze);
  }
});

test("from whatever policy may hold comes a sweep that may hold", () => {
  let looked = 0;
  fc.assert(
    fc.property(anyPolicy, (policy) => {
      looked++;
      const sweep = sweepPolicy(policy, successor);
      assert.deepEqual(parsePolicy(writePolicy(sweep)), sweep);
    }),
    { numRuns: 300 },
  );
  assert.ok(looked >= 300);
});
