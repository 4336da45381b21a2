// What holds of every policy, spend and record.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { hiddenVerdict, judge, reasonsOf, refusalOf, unspoken } from "../../src/policy/index.ts";
import { matches } from "../../src/policy/judge.ts";
import {
  type Amount,
  type EthereumSpend,
  type Limit,
  type Otherwise,
  OUTCOMES,
  type PastSpend,
  type Policy,
  type Rule,
  type Spend,
} from "../../src/rules.ts";
import {
  anyHistory,
  anyPastOfBoth,
  anyRequest,
  anySpend,
  at,
  DAY,
  HOUR,
  ledgerOf,
  line,
  NOON,
  NOW,
  past,
  spend,
  spentEntry,
} from "./cases.ts";
import { ALL_ETHEREUM, UNLISTED, USDC } from "./on-ethereum.ts";
import { anyLists, anyRoughPolicy, anyRule, everything, policyOf, rule, sat } from "./policies.ts";
import { largestSum, once, unitsOf } from "./reference.ts";

const rank = (policy: Policy, ...rest: [Spend, ReturnType<typeof ledgerOf>, typeof NOW]) =>
  OUTCOMES.indexOf(judge(policy, ...rest).outcome);

/** Speaks of everything and allows all of it: what is added decides. */
const BITCOIN: readonly Rule[] = [
  rule({ kind: "amount", per: "transaction", most: sat(1_000) }),
  rule({ kind: "destinations", to: "any" }),
  rule({ kind: "fee", most: sat(1_000) }),
  ...(
    ["unproven fee", "unknown script", "data output", "foreign input", "mixed wallets", "lock time"] as const
  ).map((what) => rule({ kind: "unusual", what, allowed: true })),
];
const OPEN: readonly Rule[] = [...BITCOIN, ...ALL_ETHEREUM];
const anyOpen: fc.Arbitrary<Policy> = anyLists.chain((lists) =>
  fc
    .array(anyRule(lists.map(({ name }) => name)), { maxLength: 3 })
    .map((rules) => policyOf([...OPEN, ...rules], { lists })),
);

test("a rule that is added never allows more", () => {
  let mattered = 0;
  fc.assert(
    fc.property(
      anyOpen,
      fc.context(),
      anyRequest,
      anyPastOfBoth,
      fc.nat(20),
      (policy, _, one, history, where) => {
        const ledger = ledgerOf(...history);
        const before = rank(policy, one, ledger, NOW);
        const extra = fc.sample(anyRule(policy.lists.map(({ name }) => name)), {
          numRuns: 1,
          seed: where,
        })[0]!;
        // The first that speaks of something may allow it, and nothing spoke of these.
        if (extra.limit.kind === "blind" || extra.limit.kind === "delegates") return;
        const rules = [...policy.rules];
        rules.splice(where % (rules.length + 1), 0, extra);
        const after = rank({ ...policy, rules }, one, ledger, NOW);
        assert.ok(after >= before);
        if (after > before) mattered++;
      },
    ),
    { numRuns: 2000 },
  );
  assert.ok(mattered > 200, `only ${mattered} of the rules mattered at all`);
});

const less = ({ asset, units }: Amount): Amount => ({ asset, units: units / 2n });

/** The same limit with less room. */
function lower(limit: Limit): Limit {
  switch (limit.kind) {
    case "amount":
    case "new-destination":
    case "fee":
    case "allowance":
      return { ...limit, most: less(limit.most) };
    case "calls":
    case "spenders":
    case "typed":
    case "blind":
    case "delegates":
      return { ...limit, to: limit.to === "any" ? ["no such list"] : limit.to.slice(1) };
    case "chains":
      return { ...limit, only: limit.only === "any" ? [1n] : limit.only.slice(1) };
    case "sites":
      return { ...limit, only: limit.only === "any" ? ["example.com"] : limit.only.slice(1) };
    case "count":
      return { ...limit, most: limit.most - 1 };
    case "fee-rate":
    case "fee-percent":
      return { ...limit, most: limit.most / 2 };
    case "destinations":
      if (limit.to === "any") return { ...limit, to: ["no such list"] };
      return { ...limit, to: limit.to.slice(1), ...(limit.above ? { above: less(limit.above) } : {}) };
    case "height-step":
      return { ...limit, blocks: limit.blocks + 1 };
    case "hours":
      return { ...limit, days: limit.days.slice(1) };
    case "wallets":
      return { ...limit, only: limit.only.slice(1) };
    case "unusual":
      return { ...limit, allowed: false };
    case "messages":
      return { ...limit, under: limit.under.slice(1) };
  }
}

