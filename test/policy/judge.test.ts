import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { PastSpend, Policy } from "../../src/model.ts";
import { judge, refusalOf } from "../../src/policy/index.ts";
import { REFUSALS } from "../../src/refusal.ts";
import { anyPast, anyPolicy, anySpend, BTC, HOUR, NOW, POLICY, past, spend } from "./cases.ts";

const reasons = (...args: Parameters<typeof judge>) =>
  judge(...args).rules.flatMap(({ reason }) => (reason === undefined ? [] : [reason]));
const sentence = (rule: string, ...args: Parameters<typeof judge>) =>
  judge(...args).rules.find((result) => result.rule === rule)?.sentence;

test("an ordinary spend is allowed, every rule answers with a sentence, and the verdict names the transaction", () => {
  const verdict = judge(POLICY, spend(), [], NOW);
  assert.equal(verdict.outcome, "allow");
  assert.equal(verdict.txid, "aa");
  assert.deepEqual(
    verdict.rules.map(({ rule, outcome }) => `${rule} ${outcome}`),
    ["per-transaction", "per-day", "destinations", "fee", "fee-rate", "fee-percent", "fee-proof"].map(
      (r) => `${r} allow`,
    ),
  );
  for (const { sentence } of verdict.rules) assert.match(sentence, /^[A-Z0-9].*\.$/);
  assert.equal(refusalOf(verdict), undefined);
});

test("without a policy nothing is allowed", () => {
  assert.deepEqual(reasons(undefined, spend(), [], NOW), ["policy.none"]);
  assert.equal(judge(undefined, spend(), [], NOW).outcome, "refuse");
});

test("each limit holds at its very value and refuses one above it", () => {
  const cases: [Partial<ReturnType<typeof spend>>, string | undefined][] = [
    [{ leavesSats: BTC / 2n }, undefined],
    [{ leavesSats: BTC / 2n + 1n }, "policy.over-transaction-limit"],
    [{ feeSats: 100_000n }, undefined],
    [{ feeSats: 100_001n }, "policy.fee-too-high"],
    [{ feeRate: 200 }, undefined],
    [{ feeRate: 200.001 }, "policy.fee-rate-too-high"],
    [{ feePercent: 10 }, undefined],
    [{ feePercent: 10.0001 }, "policy.fee-percent-too-high"],
    [{ feeProven: false }, "policy.fee-unproven"],
  ];
  for (const [parts, reason] of cases)
    assert.deepEqual(
      reasons(POLICY, spend(parts), [], NOW),
      reason === undefined ? [] : [reason],
      String(reason),
    );
});

test("a rate or share that is no number is refused, not let through", () => {
  assert.deepEqual(
    reasons(POLICY, spend({ feeRate: Number.NaN, feePercent: Number.POSITIVE_INFINITY }), [], NOW),
    ["policy.fee-rate-too-high", "policy.fee-percent-too-high"],
  );
});

test("only listed destinations pass, and a script that has no address is none of them", () => {
  const listed: Policy = { ...POLICY, destinations: ["bc1qfriend"] };
  assert.deepEqual(reasons(listed, spend(), [], NOW), []);
  for (const to of ["6a0548656c6c6f", "", "bc1qfriendx", "BC1QFRIEND"]) {
    const destinations = [...spend().destinations, { to, amountSats: 0n }];
    assert.deepEqual(reasons(listed, spend({ destinations }), [], NOW), ["policy.destination"], to);
  }
  assert.equal(
    sentence(
      "destinations",
      listed,
      spend({
        destinations: [
          { to: "\u202eevil", amountSats: 1n },
          { to: "x", amountSats: 1n },
        ],
      }),
      [],
      NOW,
    ),
    "<U+202E>evil is not on the list, nor are 1 more.",
  );
});

test("the same transaction with other amounts claimed is refused, though the policy allows unproven fees", () => {
  const allowing = { ...POLICY, unprovenFees: "allow" } as const;
  const signed = past("aa", 1n, NOW);
  const again = spend({ feeProven: false });
  assert.deepEqual(reasons(allowing, again, [signed], NOW), []);
  assert.deepEqual(reasons(allowing, { ...again, amounts: "01" }, [signed], NOW), ["policy.amounts-changed"]);
  assert.deepEqual(reasons(allowing, { ...again, amounts: "01", txid: "ab" }, [signed], NOW), []);
});

test("unproven fees pass only where the policy says so", () => {
  assert.deepEqual(reasons({ ...POLICY, unprovenFees: "allow" }, spend({ feeProven: false }), [], NOW), []);
});

test("what a transaction takes is said with all its places, and its limit in short", () => {
  assert.equal(
    sentence("per-transaction", POLICY, spend({ leavesSats: 15_001_800n }), [], NOW),
    `Takes 0.15001800 of at most ${Number(POLICY.mostPerTransactionSats) / 1e8} BTC per transaction.`,
  );
});

