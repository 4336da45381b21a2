// What a policy does not speak of is refused: each of these has to be said by some rule that applies.

import { ASSETS, type Asset, type Limit, type Policy, type RuleResult, type Spend } from "../rules.ts";
import { shown } from "../text.ts";
import { refusal } from "./rule.ts";
import { unusualIn } from "./rules/unusual.ts";
import { matterOf } from "./unspoken.ts";

/** What is missing for this spend, given the limits that apply to it. */
export function silences({ network }: Policy, spend: Spend, limits: readonly Limit[]): RuleResult[] {
  const spoken = new Set(limits.map(matterOf));
  const missing: string[] = [];
  if (network !== spend.network)
    missing.push(`The policy is one for ${network}; this spends on ${shown(spend.network)}.`);
  for (const asset of assetsOf(spend))
    if (!limits.some((limit) => limit.kind === "amount" && limit.most.asset === asset))
      missing.push(`No limit says how much ${ASSETS[asset]?.symbol ?? "of this"} may leave.`);
  if (!spoken.has("destinations")) missing.push("No rule says where the money may go.");
  if (!spoken.has("fees")) missing.push("No rule limits the fee.");
  for (const what of unusualIn(spend))
    if (!spoken.has(what)) missing.push(`No rule speaks of this: ${shown(what)}.`);
  return missing.map(silent);
}

export function silent(sentence: string): RuleResult {
  return refusal("silence", "policy.silent", sentence);
}

function assetsOf({ takes, fee }: Spend): ReadonlySet<Asset> {
  return new Set([...takes.map(({ asset }) => asset), fee.asset]);
}