/** Waiting instead of asking is not: once it has waited nobody is asked. */
function stricter(otherwise: Otherwise): Otherwise {
  if (otherwise.do === "ask") return { do: "refuse" };
  return otherwise.do === "wait" ? { do: "wait", ms: otherwise.ms * 2 } : otherwise;
}

test("a limit that is lowered, and an otherwise that is stricter, never allow more", () => {
  let mattered = 0;
  fc.assert(
    fc.property(
      anyOpen,
      anyRequest,
      anyPastOfBoth,
      fc.nat(20),
      fc.boolean(),
      (policy, one, history, which, limits) => {
        const asked = line(
          { kind: "asked", txid: one.txid, destinations: [], reasons: [] },
          NOON - 30 * HOUR,
        );
        const ledger = ledgerOf(asked, ...history);
        const rules = policy.rules.map((each, i) => {
          if (i !== policy.rules.length - 1 - (which % Math.min(3, policy.rules.length))) return each;
          return limits
            ? { ...each, limit: lower(each.limit) }
            : { ...each, otherwise: stricter(each.otherwise) };
        });
        const before = rank(policy, one, ledger, NOW);
        const after = rank({ ...policy, rules }, one, ledger, NOW);
        assert.ok(
          after >= before,
          JSON.stringify(rules, (_, value) => (typeof value === "bigint" ? `${value}` : value)),
        );
        if (after > before) mattered++;
      },
    ),
    { numRuns: 4000 },
  );
  assert.ok(mattered > 80, `only ${mattered} of the changes mattered at all`);
});

test("a rule that is taken away is missed where it alone spoke", () => {
  for (const gone of BITCOIN.filter(({ limit }) => limit.kind !== "unusual")) {
    const policy = policyOf(BITCOIN.filter((one) => one !== gone));
    assert.equal(judge(policy, spend({ takes: [sat(5)], fee: sat(1) }), ledgerOf(), NOW).outcome, "refuse");
  }
});

test("a policy is silent about a spend where its own page says that it is, and nowhere else", () => {
  const anyFew = fc
    .array(fc.oneof(fc.constantFrom(...BITCOIN), anyRule([])), { maxLength: 14 })
    .map((rules) => policyOf(rules));
  const spoken = { silent: 0, not: 0 };
  fc.assert(
    fc.property(anyFew, anySpend, (policy, one) => {
      const has = one.unusual.concat(one.feeProven ? [] : ["unproven fee"]);
      // Of each wallet those rules that apply, as if for everything: what an owner of it alone would read.
      const missing = one.wallets.flatMap((wallet) => {
        const applying = policy.rules.filter(({ scope }) => matches(scope, { ...one, wallets: [wallet] }));
        const page = unspoken(policyOf(applying.map((each) => ({ ...each, scope: everything }))));
        return page.filter(
          (text) => text.startsWith("Every") || has.some((what) => text.toLowerCase().startsWith(what)),
        );
      });
      const silent = judge(policy, one, ledgerOf(), NOW).rules.filter(
        ({ reason }) => reason === "policy.silent",
      );
      assert.equal(silent.length, missing.length, `${missing}`);
      spoken[silent.length > 0 ? "silent" : "not"]++;
    }),
    { numRuns: 2000 },
  );
  assert.ok(spoken.silent > 100 && spoken.not > 10, JSON.stringify(spoken));
});

test("more recorded never allows more, but for a destination that is known since", () => {
  fc.assert(
    fc.property(anyOpen, anyRequest, anyPastOfBoth, (policy, one, history) => {
      const some = ledgerOf(...history.slice(0, 3));
      const all = ledgerOf(...history);
      assert.ok(rank(policy, one, all, NOW) >= rank(policy, one, some, NOW));
    }),
    { numRuns: 1500 },
  );
});

