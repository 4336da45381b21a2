// What a rule is: one question about one spend, answered always and with a sentence.

import type { Reason } from "../refusal.ts";
import type { Ledger, Limit, Now, Policy, Rule as RuleLine, RuleResult, Spend } from "../rules.ts";

export interface Case {
  readonly policy: Policy;
  readonly spend: Spend;
  readonly ledger: Ledger;
  readonly now: Now;
}

/** What a limit finds: it holds, or it is broken for this reason. */
export interface Finding {
  readonly holds: boolean;
  readonly reason: Reason;
  /** With the head-room left, where there is one. */
  readonly sentence: string;
  /** Since when the wait of a rule that is broken counts; absent: it was not asked for yet. */
  readonly askedAt?: number | undefined;
}

/** Pure and total: for any case an answer, never a throw. Undefined where the limit has nothing to say here. */
export type Question<K extends Limit["kind"]> = (
  limit: Extract<Limit, { readonly kind: K }>,
  of: Case,
  rule: RuleLine,
) => Finding | undefined;

export function fine(sentence: string): Finding {
  return { holds: true, reason: "policy.none", sentence };
}

export function broken(reason: Reason, sentence: string): Finding {
  return { holds: false, reason, sentence };
}

export function refusal(rule: string, reason: Reason, sentence: string): RuleResult {
  return { rule, outcome: "refuse", reason, sentence };
}
