// What a policy does not speak of, for its owner to read.

import { ANY_COIN, ANY_TOKEN } from "../assets.ts";
import type { NamedOddity, Policy, Scope, Unusual } from "../rules.ts";
import { NAMED_ODDITIES, UNUSUAL } from "../rules.ts";
import { type Matter, matterOf, scopesNear, scopesOn } from "./matters.ts";
import { writeScope } from "./write.ts";

type Line = readonly [Matter, string];

const UNUSUAL_WORDS: Readonly<Record<Unusual, string>> = {
  "unproven fee": "Unproven fees",
  "unknown script": "Unknown scripts",
  "data output": "Data outputs",
  "foreign input": "Foreign inputs",
  "mixed wallets": "Mixed wallets",
  "lock time": "Lock times",
};

const BITCOIN: readonly Line[] = [
  [{ of: "amounts", asset: "btc" }, "Every payment, as nothing limits its amount"],
  [{ of: "destinations", asset: "btc" }, "Every payment, as nothing says where it may go"],
  [{ of: "fees", asset: "btc" }, "Every payment, as nothing limits its fee"],
  ...UNUSUAL.map((of): Line => [{ of }, UNUSUAL_WORDS[of]]),
  [{ of: "messages" }, "Messages"],
];

const ODDITY_WORDS: Readonly<Record<NamedOddity, string>> = {
  "unknown typed data": "Typed data that Firn cannot tell the meaning of",
  "contract creation": "Creating contracts",
  "unlimited approval": "Allowances without a limit",
  "approval of all": "Allowances of whole collections",
  "far deadline": "Deadlines further than 30 days",
  "unlisted token": "Tokens that no list names",
  "delegate call": "Code of others run as the account itself",
  "safe change": "Changes of a Safe",
  "control change": "Changes of who controls a contract",
  "unreadable message": "Messages that people cannot read",
};

const ETHEREUM: readonly Line[] = [
  [{ of: "amounts", asset: ANY_COIN }, "Coins of chains, as nothing limits how much"],
  [{ of: "amounts", asset: ANY_TOKEN }, "Tokens, as nothing limits how much"],
  [{ of: "destinations", asset: ANY_COIN }, "Coins of chains, as nothing says where they may go"],
  [{ of: "destinations", asset: ANY_TOKEN }, "Tokens, as nothing says where they may go"],
  [{ of: "fees", asset: ANY_COIN }, "Transactions on Ethereum, as nothing limits their fee"],
  [{ of: "calls" }, "Calls to contracts"],
  [{ of: "unknown calls" }, "Calls that Firn cannot read"],
  [{ of: "spenders" }, "Allowances, as nothing says whose"],
  [{ of: "typed data" }, "Typed data"],
  [{ of: "delegations" }, "Handing the account over"],
  [{ of: "sites" }, "Signing in to sites"],
  ...NAMED_ODDITIES.map((of): Line => [{ of }, ODDITY_WORDS[of]]),
];

/**
 * What is refused because nothing is said of it, a line each: "Data outputs, except for wallet 8d1c2f3a Savings". Of
 * Ethereum only where a rule names chains: elsewhere nothing of it is signed at all.
 */
export function unspoken(policy: Policy): string[] {
  const hasChains = policy.rules.some(({ limit }) => limit.kind === "chains");
  const lines = hasChains ? [...BITCOIN, ...ETHEREUM] : BITCOIN;
  return lines.flatMap(([matter, words]) => {
    const scopes = scopesOn(policy, matter);
    if (scopes.some(({ of }) => of === "all")) return [];
    const except = [...new Set([...scopes.map(scopeWords), ...assetsIn(policy, matter)])];
    return [words + (except.length === 0 ? "" : `, except for ${except.join(", ")}`)];
  });
}

function scopeWords(scope: Scope): string {
  return writeScope(scope).replace(/^For /, "");
}

/** Where something is said of some coins or tokens. */
function assetsIn(policy: Policy, matter: Matter): string[] {
  if (matter.asset === undefined || matter.asset === "btc") return [];
  const isSome = scopesNear(policy, matter).length > scopesOn(policy, matter).length;
  const named = policy.rules.some(({ limit }) => matterOf(limit)?.of === matter.of);
  return isSome && named ? ["those that a rule names"] : [];
}