test("a clock that is behind the record never lets more through than one that is not", () => {
  const windows = anyOpen.map((policy) => ({
    ...policy,
    rules: policy.rules.filter(({ limit }) => limit.kind !== "hours"),
  }));
  fc.assert(
    fc.property(
      windows,
      anyRequest,
      anyPastOfBoth,
      fc.integer({ min: 0, max: 100 * HOUR }),
      (policy, one, all, back) => {
        const ledger = ledgerOf(...all);
        for (const now of [
          at(NOON - back),
          at(Number.NaN),
          at(Number.POSITIVE_INFINITY),
          at(Number.NEGATIVE_INFINITY),
        ])
          assert.ok(rank(policy, one, ledger, now) >= rank(policy, one, ledger, NOW), String(now.ms));
      },
    ),
    { numRuns: 1500 },
  );
});

test("payments that are split never pass more in any window than the whole may take", () => {
  const anyPart = fc.record({ units: fc.bigInt(1n, 20n), waitMs: fc.integer({ min: 0, max: 10 * HOUR }) });
  let refused = 0;
  fc.assert(
    fc.property(fc.bigInt(5n, 60n), fc.array(anyPart, { maxLength: 25 }), (most, parts) => {
      const policy = policyOf([...OPEN, rule({ kind: "amount", per: "day", most: sat(most) })]);
      const ledger = ledgerOf();
      const passed: PastSpend[] = [];
      let ms = NOON;
      for (const [i, { units, waitMs }] of parts.entries()) {
        ms += waitMs;
        const one = past(`s${i}`, units, ms);
        const asked = spend({ txid: one.txid, outpoints: one.outpoints, takes: one.takes });
        if (judge(policy, asked, ledger, at(ms)).outcome !== "allow") refused++;
        else {
          passed.push(one);
          ledger.add(spentEntry(one));
        }
      }
      for (const { at: end } of passed) {
        const day = passed.filter((one) => one.at > end - DAY && one.at <= end);
        assert.ok(day.reduce((sum, one) => sum + unitsOf(one), 0n) <= most);
      }
    }),
  );
  assert.ok(refused > 100, `only ${refused} were ever refused`);
});

test("what a window counts is the largest sum that can confirm together, as trying every subset finds it", () => {
  fc.assert(
    fc.property(anyHistory(9), anySpend, fc.bigInt(1n, 80n), (history, one, most) => {
      const policy = policyOf([...OPEN, rule({ kind: "amount", per: "day", most: sat(most) })]);
      const counted = once([...history, { ...one, wallets: [], at: NOON + 9 * HOUR }]).filter(
        ({ at: ms }) => ms > NOON - DAY,
      );
      const sum = largestSum(counted.map((each) => ({ outpoints: each.outpoints, units: unitsOf(each) })));
      const over = reasonsOf(judge(policy, one, ledgerOf(...history), NOW)).includes(
        "policy.over-window-limit",
      );
      assert.equal(over, sum > most);
    }),
    { numRuns: 1500 },
  );
});

// ---------------------------------------------------------------- total

const anyNumber = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 8.64e15, 9e15),
);
const anyUnits = fc.oneof(fc.bigInt(-5n, 60n), fc.bigInt());
const anyAmount = fc
  .tuple(fc.constantFrom("btc", "coin/eth", "coin/none", "1/0x", USDC, UNLISTED, "", "any-coin"), anyUnits)
  .map(([asset, units]) => ({ asset, units }));
