// What the miners may keep: in all, by size, and by what is sent. Each has a limit of its own.

import { inShort } from "../../assets.ts";
import { fits, inAsset, speaksOf } from "../assets.ts";
import { beside, broken, fine, type Question } from "../rule.ts";

/** On Ethereum the most that it can come to; only a transaction pays one. */
export const fee: Question<"fee"> = ({ most }, { spend }) => {
  const { fee: pays, ethereum } = spend;
  if (!speaksOf(most.asset, pays.asset) || (ethereum && ethereum.form !== "transaction")) return undefined;
  const sentence = `Fee ${beside(pays, most)} of at most ${inShort(most)}.`;
  return fits(pays, inAsset(most, pays.asset)) ? fine(sentence) : broken("policy.fee-too-high", sentence);
};

// Both speak of Bitcoin alone, and are written so that a rate which is no number refuses.

export const feeRate: Question<"fee-rate"> = ({ most }, { spend }) => {
  if (spend.ethereum) return undefined;
  const sentence = `Fee rate ${figure(spend.feeRate)} of at most ${figure(most)} sat/vB.`;
  return spend.feeRate <= most ? fine(sentence) : broken("policy.fee-rate-too-high", sentence);
};

export const feePercent: Question<"fee-percent"> = ({ most }, { spend }) => {
  if (spend.ethereum) return undefined;
  const sentence = `Fee ${figure(spend.feePercent)} % of at most ${figure(most)} % of what is sent.`;
  return spend.feePercent <= most ? fine(sentence) : broken("policy.fee-percent-too-high", sentence);
};

/** At most three places, rounded up, so that a value above a limit never reads as the limit. */
function figure(value: number): string {
  if (!Number.isFinite(value)) return "unknown";
  return String(Math.ceil(value * 1000 - 1e-6) / 1000);
}
