// What a policy must speak of, or it is refused; and of what it does not, for its owner to read.

import type { Limit, Policy, Scope, Unusual } from "../rules.ts";
import { UNUSUAL } from "../rules.ts";
import { writeScope } from "./write.ts";

const MATTERS = ["amounts", "destinations", "fees", ...UNUSUAL, "messages"] as const;
type Matter = (typeof MATTERS)[number];

/** What a rule of this kind speaks of; undefined where saying nothing of it refuses nothing. */
export function matterOf(limit: Limit): Matter | undefined {
  switch (limit.kind) {
    case "amount":
      return "amounts";
    case "destinations":
      return "destinations";
    case "fee":
    case "fee-rate":
    case "fee-percent":
      return "fees";
    case "unusual":
      return limit.what;
    case "messages":
      return "messages";
    default:
      return undefined;
  }
}

/** The scopes in which it speaks of this. */
export function scopesOn({ rules }: Policy, matter: Matter): readonly Scope[] {
  return rules.flatMap(({ limit, scope }) => (matterOf(limit) === matter ? [scope] : []));
}

const REFUSED: Readonly<Record<Matter, string>> = {
  amounts: "Every payment, as nothing limits its amount",
  destinations: "Every payment, as nothing says where it may go",
  fees: "Every payment, as nothing limits its fee",
  "unproven fee": "Unproven fees",
  "unknown script": "Unknown scripts",
  "data output": "Data outputs",
  "foreign input": "Foreign inputs",
  "mixed wallets": "Mixed wallets",
  "lock time": "Lock times",
  messages: "Messages",
} satisfies Readonly<Record<Exclude<Matter, Unusual> | Unusual, string>>;

/** What is refused because nothing is said of it, a line each: "Data outputs, except for wallet 8d1c2f3a Savings". */
export function unspoken(policy: Policy): string[] {
  return MATTERS.flatMap((matter) => {
    const scopes = scopesOn(policy, matter);
    if (scopes.some(({ of }) => of === "all")) return [];
    const where = new Set(scopes.map((scope) => writeScope(scope).replace(/^For /, "")));
    return [REFUSED[matter] + (where.size === 0 ? "" : `, except for ${[...where].join(", ")}`)];
  });
}
