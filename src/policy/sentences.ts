// A policy in plain sentences: what the owner reads and approves.

import type { Network, Policy } from "../model.ts";
import { short } from "./amount.ts";

/** One sentence a rule, in the order of the rules; amounts exact. */
export function sentences(policy: Policy, network: Network): string[] {
  return [
    `These rules hold for every key on this device, on ${network}.`,
    `One transaction may take at most ${short(policy.mostPerTransactionSats)} BTC, its fee included.`,
    `Any 24 hours may take at most ${short(policy.mostPerDaySats)} BTC, fees included.`,
    where(policy.destinations),
    `A fee may be at most ${short(policy.mostFeeSats)} BTC.`,
    `A fee may be at most ${policy.mostFeeRate} sat/vB.`,
    `A fee may be at most ${policy.mostFeePercent} % of what is sent.`,
    policy.unprovenFees === "refuse"
      ? "A fee that is not proven is refused."
      : "A fee that is not proven is allowed.",
  ];
}

function where(destinations: Policy["destinations"]): string {
  if (destinations === "any") return "Money may go to any destination.";
  return `Money may go to these only: ${destinations.join(", ")}.`;
}
