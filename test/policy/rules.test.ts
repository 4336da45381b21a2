import assert from "node:assert/strict";
import { test } from "node:test";
import { judge } from "../../src/policy/index.ts";
import type { Reason } from "../../src/refusal.ts";
import type { Limit, Policy, Rule, Spend, Unusual } from "../../src/rules.ts";
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
  result,
  spend,
  spentEntry,
} from "./cases.ts";
import { PARTIES, policyOf, RULES, rule, sat, WALLETS } from "./policies.ts";

const and = (limit: Limit, otherwise: Rule["otherwise"] = { do: "refuse" }, parts: Partial<Policy> = {}) =>
  policyOf([...RULES, rule(limit, otherwise)], parts);
const to = (...names: string[]) => names.map((name) => ({ to: name, amount: sat(10) }));
const btc = (units: bigint) => [sat(units)];

// ---------------------------------------------------------------- amounts

test("each limit holds at its very value and refuses one above it", () => {
  const cases: [Partial<Spend>, Reason | undefined][] = [
    [{ takes: btc(BTC / 2n) }, undefined],
    [{ takes: btc(BTC / 2n + 1n) }, "policy.over-transaction-limit"],
    [{ fee: sat(100_000n) }, undefined],
    [{ fee: sat(100_001n) }, "policy.fee-too-high"],
    [{ feeRate: 200 }, undefined],
    [{ feeRate: 200.001 }, "policy.fee-rate-too-high"],
    [{ feePercent: 10 }, undefined],
    [{ feePercent: 10.0001 }, "policy.fee-percent-too-high"],
  ];
  for (const [parts, reason] of cases)
    assert.deepEqual(reasons(POLICY, spend(parts)), reason === undefined ? [] : [reason], String(reason));
});

test("a rate or share that is no number is refused, not let through", () => {
  assert.deepEqual(reasons(POLICY, spend({ feeRate: Number.NaN, feePercent: Number.POSITIVE_INFINITY })), [
    "policy.fee-rate-too-high",
    "policy.fee-percent-too-high",
  ]);
});

test("what a transaction takes is said with all its places, and its limit in short", () => {
  assert.equal(
    result("At most 0.5 BTC per transaction", POLICY, spend({ takes: btc(15_001_800n) })).sentence,
    "Takes 0.15001800 of at most 0.5 BTC per transaction.",
  );
});

test("head-room is said exactly, before and after", () => {
  const ledger = ledgerOf(past("b", 69_000_000n, NOON - HOUR));
  const said = (one: Spend) => result("At most 1 BTC per day", POLICY, one, ledger).sentence;
  assert.equal(said(spend()), "0.21000000 of 1 BTC left per day after this.");
  assert.equal(
    said(spend({ takes: btc(31_000_001n) })),
    "0.31000000 of 1 BTC left per day; this takes 0.31000001 BTC.",
  );
});

const WINDOWS = { hour: HOUR, day: DAY, week: 7 * DAY, month: 30 * DAY } as const;

test("what was spent counts for an hour, a day, a week, a month to the millisecond, and no longer", () => {
  for (const per of ["hour", "day", "week", "month"] as const) {
    const policy = and({ kind: "amount", per, most: sat(BTC / 2n) });
    const ledger = ledgerOf(past("b", BTC / 2n, NOON));
    const end = NOON + WINDOWS[per];
    assert.deepEqual(reasons(policy, spend(), ledger, at(end - 1)), ["policy.over-window-limit"], per);
    assert.deepEqual(reasons(policy, spend(), ledger, at(end)), [], per);
  }
});

test("so many transactions may be made in each window, replacements and repetitions counted once", () => {
  for (const per of ["hour", "day", "week", "month"] as const) {
    const policy = and({ kind: "count", per, most: 2 });
    const ledger = ledgerOf(
      past("b", 1n, NOON),
      past("c", 1n, NOON, ["b:0"]),
      past("d", 1n, NOON),
      past("d", 1n, NOON),
    );
    const now = at(NOON + WINDOWS[per] - 1);
    assert.deepEqual(reasons(policy, spend(), ledger, now), ["policy.too-many"], per);
    assert.deepEqual(reasons(policy, spend({ outpoints: ["b:0"] }), ledger, now), [], per);
    assert.deepEqual(reasons(policy, spend({ txid: "d", outpoints: ["d:0"] }), ledger, now), [], per);
    assert.deepEqual(reasons(policy, spend(), ledger, at(NOON + WINDOWS[per])), [], per);
    assert.equal(
      result("At most 2 transactions", policy, spend(), ledger, now).sentence,
      `2 of at most 2 transactions per ${per} were made.`,
    );
  }
});

