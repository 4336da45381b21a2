// What becomes of a verdict: a refusal, the reasons for the journal, and what is shown of it where reasons are hidden.

import { type Reason, Refusal } from "../refusal.ts";
import type { Outcome, Policy, RuleResult, Verdict } from "../rules.ts";
import { writeAsk } from "./write.ts";

/**
 * The refusal that a verdict amounts to, with every reason and sentence; undefined where it allows, or asks for proofs.
 * hidden: one name and no word more, whatever it is, so that nobody learns the limits by trying.
 */
export function refusalOf(verdict: Verdict, reasons: Policy["reasons"] = "shown"): Refusal | undefined {
  const { outcome } = verdict;
  if (outcome === "allow" || outcome === "ask") return undefined;
  if (reasons === "hidden") return new Refusal("policy.not-allowed");
  // Of what is refused for good no wait is told: it would promise what never comes.
  const found = inOrder(verdict).filter((rule) => rule.outcome === outcome);
  // Of an allowance without a limit no remedy by amounts or windows is true.
  const told = [...found].sort((a, b) => Number(isEndless(b)) - Number(isEndless(a)));
  const named = told.flatMap(({ reason }) => reason ?? []);
  const [first, ...also] = outcome === "wait" ? (["policy.wait", ...named] as const) : named;
  return new Refusal(first ?? "policy.none", told.map(({ sentence }) => sentence).join("\n"), [
    ...new Set(also),
  ]);
}

function isEndless({ reason }: RuleResult): boolean {
  return reason === "policy.unlimited-approval";
}

/** Every reason, the strictest first, each once: the journal has them whatever is shown. */
export function reasonsOf(verdict: Verdict): readonly Reason[] {
  return [
    ...new Set(
      inOrder(verdict).flatMap(({ reason, outcome }) => (outcome === "allow" ? [] : (reason ?? []))),
    ),
  ];
}

/** What is shown where reasons are hidden: whether, and who has to agree. Only for the eye: approvals take the true one. */
export function hiddenVerdict({ txid, outcome, rules }: Verdict): Verdict {
  const asks = rules.filter((one) => one.outcome === "ask");
  const whole: RuleResult = { rule: "policy", outcome, ...WHOLE[outcome] };
  const shown = outcome === "ask" ? asks.map(withoutReason) : [whole];
  return { txid, outcome, rules: shown };
}

function withoutReason({ ask }: RuleResult): RuleResult {
  const sentence = ask ? `To agree: ${writeAsk(ask)}.` : WHOLE.ask.sentence;
  return { rule: "policy", outcome: "ask", reason: "policy.not-allowed", sentence, ...(ask ? { ask } : {}) };
}

const WHOLE: Record<Outcome, { readonly sentence: string; readonly reason?: Reason }> = {
  allow: { sentence: "The policy allows this." },
  ask: { sentence: "Others must agree.", reason: "policy.not-allowed" },
  wait: { sentence: "The policy does not allow this.", reason: "policy.not-allowed" },
  refuse: { sentence: "The policy does not allow this.", reason: "policy.not-allowed" },
};

const RANKS: readonly Outcome[] = ["refuse", "wait", "ask", "allow"];

/** The strictest first; of waits the longest. */
function inOrder({ rules }: Verdict): readonly RuleResult[] {
  const until = ({ untilMs }: RuleResult) => (untilMs === undefined || Number.isNaN(untilMs) ? 0 : untilMs);
  return [...rules].sort(
    (a, b) => RANKS.indexOf(a.outcome) - RANKS.indexOf(b.outcome) || until(b) - until(a) || 0,
  );
}
