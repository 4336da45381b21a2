// The policy that holds: the owner's, or, once a sweep has begun, one that lets money go to the successor alone.

import { MAX_MONEY_SATS } from "../../limits.ts";
import { refuse } from "../../refusal.ts";
import type { Limit, Policy, Rule } from "../../rules.ts";
import type { Session } from "../session.ts";
import type { Successor } from "../state-parts.ts";

/** What a party in a policy is called, whatever the owner called his successor. */
export const SUCCESSOR = "successor";

export function policyNow({ state }: Pick<Session, "state">): Policy {
  const { policy, sweep, successor } = state;
  if (!sweep) return policy;
  return sweepPolicy(policy, successor ?? refuse("vault.damaged", "a sweep without a successor"));
}

/**
 * Everything may go, at once, and to nobody else. The successor waited before it was registered, and its owner could
 * cancel it: so waits and persons guard nothing here that the destination does not, and would only hold up whoever is
 * in a hurry, or let a person who is in league with a thief stop him. What is wasted on the way is another matter:
 * whatever the policy says of fees, and of how sure they are, stays as it stands, with whom it asks for more.
 */
export function sweepPolicy(policy: Policy, { descriptor }: Successor): Policy {
  const everywhere = (limit: Limit): Rule => ({
    scope: { of: "all" },
    limit,
    otherwise: { do: "refuse" },
  });
  const kept = policy.rules.filter(isAboutFees);
  const all = { asset: "btc", units: MAX_MONEY_SATS } as const;
  return {
    ...policy,
    lists: [{ name: SUCCESSOR, entries: [{ kind: "party", name: SUCCESSOR, descriptor }] }],
    rules: [
      everywhere({ kind: "amount", per: "transaction", most: all }),
      everywhere({ kind: "destinations", to: [SUCCESSOR] }),
      ...UNUSUAL_IN_A_SWEEP.map(everywhere),
      // What is for everything stands together, as in every policy.
      ...kept.filter(({ scope }) => scope.of === "all"),
      ...kept.filter(({ scope }) => scope.of !== "all"),
    ],
  };
}

function isAboutFees({ limit }: Rule): boolean {
  if (limit.kind === "unusual") return limit.what === "unproven fee";
  return limit.kind === "fee" || limit.kind === "fee-rate" || limit.kind === "fee-percent";
}

/** Several wallets may be emptied in one; wallet programs lock to the present height. */
const UNUSUAL_IN_A_SWEEP: readonly Extract<Limit, { readonly kind: "unusual" }>[] = [
  { kind: "unusual", what: "unknown script", allowed: false },
  { kind: "unusual", what: "data output", allowed: false },
  { kind: "unusual", what: "foreign input", allowed: false },
  { kind: "unusual", what: "mixed wallets", allowed: true },
  { kind: "unusual", what: "lock time", allowed: true },
];