test("limits of a wallet count that wallet alone", () => {
  const limit = { kind: "amount", per: "day", most: sat(BTC / 5n) } as const;
  const policy = policyOf([...RULES, { ...rule(limit), scope: { of: "wallet", ...WALLETS[0]! } }]);
  const here = past("b", BTC / 5n, NOON);
  const there = { ...here, wallets: [WALLETS[1]!.fingerprint] };
  assert.deepEqual(reasons(policy, spend(), ledgerOf(here)), ["policy.over-window-limit"]);
  assert.deepEqual(reasons(policy, spend(), ledgerOf(there)), []);
  assert.deepEqual(reasons(policy, spend({ wallets: [WALLETS[1]!] }), ledgerOf(here)), []);
});

test("windows that reach back before lines were lost refuse until they count again, and no proof opens them", () => {
  const resumed = line({ kind: "resumed", lost: 1, reason: "journal.damaged", serial: 0, anchor: "" }, NOON);
  const ledger = ledgerOf(resumed);
  const asks = { do: "ask", ask: { need: 1, of: ["anna"] } } as const;
  const policy = policyOf([
    ...RULES.filter(({ limit }) => limit.kind !== "amount"),
    rule({ kind: "amount", per: "week", most: sat(BTC) }, asks),
    rule({ kind: "count", per: "hour", most: 5 }),
  ]);
  assert.deepEqual(reasons(policy, spend(), ledger, at(NOON + HOUR - 1)), ["policy.uncounted"]);
  const answer = result("At most 1 BTC per week", policy, spend(), ledger, at(NOON + HOUR));
  assert.equal(answer.outcome, "refuse");
  assert.match(answer.sentence, /cannot be counted before 2026-03-08 12:00 UTC, in 7 days\.$/);
  assert.equal(result("At most 5", policy, spend(), ledger, at(NOON + HOUR)).outcome, "allow");
  assert.deepEqual(reasons(policy, spend(), ledger, at(NOON + 7 * DAY)), []);
  assert.deepEqual(reasons(POLICY, spend(), ledger, { ms: Number.NaN, dateMs: Number.NaN }), [
    "policy.uncounted",
  ]);
});

// ---------------------------------------------------------------- places

const LISTS = [
  { name: "staff", entries: [{ kind: "address" as const, to: "bc1qstaff" }] },
  {
    name: "own",
    entries: [
      { kind: "wallet" as const, ...WALLETS[1]! },
      { kind: "party" as const, ...PARTIES[0]! },
    ],
  },
];
const only = (names: readonly string[], above?: bigint) =>
  policyOf(
    [
      ...RULES.filter(({ limit }) => limit.kind !== "destinations"),
      rule({ kind: "destinations", to: names, ...(above === undefined ? {} : { above: sat(above) }) }),
    ],
    { lists: LISTS },
  );

test("only listed destinations pass: addresses, own wallets by what they are made of, parties by name", () => {
  const passes: [Spend["destinations"][number], readonly string[]][] = [
    [{ to: "bc1qstaff", amount: sat(1) }, ["staff"]],
    [{ to: "bc1qa", amount: sat(1), wallet: WALLETS[1]!.fingerprint }, ["own"]],
    [{ to: "bc1qb", amount: sat(1), parties: ["other", PARTIES[0]!.name] }, ["own"]],
  ];
  for (const [destination, names] of passes) {
    const one = spend({ destinations: [destination] });
    assert.deepEqual(reasons(only(names), one), []);
    assert.deepEqual(reasons(only(["staff", "own"]), one), []);
    assert.deepEqual(reasons(only(names[0] === "staff" ? ["own"] : ["staff"]), one), ["policy.destination"]);
  }
});

