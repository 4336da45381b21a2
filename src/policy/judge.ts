// The table of rules, and the one function that asks them all.

import type { PastSpend, Policy, Spend } from "../model.ts";
import { Refusal } from "../refusal.ts";
import type { RuleResult, Verdict } from "../request.ts";
import type { Rule } from "./rule.ts";
import { refusal } from "./rule.ts";
import { destinations } from "./rules/destinations.ts";
import { fee, feePercent, feeProof, feeRate } from "./rules/fees.ts";
import { perDay } from "./rules/per-day.ts";
import { perTransaction } from "./rules/per-transaction.ts";

const RULES: readonly Rule[] = [perTransaction, perDay, destinations, fee, feeRate, feePercent, feeProof];

/**
 * What the policy says of this spend, given what was spent before (journal.history()) and the wall clock.
 * Pure and total; every rule answers, and one no refuses. Without a policy nothing is allowed.
 */
export function judge(
  policy: Policy | undefined,
  spend: Spend,
  history: readonly PastSpend[],
  nowMs: number,
): Verdict {
  const rules =
    policy === undefined
      ? [refusal("policy", "policy.none", "There is no policy, so nothing may be signed.")]
      : RULES.map((rule) => rule({ policy, spend, history, nowMs }));
  return { txid: spend.txid, outcome: rules.every(allows) ? "allow" : "refuse", rules };
}

function allows(result: RuleResult): boolean {
  return result.outcome === "allow";
}

/** The refusal that a verdict amounts to, with every reason and sentence; undefined where it allows. */
export function refusalOf(verdict: Verdict): Refusal | undefined {
  if (verdict.outcome === "allow") return undefined;
  const broken = verdict.rules.filter((result) => !allows(result));
  const [first, ...also] = broken.flatMap(({ reason }) => (reason === undefined ? [] : [reason]));
  return new Refusal(first ?? "policy.none", broken.map(({ sentence }) => sentence).join("\n"), also);
}
