// What a request may have that is unusual: each has to be spoken of.

import type { Reason } from "../../refusal.ts";
import type { Spend, Unusual } from "../../rules.ts";
import { broken, fine, type Question } from "../rule.ts";

const UNUSUALS: { readonly [U in Unusual]: { readonly reason: Reason; readonly has: string } } = {
  "unproven fee": {
    reason: "policy.fee-unproven",
    has: "The fee is not proven: amounts of inputs are only claimed",
  },
  "unknown script": { reason: "policy.unknown-script", has: "An output's script has no address" },
  "data output": { reason: "policy.data-output", has: "An output carries data and can never be spent" },
  "foreign input": { reason: "policy.foreign-input", has: "Inputs of others are spent beside ours" },
  "mixed wallets": { reason: "policy.mixed-wallets", has: "It spends from several own wallets at once" },
  "lock time": { reason: "policy.lock-time", has: "Its lock time is unusual" },
};

export const unusual: Question<"unusual"> = ({ what, allowed }, { spend }) => {
  if (!unusualIn(spend).has(what)) return undefined;
  const { reason, has } = UNUSUALS[what];
  return allowed
    ? fine(`${has}; the policy allows it.`)
    : broken(reason, `${has}; the policy does not allow it.`);
};

/** A fee that is not proven is one of them, whoever forgot to say so. */
export function unusualIn({ unusual: named, feeProven }: Spend): ReadonlySet<Unusual> {
  return new Set<Unusual>([...named, ...(feeProven ? [] : (["unproven fee"] as const))]);
}
