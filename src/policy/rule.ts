// What a rule is: one question about one spend, answered always and with a sentence.

import type { PastSpend, Policy, Spend } from "../model.ts";
import type { Reason } from "../refusal.ts";
import type { RuleResult } from "../request.ts";

export interface Case {
  readonly policy: Policy;
  readonly spend: Spend;
  readonly history: readonly PastSpend[];
  /** Unix time, ms. */
  readonly nowMs: number;
}

/** Pure and total: for any case an answer, never a throw. */
export type Rule = (of: Case) => RuleResult;

export function allow(rule: string, sentence: string): RuleResult {
  return { rule, outcome: "allow", sentence };
}

export function refusal(rule: string, reason: Reason, sentence: string): RuleResult {
  return { rule, outcome: "refuse", reason, sentence };
}