test("head-room is said exactly, before and after", () => {
  const history = [past("b", 69_000_000n, NOW - HOUR)];
  assert.equal(
    sentence("per-day", POLICY, spend(), history, NOW),
    "0.21000000 of 1 BTC left for the next 24 hours after this.",
  );
  const more = spend({ leavesSats: 31_000_001n });
  assert.equal(
    sentence("per-day", POLICY, more, history, NOW),
    "0.31000000 of 1 BTC left for the next 24 hours; this takes 0.31000001 BTC.",
  );
});

test("what was spent counts for 24 hours to the millisecond, and no longer", () => {
  const history = [past("b", BTC, NOW)];
  const day = 24 * HOUR;
  assert.deepEqual(reasons(POLICY, spend(), history, NOW + day - 1), ["policy.over-day-limit"]);
  assert.deepEqual(reasons(POLICY, spend(), history, NOW + day), []);
});

test("a clock set back closes the window and says so; no clock at all closes it too", () => {
  const history = [past("b", BTC, NOW)];
  for (const back of [NOW - HOUR, NOW - 40 * 24 * HOUR, 0, Number.NaN])
    assert.deepEqual(reasons(POLICY, spend(), history, back), ["policy.over-day-limit"], String(back));
  assert.match(sentence("per-day", POLICY, spend(), history, NOW - HOUR)!, /clock is behind the record/);
});

test("the same request again after a cut counts once", () => {
  const again = spend({ leavesSats: BTC / 2n });
  const history = [past("other", BTC / 2n, NOW - HOUR), { ...again, at: NOW - 1 }];
  assert.deepEqual(reasons(POLICY, again, history, NOW), []);
  assert.deepEqual(reasons(POLICY, spend({ txid: "new", outpoints: ["9:9"] }), history, NOW), [
    "policy.over-day-limit",
  ]);
});

test("a replacement counts once, by the dearer of the two", () => {
  const first = past("b", BTC / 2n, NOW - HOUR, ["11:0"]);
  const other = past("c", BTC / 2n, NOW - HOUR);
  assert.deepEqual(reasons(POLICY, spend({ leavesSats: BTC / 2n }), [first, other], NOW), []);
  assert.deepEqual(reasons(POLICY, spend({ leavesSats: BTC / 10n }), [first, other], NOW), []);
  const dearer = [past("b", BTC / 2n - 1n, NOW - HOUR, ["11:0"]), other];
  const bump = { ...POLICY, mostPerDaySats: BTC - 1n };
  assert.deepEqual(reasons(bump, spend({ leavesSats: BTC / 2n }), dearer, NOW), ["policy.over-day-limit"]);
});

test("a third spend that conflicts with two others does not hide that both of them can confirm", () => {
  const history = [
    past("t1", 40_000_000n, NOW - HOUR, ["A:0"]),
    past("t2", 40_000_000n, NOW - HOUR, ["B:0"]),
    past("t3", 50_000_000n, NOW - HOUR, ["A:0", "B:0"]),
  ];
  const more = (leavesSats: bigint) =>
    reasons(POLICY, spend({ leavesSats, outpoints: ["C:0"] }), history, NOW);
  assert.deepEqual(more(20_000_000n), []);
  assert.deepEqual(more(20_000_001n), ["policy.over-day-limit"]);
});

test("all broken rules are named in the refusal, the first as its reason", () => {
  const bad = spend({ leavesSats: 2n * BTC, feeSats: BTC, feeRate: 5_000, feePercent: 50, feeProven: false });
  const refusal = refusalOf(judge({ ...POLICY, destinations: ["x"] }, bad, [], NOW))!;
  assert.equal(refusal.reason, "policy.over-transaction-limit");
  assert.deepEqual(refusal.also, [
    "policy.over-day-limit",
    "policy.destination",
    "policy.fee-too-high",
    "policy.fee-rate-too-high",
    "policy.fee-percent-too-high",
    "policy.fee-unproven",
  ]);
  for (const reason of [refusal.reason, ...refusal.also]) assert.ok(REFUSALS[reason]);
  assert.equal(refusal.detail.split("\n").length, 7);
});

/** By trying every subset: what counts in a day. */
function bruteForce(spends: readonly PastSpend[]): bigint {
  const largest = new Map<string, PastSpend>();
  for (const one of spends)
    if ((largest.get(one.txid)?.leavesSats ?? -1n) < one.leavesSats) largest.set(one.txid, one);
  const all = [...largest.values()];
  let best = 0n;
  for (let subset = 0; subset < 1 << all.length; subset++) {
    const chosen = all.filter((_, i) => subset & (1 << i));
    const used = chosen.flatMap(({ outpoints }) => outpoints);
    if (new Set(used).size !== used.length) continue;
    const sum = chosen.reduce((total, { leavesSats }) => total + leavesSats, 0n);
    if (sum > best) best = sum;
  }
  return best;
}

