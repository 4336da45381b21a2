// The table of questions, and the one function that asks them all.

import {
  type Ledger,
  type Limit,
  type Now,
  OUTCOMES,
  type Outcome,
  type Policy,
  type Rule as RuleLine,
  type RuleResult,
  type Scope,
  type Spend,
  type Unusual,
  type Verdict,
} from "../rules.ts";
import { shown } from "../text.ts";
import { type Case, caseOf, type Finding, type Question, refusal, unknownUntil, whenOf } from "./rule.ts";
import { amount, count } from "./rules/amounts.ts";
import {
  allowance,
  blind,
  calls,
  chains,
  delegates,
  messages,
  sites,
  spenders,
  typed,
} from "./rules/ethereum.ts";
import { fee, feePercent, feeRate } from "./rules/fees.ts";
import { destinations, newDestination, wallets } from "./rules/places.ts";
import { heightStep, hours } from "./rules/times.ts";
import { unusual, unusualIn } from "./rules/unusual.ts";
import { silences } from "./silence.ts";
import { writeRule } from "./write.ts";

const QUESTIONS: { readonly [K in Limit["kind"]]: Question<K> } = {
  amount,
  count,
  destinations,
  "new-destination": newDestination,
  fee,
  "fee-rate": feeRate,
  "fee-percent": feePercent,
  "height-step": heightStep,
  hours,
  wallets,
  unusual,
  messages,
  chains,
  calls,
  blind,
  spenders,
  allowance,
  typed,
  delegates,
  sites,
};

/**
 * What the policy says of this spend, given what was recorded before and the time. Pure and total; every rule whose
 * scope matches answers, and the strictest answer holds. What no rule speaks of is refused.
 */
export function judge(policy: Policy | undefined, spend: Spend, ledger: Ledger, now: Now): Verdict {
  const rules = policy ? resultsOf(policy, spend, ledger, now) : [NO_POLICY];
  return { txid: spend.txid, outcome: strictest(rules), rules };
}

export const NO_POLICY = refusal("policy", "policy.none", "There is no policy, so nothing may be signed.");

function resultsOf(policy: Policy, spend: Spend, ledger: Ledger, now: Now): RuleResult[] {
  const of = caseOf(policy, spend, ledger, now);
  const applying = policy.rules.filter(({ scope }) => matches(scope, spend));
  return [
    ...silences(policy, spend, applying),
    ...contradictions(of),
    ...applying.flatMap((rule) => ask(rule, of) ?? []),
  ];
}

/** Of two claims about the same inputs one is a lie: signing both would burn the difference as fee. */
function contradictions(of: Case): RuleResult[] {
  const { ledger, spend, now } = of;
  if (ledger.contradicted(spend.txid, spend.amounts)) {
    const sentence = "This very transaction was signed before, with other amounts claimed for its inputs.";
    return [refusal("amounts", "policy.amounts-changed", sentence)];
  }
  const until = unknownUntil(of);
  if (until === undefined || !CLAIMS.some((what) => unusualIn(spend).has(what))) return [];
  const sentence = `Lines of the journal are missing, so whether this was signed before with other claims cannot be told before ${whenOf(until, now)}.`;
  return [refusal("amounts", "policy.uncounted", sentence)];
}

/** Whatever else a transaction says of its inputs is proven, so that no other claim can be made. */
const CLAIMS: readonly Unusual[] = ["unproven fee", "foreign input"];

function ask(rule: RuleLine, of: Case): RuleResult | undefined {
  const question = QUESTIONS[rule.limit.kind] as Question<Limit["kind"]>;
  const found = question(rule.limit, of, rule);
  return found && answer(rule, found, of.now, of.ledger.askedAt(of.spend.txid));
}

/** What a finding comes to by what the rule would do otherwise. askedAt: of the whole request. */
export function answer(line: RuleLine, found: Finding, now: Now, askedAt: number | undefined): RuleResult {
  const { reason } = found;
  const { otherwise } = line;
  const told = { rule: writeRule(line), sentence: scoped(line.scope, found.sentence) };
  if (found.holds) return { ...told, outcome: "allow" };
  if (otherwise.do === "refuse" || found.finally) return { ...told, outcome: "refuse", reason };
  if (otherwise.do === "ask") return { ...told, outcome: "ask", reason, ask: otherwise.ask };
  const since = "askedAt" in found ? found.askedAt : askedAt;
  const untilMs = (since ?? now.ms) + otherwise.ms;
  if (since !== undefined && untilMs <= now.ms)
    return { ...told, outcome: "allow", sentence: `${told.sentence} It has waited long enough.` };
  const sentence = `${told.sentence} It passes from ${whenOf(untilMs, now)}.`;
  return { ...told, outcome: "wait", reason, sentence, untilMs };
}

function scoped(scope: Scope, sentence: string): string {
  if (scope.of === "all") return sentence;
  return `${scope.of === "key" ? `Key ${scope.fingerprint}` : `Wallet ${shown(scope.name)}`}: ${sentence}`;
}

export function matches(scope: Scope, { key, wallets: from }: Pick<Spend, "key" | "wallets">): boolean {
  if (scope.of === "all") return true;
  if (scope.of === "key") return key === scope.fingerprint;
  return from.some(({ fingerprint }) => fingerprint === scope.fingerprint);
}

/** Where no rule says anything nothing is allowed. */
export function strictest(rules: readonly RuleResult[]): Outcome {
  const ranks = rules.map(({ outcome }) => OUTCOMES.indexOf(outcome));
  return rules.length === 0 ? "refuse" : OUTCOMES[Math.max(...ranks)]!;
}

/** The destinations that are on no list and were never paid: what is asked for now waits from now on. */
export function newDestinations(policy: Policy, spend: Spend, ledger: Ledger, now: Now): readonly string[] {
  return [
    ...new Set(
      caseOf(policy, spend, ledger, now)
        .fresh()
        .map(({ to }) => to),
    ),
  ];
}
