import assert from "node:assert/strict";
import { test } from "node:test";
import { HARDENED } from "../../src/limits.ts";
import {
  hiddenVerdict,
  judge,
  judgeMessage,
  newDestinations,
  reasonsOf,
  refusalOf,
} from "../../src/policy/index.ts";
import { REFUSALS } from "../../src/refusal.ts";
import type { Policy, Rule, Verdict } from "../../src/rules.ts";
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
} from "./cases.ts";
import { KEYS, policyOf, RULES, rule, sat, WALLETS } from "./policies.ts";

const judged = (policy: Policy | undefined, one = spend(), ledger = ledgerOf(), now = NOW) =>
  judge(policy, one, ledger, now);
const asked = (txid: string, ms: number) => line({ kind: "asked", txid, destinations: [], reasons: [] }, ms);

test("an ordinary spend is allowed, every rule that applies answers with a sentence, and the verdict names the transaction", () => {
  const verdict = judged(POLICY);
  assert.equal(verdict.outcome, "allow");
  assert.equal(verdict.txid, "aa");
  assert.deepEqual(
    verdict.rules.map(({ rule: name, outcome }) => [name, outcome]),
    [
      "At most 0.5 BTC per transaction",
      "At most 1 BTC per day",
      "To any destination",
      "Fee at most 0.001 BTC",
      "Fee at most 200 sat/vB",
      "Fee at most 10 %",
    ].map((name) => [name, "allow"]),
  );
  for (const { sentence, reason } of verdict.rules) {
    assert.match(sentence, /^[A-Z0-9].*\.$/);
    assert.equal(reason, undefined);
  }
  assert.equal(refusalOf(verdict), undefined);
});

test("without a policy nothing is allowed, nor with one that has no rules", () => {
  assert.deepEqual(reasons(undefined, spend()), ["policy.none"]);
  assert.equal(judged(undefined).outcome, "refuse");
  assert.equal(judged(policyOf([])).outcome, "refuse");
});

// ---------------------------------------------------------------- silence

const without = (gone: (one: Rule) => boolean) => policyOf(RULES.filter((one) => !gone(one)));
const silent = (policy: Policy, one = spend()) =>
  judged(policy, one).rules.filter(({ reason }) => reason === "policy.silent");

test("what a policy is silent about is refused, and named", () => {
  const cases: [Policy, string][] = [
    [without(({ limit }) => limit.kind === "amount"), "No limit says how much BTC may leave."],
    [without(({ limit }) => limit.kind === "destinations"), "No rule says where the money may go."],
    [without(({ limit }) => limit.kind.startsWith("fee")), "No rule limits the fee."],
  ];
  for (const [policy, sentence] of cases) {
    assert.deepEqual(
      silent(policy).map((one) => [one.outcome, one.sentence]),
      [["refuse", sentence]],
    );
    assert.equal(judged(policy).outcome, "refuse");
  }
  const nothing = silent(policyOf([]), spend({ unusual: ["lock time", "data output"] }));
  assert.equal(nothing.length, 5);
  assert.ok(nothing.some(({ sentence }) => sentence === "No rule speaks of this: data output."));
});

test("what takes nothing but its fee needs a limit on amounts all the same", () => {
  const policy = without(({ limit }) => limit.kind === "amount");
  assert.equal(silent(policy, spend({ takes: [], destinations: [] })).length, 1);
  assert.equal(judged(POLICY, spend({ takes: [], destinations: [] })).outcome, "allow");
});

test("one limit of a kind is enough to speak of it, also where another asset's would not be", () => {
  for (const kind of ["fee", "fee-rate", "fee-percent"])
    assert.deepEqual(silent(without(({ limit }) => limit.kind.startsWith("fee") && limit.kind !== kind)), []);
  assert.deepEqual(silent(without(({ limit }) => limit.kind === "amount" && limit.per !== "day")), []);
});

