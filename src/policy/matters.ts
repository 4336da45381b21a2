// What a policy must speak of, or it is refused; and what each rule speaks of.

import {
  type Asset,
  type Limit,
  type NamedOddity,
  type Policy,
  type Scope,
  UNUSUAL,
  type Unusual,
} from "../rules.ts";
import { speaksOf } from "./assets.ts";

export type Subject =
  | "amounts"
  | "destinations"
  | "fees"
  | Unusual
  | "messages"
  | "chains"
  | "calls"
  | "unknown calls"
  | "spenders"
  | "typed data"
  | "delegations"
  | "sites"
  | NamedOddity;

/** asset: of this alone, or of whatever it stands for; absent: of all. */
export interface Matter {
  readonly of: Subject;
  readonly asset?: Asset;
}

/** What a rule of this kind speaks of; undefined where saying nothing of it refuses nothing. */
export function matterOf(limit: Limit): Matter | undefined {
  switch (limit.kind) {
    case "amount":
      return { of: "amounts", asset: limit.most.asset };
    case "destinations":
      return limit.above ? { of: "destinations", asset: limit.above.asset } : { of: "destinations" };
    case "fee":
      return { of: "fees", asset: limit.most.asset };
    case "fee-rate":
    case "fee-percent":
      return { of: "fees", asset: "btc" };
    case "unusual":
      return { of: limit.what };
    default: {
      const of = SUBJECTS[limit.kind];
      return of && { of };
    }
  }
}

const SUBJECTS: { readonly [K in Limit["kind"]]?: Subject } = {
  messages: "messages",
  chains: "chains",
  calls: "calls",
  blind: "unknown calls",
  spenders: "spenders",
  typed: "typed data",
  delegates: "delegations",
  sites: "sites",
};

/** Whoever speaks of the first speaks of all of the second. */
export function covers(a: Matter, b: Matter): boolean {
  if (a.of !== b.of) return false;
  return a.asset === undefined || (b.asset !== undefined && speaksOf(a.asset, b.asset));
}

/** The scopes in which all of this is spoken of by one rule. */
export function scopesOn({ rules }: Policy, matter: Matter): readonly Scope[] {
  return scopesWhere(rules, (one) => covers(one, matter));
}

/** Those in which some of it may be. */
export function scopesNear({ rules }: Policy, matter: Matter): readonly Scope[] {
  return scopesWhere(rules, (one) => covers(one, matter) || covers(matter, one));
}

function scopesWhere(rules: Policy["rules"], fits: (matter: Matter) => boolean): readonly Scope[] {
  return rules.flatMap(({ limit, scope }) => {
    const matter = matterOf(limit);
    return matter && fits(matter) ? [scope] : [];
  });
}

const ONLY_ETHEREUM: readonly Limit["kind"][] = [
  ...(["chains", "calls", "blind", "spenders", "allowance", "typed", "delegates", "sites"] as const),
];

/** It speaks of Ethereum, and of nothing of Bitcoin. */
export function isOfEthereum(limit: Limit): boolean {
  if (limit.kind === "unusual") return !(UNUSUAL as readonly string[]).includes(limit.what);
  const amount = limit.kind === "destinations" ? limit.above : "most" in limit ? limit.most : undefined;
  if (typeof amount === "object") return amount.asset !== "btc";
  return ONLY_ETHEREUM.includes(limit.kind);
}
