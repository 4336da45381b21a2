// Whom and what a policy names, each once, in the order in which it stands there.

import type { Entry, Limit, Policy, WalletRef } from "../rules.ts";

/** Whom its rules may ask; CODE among them where the transaction's own code is. */
export function personsIn({ rules }: Policy): string[] {
  return [...new Set(rules.flatMap(({ otherwise }) => (otherwise.do === "ask" ? otherwise.ask.of : [])))];
}

/** Names of the lists that a limit names. */
export function listsIn(limit: Limit): readonly string[] {
  return "to" in limit && limit.to !== "any" ? limit.to : [];
}

export function walletsIn({ lists, rules }: Policy): WalletRef[] {
  const refs = [
    ...lists.flatMap(({ entries }) => entries.flatMap((entry) => (entry.kind === "wallet" ? [entry] : []))),
    ...rules.flatMap(({ scope, limit }) => [
      ...(scope.of === "wallet" ? [scope] : []),
      ...(limit.kind === "wallets" ? limit.only : []),
    ]),
  ];
  const byFingerprint = new Map(refs.map(({ fingerprint, name }) => [fingerprint, { name, fingerprint }]));
  return [...byFingerprint.values()];
}

export type Party = Extract<Entry, { readonly kind: "party" }>;

/** Descriptors of others; those who read wallets tell whether each is one. */
export function partiesIn({ lists }: Policy): Party[] {
  const parties = lists.flatMap(({ entries }) => entries.filter((entry) => entry.kind === "party"));
  return [...new Map(parties.map((party) => [party.name, party])).values()];
}

/** The same under another number. */
export function renumbered(policy: Policy, number: number): Policy {
  return { ...policy, number };
}