test("rules for other keys and wallets do not speak of this one", () => {
  const scoped = (scope: Rule["scope"]) => policyOf(RULES.map((one) => ({ ...one, scope })));
  assert.deepEqual(reasons(scoped({ of: "key", fingerprint: KEYS[0]! }), spend()), []);
  assert.deepEqual(reasons(scoped({ of: "key", fingerprint: KEYS[1]! }), spend()), ["policy.silent"]);
  assert.deepEqual(reasons(scoped({ of: "wallet", ...WALLETS[0]! }), spend()), []);
  assert.deepEqual(reasons(scoped({ of: "wallet", ...WALLETS[1]! }), spend()), ["policy.silent"]);
  // Another wallet of the same name is another one.
  assert.deepEqual(reasons(scoped({ of: "wallet", ...WALLETS[0]!, fingerprint: "ffffffff" }), spend()), [
    "policy.silent",
  ]);
});

test("a wallet that no rule speaks of is not spent from in another one's company either", () => {
  const one = policyOf(RULES.map((each) => ({ ...each, scope: { of: "wallet", ...WALLETS[0]! } })));
  const mixed = spend({ wallets: [WALLETS[0]!, WALLETS[2]!], unusual: ["mixed wallets"] });
  assert.deepEqual(
    silent(one, mixed).map(({ sentence }) => sentence),
    [
      "Wallet Spending: No limit says how much BTC may leave.",
      "Wallet Spending: No rule says where the money may go.",
      "Wallet Spending: No rule limits the fee.",
      "Wallet Spending: No rule speaks of this: mixed wallets.",
    ],
  );
  const both = policyOf([
    ...one.rules,
    ...RULES.map((each) => ({ ...each, scope: { of: "wallet", ...WALLETS[2]! } as const })),
  ]);
  assert.equal(judged(both, mixed).outcome, "allow");
});

test("a policy of another network says nothing of this one", () => {
  assert.deepEqual(reasons(POLICY, spend({ network: "signet" })), ["policy.silent"]);
});

test("a fee that is not proven has to be spoken of, also where the request forgot to say so", () => {
  const silence = without(({ limit }) => limit.kind === "unusual" && limit.what === "unproven fee");
  assert.deepEqual(reasons(silence, spend({ feeProven: false })), ["policy.silent"]);
  assert.deepEqual(reasons(POLICY, spend({ feeProven: false })), ["policy.fee-unproven"]);
});

// ---------------------------------------------------------------- the strictest holds

const over = (otherwise: Rule["otherwise"]) =>
  policyOf([...RULES, rule({ kind: "amount", per: "transaction", most: sat(1) }, otherwise)]);

test("the strictest of all answers holds: refuse, then wait, then ask, then allow", () => {
  const ask = { do: "ask", ask: { need: 1, of: ["anna"] } } as const;
  const wait = { do: "wait", ms: HOUR } as const;
  const all = (...others: Rule["otherwise"][]) =>
    judged(policyOf([...RULES, ...others.map((one) => rule({ kind: "fee", most: sat(1) }, one))])).outcome;
  assert.equal(all(), "allow");
  assert.equal(all(ask), "ask");
  assert.equal(all(ask, wait), "wait");
  assert.equal(all(wait, ask), "wait");
  assert.equal(all(wait, { do: "refuse" }, ask), "refuse");
});

test("an ask says whom, and is no refusal", () => {
  const ask = { need: 2, of: ["anna", "ben", "carla"] };
  const verdict = judged(over({ do: "ask", ask }));
  assert.deepEqual(verdict.rules.at(-1)?.ask, ask);
  assert.equal(refusalOf(verdict), undefined);
  assert.deepEqual(reasonsOf(verdict), ["policy.over-transaction-limit"]);
});

test("a wait counts from when the request was first told to wait, and says until when", () => {
  const policy = over({ do: "wait", ms: DAY });
  const fresh = result("At most 0.00000001", policy, spend());
  assert.equal(fresh.outcome, "wait");
  assert.equal(fresh.untilMs, NOON + DAY);
  assert.match(fresh.sentence, /It passes from 2026-03-02 12:00 UTC, in 1 day\.$/);
  const ledger = ledgerOf(asked("aa", NOON));
  const later = result("At most 0.00000001", policy, spend(), ledger, at(NOON + 23 * HOUR));
  assert.match(later.sentence, /It passes from 2026-03-02 12:00 UTC, in 1 hour\.$/);
  assert.equal(judged(policy, spend(), ledger, at(NOON + DAY - 1)).outcome, "wait");
  assert.equal(judged(policy, spend(), ledger, at(NOON + DAY)).outcome, "allow");
  assert.match(
    result("At most 0.00000001", policy, spend(), ledger, at(NOON + DAY)).sentence,
    /It has waited long enough\.$/,
  );
  assert.equal(judged(policy, spend({ txid: "another" }), ledger, at(NOON + DAY)).outcome, "wait");
});