test("what counts is the largest sum that can confirm together, as trying every subset finds it", () => {
  fc.assert(
    fc.property(fc.array(anyPast, { maxLength: 9 }), anySpend, fc.bigInt(1n, 80n), (history, one, most) => {
      const counted = history.filter(({ at }) => at > NOW - 24 * HOUR);
      const open: Policy = { ...POLICY, mostPerDaySats: most };
      const over = reasons(open, one, history, NOW).includes("policy.over-day-limit");
      assert.equal(over, bruteForce([...counted, { ...one, at: NOW }]) > most);
    }),
    { numRuns: 1500 },
  );
});

test("a stricter policy never allows more", () => {
  const stricter = (policy: Policy, other: Policy): Policy => ({
    version: 1,
    mostPerTransactionSats: least(policy.mostPerTransactionSats, other.mostPerTransactionSats),
    mostPerDaySats: least(policy.mostPerDaySats, other.mostPerDaySats),
    mostFeeSats: least(policy.mostFeeSats, other.mostFeeSats),
    mostFeeRate: Math.min(policy.mostFeeRate, other.mostFeeRate),
    mostFeePercent: Math.min(policy.mostFeePercent, other.mostFeePercent),
    destinations: both(policy.destinations, other.destinations),
    unprovenFees: policy.unprovenFees === "refuse" ? "refuse" : other.unprovenFees,
  });
  let allowed = 0;
  fc.assert(
    fc.property(
      anyPolicy,
      anyPolicy,
      anySpend,
      fc.array(anyPast, { maxLength: 3 }),
      (policy, other, one, history) => {
        const strict = judge(stricter(policy, other), one, history, NOW);
        if (strict.outcome !== "allow") return;
        allowed++;
        assert.equal(judge(policy, one, history, NOW).outcome, "allow");
        assert.equal(judge(other, one, history, NOW).outcome, "allow");
      },
    ),
    { numRuns: 3000 },
  );
  assert.ok(allowed > 50, `only ${allowed} of the cases were allowed at all`);
});

const least = (a: bigint, b: bigint) => (a < b ? a : b);
function both(a: Policy["destinations"], b: Policy["destinations"]): Policy["destinations"] {
  if (a === "any") return b;
  return b === "any" ? a : a.filter((to) => b.includes(to));
}

test("splitting a payment never passes more in any day than the whole may take", () => {
  fc.assert(
    fc.property(
      fc.bigInt(5n, 60n),
      fc.array(fc.record({ amount: fc.bigInt(1n, 20n), waitMs: fc.integer({ min: 0, max: 10 * HOUR }) }), {
        maxLength: 25,
      }),
      (most, parts) => {
        const policy: Policy = { ...POLICY, mostPerTransactionSats: most, mostPerDaySats: most };
        const passed: PastSpend[] = [];
        let now = NOW;
        for (const [i, { amount, waitMs }] of parts.entries()) {
          now += waitMs;
          const one = spend({ txid: `s${i}`, outpoints: [`s${i}:0`], leavesSats: amount });
          if (judge(policy, one, passed, now).outcome === "allow") passed.push({ ...one, at: now });
        }
        for (const { at: end } of passed) {
          const day = passed.filter(({ at }) => at > end - 24 * HOUR && at <= end);
          assert.ok(day.reduce((sum, { leavesSats }) => sum + leavesSats, 0n) <= most);
        }
      },
    ),
  );
});

test("a clock that goes back never lets more through than one that stood still", () => {
  fc.assert(
    fc.property(
      anyPolicy,
      anySpend,
      fc.array(anyPast, { maxLength: 6 }),
      fc.integer({ min: 0, max: 100 * HOUR }),
      (policy, one, history, back) => {
        if (judge(policy, one, history, NOW - back).outcome === "allow")
          assert.equal(judge(policy, one, history, NOW).outcome, "allow");
      },
    ),
    { numRuns: 2000 },
  );
});

test("a hundred thousand recorded spends, a thousand outputs and hostile conflicts are judged within bounds", () => {
  const chained = Array.from({ length: 100_000 }, (_, i) =>
    past(`h${i}`, 1n, NOW - i, [`o${i >> 1}:0`, `p${i % 3_000}:0`]),
  );
  const ring = Array.from({ length: 30 }, (_, i) =>
    past(`r${i}`, 1n, NOW, [`q${i}:0`, `q${(i + 1) % 30}:0`, `q${(i + 7) % 30}:0`]),
  );
  const destinations = Array.from({ length: 1_000 }, (_, i) => ({ to: `d${i}`, amountSats: 1n }));
  const began = process.cpuUsage();
  const verdict = judge(
    { ...POLICY, destinations: ["d1"] },
    spend({ destinations }),
    [...chained, ...ring],
    NOW,
  );
  const { user, system } = process.cpuUsage(began);
  assert.equal(verdict.rules.length, 7);
  // Linear work: a quadratic one would take minutes. Generous, because the machine may be busy.
  assert.ok((user + system) / 1000 < 2_000, `${(user + system) / 1000} ms of CPU`);
});
