// What a policy does not speak of is refused: each of these has to be said by some rule that applies.

import { factsOf } from "../assets.ts";
import type { Asset, Limit, Policy, Rule, RuleResult, Spend } from "../rules.ts";
import { shown } from "../text.ts";
import { refusal } from "./rule.ts";
import { unusualIn } from "./rules/unusual.ts";
import { matterOf } from "./unspoken.ts";

/** What is missing for this spend among the rules that apply to it: of every wallet that it spends from. */
export function silences({ network }: Policy, spend: Spend, applying: readonly Rule[]): RuleResult[] {
  const of = (wallet: string) =>
    applying.filter(({ scope }) => scope.of !== "wallet" || scope.fingerprint === wallet);
  const { wallets } = spend;
  const missing =
    wallets.length < 2
      ? missingIn(applying, spend)
      : wallets.flatMap(({ fingerprint, name }) =>
          missingIn(of(fingerprint), spend).map((sentence) => `Wallet ${shown(name)}: ${sentence}`),
        );
  if (network !== spend.network)
    missing.unshift(`The policy is one for ${network}; this spends on ${shown(spend.network)}.`);
  return missing.map(silent);
}

function missingIn(rules: readonly Rule[], spend: Spend): string[] {
  const limits: readonly Limit[] = rules.map(({ limit }) => limit);
  const spoken = new Set(limits.map(matterOf));
  const missing: string[] = [];
  for (const asset of assetsOf(spend))
    if (!limits.some((limit) => limit.kind === "amount" && limit.most.asset === asset))
      missing.push(`No limit says how much ${factsOf(asset)?.symbol ?? "of this"} may leave.`);
  if (!spoken.has("destinations")) missing.push("No rule says where the money may go.");
  if (!spoken.has("fees")) missing.push("No rule limits the fee.");
  for (const what of unusualIn(spend))
    if (!spoken.has(what)) missing.push(`No rule speaks of this: ${shown(what)}.`);
  return missing;
}

export function silent(sentence: string): RuleResult {
  return refusal("silence", "policy.silent", sentence);
}

function assetsOf({ takes, fee }: Spend): ReadonlySet<Asset> {
  return new Set([...takes.map(({ asset }) => asset), fee.asset]);
}