test("a script that has no address, a look-alike and another's wallet are on no list, beside one that is", () => {
  const listed = { to: "bc1qstaff", amount: sat(1) };
  for (const name of ["6a0548656c6c6f", "", "bc1qstaffx", "BC1QSTAFF"])
    assert.deepEqual(
      reasons(only(["staff"]), spend({ destinations: [listed, ...to(name)] })),
      ["policy.destination"],
      name,
    );
  const foreign = { to: "x", amount: sat(1), wallet: "ffffffff", parties: [] };
  assert.deepEqual(reasons(only(["staff", "own"]), spend({ destinations: [foreign] })), [
    "policy.destination",
  ]);
  assert.deepEqual(reasons(only(["no such list"]), spend({ destinations: [listed] })), [
    "policy.destination",
  ]);
});

test("the refusal shows what is not listed safely, and how many more there are", () => {
  const one = spend({ destinations: to("\u202eevil", "x", "y") });
  assert.equal(
    result("To staff only", only(["staff"]), one).sentence,
    "Not on staff: <U+202E>evil and 2 more.",
  );
});

test("a list that holds above an amount lets anything pass up to it, and not one sat more", () => {
  const policy = only(["staff"], BTC / 10n);
  assert.deepEqual(reasons(policy, spend({ takes: btc(BTC / 10n) })), []);
  assert.deepEqual(reasons(policy, spend({ takes: btc(BTC / 10n + 1n) })), ["policy.destination"]);
});

const first = (otherwise: Rule["otherwise"] = { do: "refuse" }) =>
  and({ kind: "new-destination", most: sat(15) }, otherwise, { lists: LISTS });

test("to destinations that are on no list and were never paid only so much goes together", () => {
  assert.deepEqual(reasons(first(), spend({ destinations: to("n1") })), []);
  assert.deepEqual(reasons(first(), spend({ destinations: to("n1", "n2") })), ["policy.new-destination"]);
  assert.deepEqual(reasons(first(), spend({ destinations: to("n1", "bc1qstaff") })), []);
  const paid = ledgerOf(recorded(spend({ txid: "b", destinations: to("n2") }), NOON - HOUR));
  assert.deepEqual(reasons(first(), spend({ destinations: to("n1", "n2") }), paid), []);
  const twice = [{ to: "n1", amount: sat(16) }];
  assert.deepEqual(reasons(first(), spend({ destinations: twice }), paid), ["policy.new-destination"]);
  assert.equal(
    result("At most 0.00000015 BTC to a new", first(), spend({ destinations: to("n1", "n3") }), paid)
      .sentence,
    "0.00000020 of at most 0.00000015 BTC to a new destination: n1 and 1 more.",
  );
});

test("a payment that a clock behind the record has still to come to makes nothing known", () => {
  const later = ledgerOf(recorded(spend({ txid: "b", destinations: to("n1", "n2") }), NOON + HOUR));
  const one = spend({ destinations: to("n1", "n2") });
  assert.deepEqual(reasons(first(), one, later, NOW), ["policy.new-destination"]);
  assert.deepEqual(reasons(first(), one, later, { ms: Number.NaN, dateMs: NOON }), [
    "policy.new-destination",
  ]);
  assert.deepEqual(reasons(first(), one, later, at(NOON + HOUR)), []);
});

test("a new destination waits from when it was first asked for, in whatever transaction; the last of several decides", () => {
  const policy = first({ do: "wait", ms: DAY });
  const asked = (ms: number, ...names: string[]) => {
    const { destinations } = spentEntry(past("q", 1n, 0), { to: names }) as unknown as {
      destinations: string[];
    };
    return line({ kind: "asked", txid: `q${ms}`, destinations, reasons: [] }, ms);
  };
  const one = spend({ destinations: [{ to: "n1", amount: sat(16) }] });
  const both = spend({ destinations: to("n1", "n2") });
  const ledger = ledgerOf(asked(NOON, "n1"), asked(NOON + HOUR, "n1", "n2"));
  const untilMs = (which: Spend, from = ledger) =>
    result("At most 0.00000015", policy, which, from, at(NOON + HOUR)).untilMs;
  assert.equal(untilMs(one), NOON + DAY);
  assert.equal(untilMs(both), NOON + HOUR + DAY);
  assert.equal(untilMs(both, ledgerOf(asked(NOON, "n1"))), NOON + HOUR + DAY);
  assert.deepEqual(reasons(policy, one, ledger, at(NOON + DAY)), []);
  assert.deepEqual(reasons(policy, both, ledger, at(NOON + DAY)), ["policy.new-destination"]);
  // That the request was asked for says nothing of where it goes.
  const other = ledgerOf(line({ kind: "asked", txid: "aa", destinations: [], reasons: [] }, NOON));
  assert.deepEqual(reasons(policy, one, other, at(NOON + 9 * DAY)), ["policy.new-destination"]);
});

