// The screens of policies in states worth looking at, for the goldens.

import type { RuleResult, Verdict } from "../../src/rules.ts";
import { pages, type Sheet } from "../../src/screens/pages.ts";
import type { Screen } from "../../src/screens/screen.ts";
import { verdictSheets } from "../../src/screens/verdicts.ts";

const TXID = "ab".repeat(32);
const NOW = Date.UTC(2026, 10, 22, 13, 15);

const AMOUNT: RuleResult = {
  rule: "At most 0.5 BTC per transaction",
  outcome: "refuse",
  reason: "policy.over-transaction-limit",
  sentence: "It takes 0.70001234 BTC, and 0.5 BTC may be taken in one transaction.",
};
const DAY: RuleResult = {
  rule: "At most 1 BTC per day",
  outcome: "allow",
  sentence: "0.09998766 of 1 BTC left per day.",
};
const FRESH: RuleResult = {
  rule: "At most 0.1 BTC to a new destination, else wait 1 day",
  outcome: "wait",
  reason: "policy.new-destination",
  sentence: "One destination was never paid before.",
  untilMs: NOW + 86_400_000,
};
const ASKS: RuleResult = {
  rule: "At most 0.5 BTC per transaction, else ask 2 of anna, bert, carl",
  outcome: "ask",
  reason: "policy.over-transaction-limit",
  sentence: "It takes 0.70001234 BTC, and 0.5 BTC may be taken in one transaction.",
  ask: { need: 2, of: ["anna", "bert", "carl"] },
};

const verdict = (outcome: Verdict["outcome"], ...rules: readonly RuleResult[]): Verdict => ({
  ...{ txid: TXID, outcome, rules },
});
const dateOf = (ms: number) => `${new Date(ms).toISOString().slice(0, 16).replace("T", " ")} UTC`;

function shown(sheets: readonly Sheet[]): Screen<unknown> {
  const close = { label: "close", answer: "seen" } as const;
  return pages({ sheets, ok: close, back: close });
}

const present = { name: "Now, policy 4 (1a2b3c4d)", verdict: verdict("refuse", AMOUNT, DAY) };

export const POLICY_SCREENS: Record<string, Screen<unknown>> = {
  "dry-run": shown(verdictSheets(present, undefined, dateOf)),
  "dry-run-beside": shown(
    verdictSheets(
      present,
      { name: "Proposed, policy 5 (99887766)", verdict: verdict("wait", ASKS, DAY, FRESH) },
      dateOf,
    ),
  ),
};