test("a wait goes by the time that is counted, and is said by the date that people read", () => {
  const set = { ms: NOON, dateMs: NOON + 90 * DAY };
  const policy = over({ do: "wait", ms: DAY });
  assert.equal(judged(policy, spend(), ledgerOf(asked("aa", NOON)), set).outcome, "wait");
  assert.match(
    result("At most 0.00000001", policy, spend(), ledgerOf(), set).sentence,
    /from 2026-05-31 12:00 UTC, in 1 day/,
  );
});

test("a request that has to wait is refused as one, the longest wait first", () => {
  const policy = policyOf([
    ...RULES,
    rule({ kind: "fee", most: sat(1) }, { do: "wait", ms: HOUR }),
    rule({ kind: "amount", per: "transaction", most: sat(1) }, { do: "wait", ms: DAY }),
  ]);
  const refusal = refusalOf(judged(policy))!;
  assert.equal(refusal.reason, "policy.wait");
  assert.deepEqual(refusal.also, ["policy.over-transaction-limit", "policy.fee-too-high"]);
  assert.match(refusal.detail.split("\n")[0]!, /in 1 day\.$/);
});

test("rules of a key or a wallet say whose head-room it is", () => {
  const scoped = (scope: Rule["scope"]) =>
    policyOf([...RULES, rule({ kind: "amount", per: "week", most: sat(BTC) }, { do: "refuse" }, scope)]);
  const said = (scope: Rule["scope"]) => result("At most 1 BTC per week", scoped(scope), spend()).sentence;
  assert.equal(
    said({ of: "wallet", ...WALLETS[0]! }),
    "Wallet Savings: 0.90000000 of 1 BTC left per week after this.",
  );
  assert.equal(
    said({ of: "key", fingerprint: KEYS[0]! }),
    `Key ${KEYS[0]}: 0.90000000 of 1 BTC left per week after this.`,
  );
});

// ---------------------------------------------------------------- what becomes of a verdict

const bad = spend({
  takes: [sat(2n * BTC)],
  fee: sat(BTC),
  feeRate: 5_000,
  feePercent: 50,
  feeProven: false,
});

test("all broken rules are named in the refusal, and what it says is in the table", () => {
  const policy = policyOf(
    RULES.map((one) =>
      one.limit.kind === "destinations" ? rule({ kind: "destinations", to: ["staff"] }) : one,
    ),
    { lists: [{ name: "staff", entries: [{ kind: "address", to: "x" }] }] },
  );
  const refusal = refusalOf(judged(policy, bad))!;
  assert.equal(refusal.reason, "policy.over-transaction-limit");
  assert.deepEqual(refusal.also, [
    "policy.over-window-limit",
    "policy.destination",
    "policy.fee-too-high",
    "policy.fee-rate-too-high",
    "policy.fee-percent-too-high",
    "policy.fee-unproven",
  ]);
  for (const reason of [refusal.reason, ...refusal.also]) assert.ok(REFUSALS[reason]);
  assert.equal(refusal.detail.split("\n").length, 7);
});

test("hidden reasons give one name and no word more, to a refusal and to a wait alike; the journal has all of them", () => {
  for (const verdict of [judged(POLICY, bad), judged(over({ do: "wait", ms: HOUR }))]) {
    const refusal = refusalOf(verdict, "hidden")!;
    assert.deepEqual([refusal.reason, refusal.detail, refusal.also], ["policy.not-allowed", "", []]);
    const told = JSON.stringify(hiddenVerdict(verdict));
    for (const { sentence, rule: name } of verdict.rules)
      assert.ok(!told.includes(sentence) && !told.includes(name), told);
    assert.doesNotMatch(told, /\d BTC|sat\/vB|over|fee|wait\b.*until/i);
  }
  assert.equal(reasonsOf(judged(POLICY, bad)).length, 6);
  assert.deepEqual(reasonsOf(judged(over({ do: "wait", ms: HOUR }))), ["policy.over-transaction-limit"]);
});

