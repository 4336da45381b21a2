// What the miners may keep: in all, by size, and by what is sent. Each has a limit of its own.

import { exact, figure, short } from "../amount.ts";
import type { Case } from "../rule.ts";
import { allow, refusal } from "../rule.ts";

export function fee({ policy, spend }: Case) {
  const most = policy.mostFeeSats;
  if (spend.feeSats <= most)
    return allow("fee", `Fee ${exact(spend.feeSats)} of at most ${short(most)} BTC.`);
  return refusal(
    "fee",
    "policy.fee-too-high",
    `The fee is ${exact(spend.feeSats)} BTC; at most ${short(most)} BTC is allowed.`,
  );
}

export function feeRate({ policy, spend }: Case) {
  const most = policy.mostFeeRate;
  // Written so that a rate which is no number refuses.
  if (spend.feeRate <= most)
    return allow("fee-rate", `Fee rate ${figure(spend.feeRate)} of at most ${figure(most)} sat/vB.`);
  return refusal(
    "fee-rate",
    "policy.fee-rate-too-high",
    `The fee rate is ${figure(spend.feeRate)} sat/vB; at most ${figure(most)} sat/vB is allowed.`,
  );
}

export function feePercent({ policy, spend }: Case) {
  const most = policy.mostFeePercent;
  if (spend.feePercent <= most)
    return allow(
      "fee-percent",
      `Fee ${figure(spend.feePercent)} % of at most ${figure(most)} % of what is sent.`,
    );
  return refusal(
    "fee-percent",
    "policy.fee-percent-too-high",
    `The fee is ${figure(spend.feePercent)} % of what is sent; at most ${figure(most)} % is allowed.`,
  );
}

/**
 * Two rounds over the same transaction that each lie about another input would burn money as fee
 * (BIP 143, CVE-2020-14199): the same transaction with other amounts is never signed again.
 */
export function feeProof({ policy, spend, history }: Case) {
  if (spend.feeProven) return allow("fee-proof", "The fee is proven.");
  if (history.some(({ txid, amounts }) => txid === spend.txid && amounts !== spend.amounts))
    return refusal(
      "fee-proof",
      "policy.amounts-changed",
      "This very transaction was signed before, with other amounts claimed for its inputs.",
    );
  if (policy.unprovenFees === "allow")
    return allow("fee-proof", "The fee is not proven; the policy allows that.");
  return refusal(
    "fee-proof",
    "policy.fee-unproven",
    "The fee is not proven, and the policy does not allow that.",
  );
}
