// What a request may have that is unusual: each has to be spoken of.

import type { Reason } from "../../refusal.ts";
import type { NamedOddity, Spend, Unusual } from "../../rules.ts";
import { broken, fine, type Question } from "../rule.ts";

const UNUSUALS: { readonly [U in Unusual | NamedOddity]: { readonly reason: Reason; readonly has: string } } =
  {
    "unproven fee": {
      reason: "policy.fee-unproven",
      has: "The fee is not proven: amounts of inputs are only claimed",
    },
    "unknown script": { reason: "policy.unknown-script", has: "An output's script has no address" },
    "data output": { reason: "policy.data-output", has: "An output carries data and can never be spent" },
    "foreign input": { reason: "policy.foreign-input", has: "Inputs of others are spent beside ours" },
    "mixed wallets": { reason: "policy.mixed-wallets", has: "It spends from several own wallets at once" },
    "lock time": { reason: "policy.lock-time", has: "Its lock time is unusual" },
    "unknown typed data": {
      reason: "policy.unknown-typed-data",
      has: "Firn cannot tell what this typed data does",
    },
    "contract creation": { reason: "policy.contract-creation", has: "It creates a contract" },
    "unlimited approval": {
      reason: "policy.unlimited-approval",
      has: "It lets somebody spend without a limit",
    },
    "approval of all": { reason: "policy.approval-of-all", has: "It gives away a whole collection" },
    "far deadline": { reason: "policy.far-deadline", has: "It holds for longer than 30 days, or for ever" },
    "unlisted token": { reason: "policy.unlisted-token", has: "It is about a token that no list names" },
    "delegate call": {
      reason: "policy.delegate-call",
      has: "Code of another contract runs as the account itself",
    },
    "safe change": { reason: "policy.safe-change", has: "It changes who controls a Safe, or how" },
    "control change": { reason: "policy.control-change", has: "It changes who controls a contract" },
    "unreadable message": {
      reason: "policy.unreadable-message",
      has: "The message is one that people cannot read",
    },
  };

export const unusual: Question<"unusual"> = ({ what, allowed }, { spend }) => {
  if (!oddIn(spend).has(what)) return undefined;
  const { reason, has } = UNUSUALS[what];
  return allowed
    ? fine(`${has}; the policy allows it.`)
    : broken(reason, `${has}; the policy does not allow it.`);
};

/** A fee that is not proven is one of them, whoever forgot to say so. */
export function unusualIn({ unusual: named, feeProven }: Spend): ReadonlySet<Unusual> {
  return new Set<Unusual>([...named, ...(feeProven ? [] : (["unproven fee"] as const))]);
}

/** All that it has that a policy must name. */
export function oddIn(spend: Spend): ReadonlySet<Unusual | NamedOddity> {
  const named = (spend.ethereum?.oddities ?? []).filter(
    (one) => one !== "unknown call" && one !== "account delegation",
  );
  return new Set<Unusual | NamedOddity>([...unusualIn(spend), ...named]);
}
