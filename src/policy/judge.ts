// The table of questions, and the one function that asks them all.

import { Refusal } from "../refusal.ts";
import type { Rule as RuleLine, RuleResult, Scope, Spend, Verdict } from "../rules.ts";
import { type Ledger, type Limit, type Now, OUTCOMES, type Outcome, type Policy } from "../rules.ts";
import { writeRule } from "./document.ts";
import { type Case, type Finding, type Question, refusal } from "./rule.ts";
import { amount, count } from "./rules/amounts.ts";
import { fee, feePercent, feeRate } from "./rules/fees.ts";
import { destinations } from "./rules/places.ts";

const nothing = () => undefined;

const QUESTIONS: { readonly [K in Limit["kind"]]: Question<K> } = {
  amount,
  count,
  destinations,
  "new-destination": nothing,
  fee,
  "fee-rate": feeRate,
  "fee-percent": feePercent,
  "height-step": nothing,
  hours: nothing,
  wallets: nothing,
  unusual: nothing,
  messages: nothing,
};

/**
 * What the policy says of this spend, given what was recorded before and the time. Pure and total; every rule whose
 * scope matches answers, and the strictest answer holds. Without a policy nothing is allowed.
 */
export function judge(policy: Policy | undefined, spend: Spend, ledger: Ledger, now: Now): Verdict {
  const rules =
    policy === undefined
      ? [refusal("policy", "policy.none", "There is no policy, so nothing may be signed.")]
      : policy.rules.flatMap((rule) => ask(rule, { policy, spend, ledger, now }) ?? []);
  return { txid: spend.txid, outcome: strictest(rules), rules };
}

function ask(rule: RuleLine, of: Case): RuleResult | undefined {
  if (!matches(rule.scope, of.spend)) return undefined;
  const question = QUESTIONS[rule.limit.kind] as Question<Limit["kind"]>;
  const found = question(rule.limit, of, rule);
  return found && answer(rule, found, of);
}

function answer(line: RuleLine, found: Finding, { now }: Case): RuleResult {
  const { reason, sentence } = found;
  const rule = writeRule(line);
  if (found.holds) return { rule, outcome: "allow", sentence };
  const { otherwise } = line;
  if (otherwise.do === "ask") return { rule, outcome: "ask", reason, sentence, ask: otherwise.ask };
  if (otherwise.do === "refuse") return { rule, outcome: "refuse", reason, sentence };
  const untilMs = (found.askedAt ?? now.ms) + otherwise.ms;
  return found.askedAt !== undefined && untilMs <= now.ms
    ? { rule, outcome: "allow", sentence }
    : { rule, outcome: "wait", reason, sentence, untilMs };
}

export function matches(scope: Scope, { key, wallets }: Spend): boolean {
  if (scope.of === "all") return true;
  if (scope.of === "key") return key === scope.fingerprint;
  return wallets.some(({ fingerprint }) => fingerprint === scope.fingerprint);
}

function strictest(rules: readonly RuleResult[]): Outcome {
  const ranks = rules.map(({ outcome }) => OUTCOMES.indexOf(outcome));
  return OUTCOMES[Math.max(0, ...ranks)]!;
}

/** The refusal that a verdict amounts to, with every reason and sentence; undefined where it allows, or asks for proofs. */
export function refusalOf(verdict: Verdict): Refusal | undefined {
  const { outcome } = verdict;
  if (outcome === "allow" || outcome === "ask") return undefined;
  const told = verdict.rules.filter((rule) => rule.outcome === "refuse" || rule.outcome === "wait");
  const [first, ...also] = told.flatMap(({ reason }) => (reason === undefined ? [] : [reason]));
  return new Refusal(first ?? "policy.none", told.map(({ sentence }) => sentence).join("\n"), also);
}