test("where reasons are hidden, who has to agree is said, and what is allowed is said without head-room", () => {
  const ask = { need: 1, of: ["anna", "ben"] };
  const hidden = hiddenVerdict(judged(over({ do: "ask", ask })));
  assert.equal(hidden.outcome, "ask");
  assert.deepEqual(
    hidden.rules.map((one) => [one.sentence, one.ask]),
    [["To agree: 1 of anna, ben.", ask]],
  );
  assert.deepEqual(
    hiddenVerdict(judged(POLICY)).rules.map(({ sentence }) => sentence),
    ["The policy allows this."],
  );
});

test("a verdict without a reason is refused all the same", () => {
  const broken: Verdict = { txid: "aa", outcome: "refuse", rules: [] };
  assert.equal(refusalOf(broken)?.reason, "policy.none");
});

test("every reason that a rule can give has a text of its own, and no remedy says to set up anew", () => {
  for (const [name, { remedy }] of Object.entries(REFUSALS))
    if (name.startsWith("policy.")) assert.doesNotMatch(remedy, /set-?up|same words/i, name);
});

test("what is new in a request that waits is known by its destinations", () => {
  const lists = [{ name: "staff", entries: [{ kind: "address" as const, to: "bc1qstaff" }] }];
  const to = (...names: string[]) => names.map((name) => ({ to: name, amount: sat(1) }));
  const one = spend({ txid: "x", destinations: to("bc1qstaff", "bc1qnew", "bc1qpaid", "bc1qnew") });
  const ledger = ledgerOf(recorded(spend({ destinations: to("bc1qpaid") }), NOON - 1));
  assert.deepEqual(newDestinations(policyOf(RULES, { lists }), one, ledger, NOW), ["bc1qnew"]);
});

// ---------------------------------------------------------------- messages

const hard = (...steps: number[]) => steps.map((step) => step + HARDENED);
const message = (path: readonly number[]) => ({ id: "m1", key: KEYS[0]!, path });
const under = (paths: readonly string[], otherwise: Rule["otherwise"] = { do: "refuse" }) =>
  policyOf([rule({ kind: "messages", under: paths }, otherwise)]);
const outcome = (policy: Policy | undefined, path: readonly number[], ledger = ledgerOf(), now = NOW) =>
  judgeMessage(policy, message(path), ledger, now).outcome;

test("messages are signed under the paths that are named, step by step, and under no others", () => {
  const policy = under(["m/84h/0h/0h", "m/86h"]);
  assert.equal(outcome(policy, [...hard(84, 0, 0), 0, 5]), "allow");
  assert.equal(outcome(policy, hard(84, 0, 0)), "allow");
  assert.equal(outcome(policy, [...hard(86, 1, 7), 0, 0]), "allow");
  for (const path of [[...hard(84, 0, 1), 0, 0], [...hard(84, 0), 0], hard(84, 0), hard(860), [], [84, 0, 0]])
    assert.equal(outcome(policy, path), "refuse", String(path));
  assert.equal(outcome(under(["m"]), []), "allow");
});

test("a policy that is silent about messages refuses them, whatever it says of payments", () => {
  assert.deepEqual(reasonsOf(judgeMessage(POLICY, message([]), ledgerOf(), NOW)), ["policy.silent"]);
  assert.deepEqual(reasonsOf(judgeMessage(undefined, message([]), ledgerOf(), NOW)), ["policy.none"]);
  const other = policyOf([
    { ...rule({ kind: "messages", under: ["m"] }), scope: { of: "key", fingerprint: "ffffffff" } },
  ]);
  assert.equal(outcome(other, []), "refuse");
});

test("messages elsewhere may be asked for, or wait", () => {
  const ask = { need: 1, of: ["anna"] };
  assert.equal(outcome(under(["m/84h"], { do: "ask", ask }), []), "ask");
  const waits = under(["m/84h"], { do: "wait", ms: HOUR });
  assert.equal(outcome(waits, []), "wait");
  assert.equal(outcome(waits, [], ledgerOf(asked("m1", NOON)), at(NOON + HOUR)), "allow");
});

test("rules about messages say nothing of payments", () => {
  assert.equal(judged(policyOf([...RULES, rule({ kind: "messages", under: [] })])).outcome, "allow");
  assert.deepEqual(reasons(POLICY, spend(), ledgerOf(past("b", BTC, NOON - HOUR))), [
    "policy.over-window-limit",
  ]);
});