const anyText = fc.oneof(fc.string({ unit: "binary", maxLength: 8 }), fc.constantFrom("", "aa", "bc1q"));
const anyWildCalls = fc.array(
  fc.record({
    chainId: fc.bigInt(),
    contract: anyText.map((text) => `0x${text}` as const),
    selector: anyText,
    known: fc.boolean(),
  }),
  { maxLength: 2 },
);
const anyWildSpend: fc.Arbitrary<Spend> = fc
  .tuple(
    anyRequest,
    fc.option(fc.record({ chainId: fc.option(fc.bigInt(), { nil: undefined }), calls: anyWildCalls }), {
      nil: undefined,
    }),
    fc.record({
      txid: anyText,
      outpoints: fc.array(anyText, { maxLength: 3 }),
      amounts: anyText,
      wallets: fc.array(fc.record({ name: anyText, fingerprint: anyText }), { maxLength: 2 }),
      takes: fc.array(anyAmount, { maxLength: 3 }),
      fee: anyAmount,
      feeRate: anyNumber,
      feePercent: anyNumber,
      destinations: fc.array(fc.record({ to: anyText, amount: anyAmount }), { maxLength: 3 }),
      lockTime: anyNumber,
    }),
  )
  .map(([one, odd, wild]) => {
    const ethereum = one.ethereum && { ...one.ethereum, ...(odd ? odd : {}) };
    return { ...one, ...wild, ...(ethereum ? { ethereum: ethereum as EthereumSpend } : {}) };
  });
const anyWildRule: fc.Arbitrary<Rule> = fc
  .record({
    kind: fc.constantFrom("count" as const, "fee-rate" as const, "fee-percent" as const),
    most: anyNumber,
    ms: anyNumber,
  })
  .chain(({ kind, most, ms }) =>
    fc.constantFrom<Rule>(
      {
        scope: everything,
        limit: kind === "count" ? { kind, per: "day", most } : { kind, most },
        otherwise: { do: "wait", ms },
      },
      { scope: everything, limit: { kind: "height-step", blocks: most }, otherwise: { do: "wait", ms } },
      {
        scope: everything,
        limit: { kind: "hours", from: most, until: ms, days: [], offsetMinutes: most },
        otherwise: { do: "ask", ask: { need: most, of: [] } },
      },
      {
        scope: everything,
        limit: { kind: "amount", per: "hour", most: sat(-1) },
        otherwise: { do: "refuse" },
      },
    ),
  );

test("judging never throws, and always answers, whatever the numbers", () => {
  const outcomes = new Map<string, number>();
  fc.assert(
    fc.property(
      anyRoughPolicy,
      fc.array(anyWildRule, { maxLength: 3 }),
      fc.oneof(anyRequest, anyWildSpend),
      anyPastOfBoth,
      fc.record({ ms: anyNumber, dateMs: anyNumber }),
      (policy, wild, one, history, now) => {
        const asked = line({ kind: "asked", txid: one.txid, destinations: [], reasons: [] }, NOON);
        const lost = line({ kind: "resumed", lost: 1, reason: "", serial: 0, anchor: "" }, NOON - 9 * HOUR);
        const ledger = ledgerOf(asked, lost, ...history);
        const verdict = judge({ ...policy, rules: [...OPEN, ...policy.rules, ...wild] }, one, ledger, now);
        outcomes.set(verdict.outcome, (outcomes.get(verdict.outcome) ?? 0) + 1);
        assert.ok(verdict.rules.length > 0);
        for (const answer of verdict.rules) {
          assert.match(
            answer.sentence,
            /^[\x20-\x7e]+\.$/,
            "every answer is a sentence that any screen can draw",
          );
          assert.equal(answer.reason === undefined, answer.outcome === "allow");
          assert.equal(answer.ask !== undefined, answer.outcome === "ask");
          assert.equal(answer.untilMs !== undefined, answer.outcome === "wait");
        }
        const refuses = verdict.outcome === "refuse" || verdict.outcome === "wait";
        assert.equal(refusalOf(verdict) !== undefined, refuses);
        assert.equal(refusalOf(verdict, "hidden") !== undefined, refuses);
        assert.equal(hiddenVerdict(verdict).outcome, verdict.outcome);
        assert.equal(reasonsOf(verdict).length > 0, verdict.outcome !== "allow");
      },
    ),
    { numRuns: 3000 },
  );
  assert.deepEqual(
    [...outcomes.keys()].sort(),
    ["allow", "ask", "refuse", "wait"],
    JSON.stringify([...outcomes]),
  );
});