test("every wallet that is spent from must be among those that may sign", () => {
  const policy = and({ kind: "wallets", only: [WALLETS[0]!, WALLETS[1]!] });
  assert.deepEqual(reasons(policy, spend()), []);
  assert.deepEqual(reasons(policy, spend({ wallets: [WALLETS[0]!, WALLETS[1]!] })), []);
  assert.deepEqual(reasons(policy, spend({ wallets: [WALLETS[0]!, WALLETS[2]!] })), ["policy.wallet"]);
  assert.deepEqual(reasons(policy, spend({ wallets: [{ ...WALLETS[0]!, fingerprint: "ffffffff" }] })), [
    "policy.wallet",
  ]);
  assert.deepEqual(reasons(policy, spend({ wallets: [] })), ["policy.wallet"]);
});

// ---------------------------------------------------------------- times

const hours = (from: number, until: number, days: readonly number[], offsetMinutes = 0) =>
  and({ kind: "hours", from, until, days, offsetMinutes });
/** 2026-03-01 is a Sunday. */
const SUNDAY = Date.UTC(2026, 2, 1);
const minute = (day: number, minutes: number) => ({ ms: 5, dateMs: SUNDAY + day * DAY + minutes * 60_000 });
const isOpen = (policy: Policy, day: number, minutes: number) =>
  reasons(policy, spend(), ledgerOf(), minute(day, minutes)).length === 0;

test("hours begin at their first minute, end before their last, and hold on their days", () => {
  const office = hours(8 * 60, 18 * 60, [1, 2, 3, 4, 5]);
  const open: [number, number, boolean][] = [
    [1, 479.99, false],
    [1, 480, true],
    [5, 1079.99, true],
    [5, 1080, false],
    [0, 600, false],
    [6, 600, false],
    [7, 600, false],
    [8, 600, true],
  ];
  for (const [day, minutes, expected] of open)
    assert.equal(isOpen(office, day, minutes), expected, `${day} ${minutes}`);
  assert.match(
    result("Between", office, spend(), ledgerOf(), minute(0, 600)).sentence,
    /^It is Sunday 10:00 UTC; signing is allowed 08:00 to 18:00 UTC on Monday, Tuesday, Wednesday, Thursday, Friday\.$/,
  );
});

test("hours go by the place that the policy names, whole hours or not, across midnight and the week's end", () => {
  const delhi = hours(0, 60, [1], 330);
  assert.ok(isOpen(delhi, 0, 18 * 60 + 30));
  assert.ok(!isOpen(delhi, 0, 18 * 60 + 29));
  assert.ok(!isOpen(delhi, 1, 0));
  const west = hours(23 * 60, 1440, [6], -210);
  assert.ok(isOpen(west, 7, 3 * 60 + 29));
  assert.ok(!isOpen(west, 7, 3 * 60 + 30));
});

test("hours that end before they begin, which no policy that is taken has, never open", () => {
  const night = hours(22 * 60, 6 * 60, [0, 1, 2, 3, 4, 5, 6]);
  for (const hour of [23, 5, 12]) assert.ok(!isOpen(night, 5, hour * 60));
  assert.ok(!isOpen(hours(60, 60, [0, 1, 2, 3, 4, 5, 6]), 1, 60));
});

