// What the miners may keep: in all, by size, and by what is sent. Each has a limit of its own.

import { inShort } from "../../assets.ts";
import { bare, broken, fine, type Question } from "../rule.ts";

export const fee: Question<"fee"> = ({ most }, { spend }) => {
  if (spend.fee.asset !== most.asset) return undefined;
  const sentence = `Fee ${bare(spend.fee)} of at most ${inShort(most)}.`;
  return spend.fee.units <= most.units ? fine(sentence) : broken("policy.fee-too-high", sentence);
};

// Both are written so that a rate which is no number refuses.

export const feeRate: Question<"fee-rate"> = ({ most }, { spend }) => {
  const sentence = `Fee rate ${figure(spend.feeRate)} of at most ${figure(most)} sat/vB.`;
  return spend.feeRate <= most ? fine(sentence) : broken("policy.fee-rate-too-high", sentence);
};

export const feePercent: Question<"fee-percent"> = ({ most }, { spend }) => {
  const sentence = `Fee ${figure(spend.feePercent)} % of at most ${figure(most)} % of what is sent.`;
  return spend.feePercent <= most ? fine(sentence) : broken("policy.fee-percent-too-high", sentence);
};

/** At most three places, rounded up, so that a value above a limit never reads as the limit. */
function figure(value: number): string {
  if (!Number.isFinite(value)) return "unknown";
  return String(Math.ceil(value * 1000 - 1e-6) / 1000);
}