test("hours go by the date that people read, and a date that cannot be told refuses", () => {
  const office = hours(0, 1440, [0, 1, 2, 3, 4, 5, 6]);
  assert.deepEqual(reasons(office, spend(), ledgerOf(), { ms: Number.NaN, dateMs: SUNDAY }), []);
  for (const dateMs of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
    assert.deepEqual(reasons(office, spend(), ledgerOf(), { ms: 5, dateMs }), ["policy.hours"]);
});

const step = and({ kind: "height-step", blocks: 144 });
const locked = (lockTime: number, txid = "aa") => spend({ txid, lockTime });

test("every payment is locked to a height so many blocks above the one before, the first to any", () => {
  assert.deepEqual(reasons(step, locked(900_000)), []);
  const ledger = ledgerOf(recorded(locked(900_000, "b"), NOON));
  assert.deepEqual(reasons(step, locked(900_143), ledger), ["policy.lock-height"]);
  assert.deepEqual(reasons(step, locked(900_144), ledger), []);
  assert.equal(
    result("Lock height", step, locked(900_100), ledger).sentence,
    "Locked to height 900100; at least 900144, 144 above the one before, is asked for.",
  );
  assert.match(
    result("Lock height", step, locked(900_000)).sentence,
    /the first; the next must be 144 blocks higher\.$/,
  );
});

test("a lock that has no effect, or is to a time, is no height", () => {
  for (const lockTime of [500_000_000, 1_772_000_000, 0, -1, 1.5, Number.NaN])
    assert.deepEqual(reasons(step, locked(lockTime)), ["policy.lock-height"], String(lockTime));
  assert.deepEqual(reasons(step, spend()), ["policy.lock-height"]);
});

test("the same transaction again after a cut is not held against itself", () => {
  const ledger = ledgerOf(recorded(locked(900_000, "b"), NOON), recorded(locked(900_144), NOON + 1));
  assert.deepEqual(reasons(step, locked(900_144), ledger), []);
  assert.deepEqual(reasons(step, locked(900_287, "c"), ledger), ["policy.lock-height"]);
});

// ---------------------------------------------------------------- what is unusual

test("each unusual thing is refused, asked for or allowed by its own rule, and by no other", () => {
  const named: [Unusual, Reason][] = [
    ["unproven fee", "policy.fee-unproven"],
    ["unknown script", "policy.unknown-script"],
    ["data output", "policy.data-output"],
    ["foreign input", "policy.foreign-input"],
    ["mixed wallets", "policy.mixed-wallets"],
    ["lock time", "policy.lock-time"],
  ];
  const silence = RULES.filter(({ limit }) => limit.kind !== "unusual");
  for (const [what, reason] of named) {
    const one = spend({ unusual: [what] });
    const by = (allowed: boolean, otherwise: Rule["otherwise"] = { do: "refuse" }) =>
      policyOf([...silence, rule({ kind: "unusual", what, allowed }, otherwise)]);
    assert.deepEqual(reasons(by(true), one), []);
    assert.deepEqual(reasons(by(false), one), [reason]);
    const ask = { need: 1, of: ["anna"] };
    assert.equal(judge(by(false, { do: "ask", ask }), one, ledgerOf(), NOW).outcome, "ask");
    assert.deepEqual(reasons(by(false), spend()), [], "what is not unusual is not asked about");
    for (const [other] of named)
      if (other !== what) assert.deepEqual(reasons(by(true), spend({ unusual: [other] })), ["policy.silent"]);
  }
});

test("the same transaction with other amounts claimed is refused, whatever the policy allows", () => {
  const open = policyOf([
    ...RULES.filter(({ limit }) => limit.kind !== "unusual"),
    rule({ kind: "unusual", what: "unproven fee", allowed: true }),
  ]);
  const ledger = ledgerOf(past("aa", 1n, NOON));
  const again = spend({ feeProven: false });
  assert.deepEqual(reasons(open, again, ledger), []);
  assert.deepEqual(reasons(open, { ...again, amounts: "01" }, ledger), ["policy.amounts-changed"]);
  assert.equal(result("amounts", open, { ...again, amounts: "01" }, ledger).outcome, "refuse");
  assert.deepEqual(reasons(open, { ...again, amounts: "01", txid: "ab" }, ledger), []);
});
