// What the steps of a router's call leave in the router: anybody can take it there, so a later step must hand it out.

import type { Act, Value } from "../../act.ts";
import { coinOf, tokenOf } from "../../assets.ts";
import type { Asset } from "../../rules.ts";
import type { Site } from "./entry.ts";
import { wrappedCoin } from "./lists.ts";
import { danger, type Said } from "./making.ts";
import { ALL_OF, GIVE, INTO_ROUTER, LEAST, OUT_OF_ROUTER, USES_ROUTERS } from "./swap.ts";

/** Acts of the steps, in order; coin: it lies in the router from the start. */
export function strandedSaid(acts: readonly Act[], site: Site, coin: boolean): readonly Said[] {
  const left = new Set<Asset>(coin && site.value > 0n ? [coinOf(site.chainId)] : []);
  for (const act of acts) {
    for (const asset of outOf(act, site)) left.delete(asset);
    for (const asset of into(act, site)) left.add(asset);
  }
  if (left.size === 0) return [];
  return [danger("Something is left in the router at the end, where anybody can take it.")];
}

function into(act: Act, site: Site): readonly Asset[] {
  return act.facts.some(({ label }) => label === INTO_ROUTER) ? assetsOf(act, [LEAST, "Amount"], site) : [];
}

function outOf(act: Act, site: Site): readonly Asset[] {
  if (act.title === OUT_OF_ROUTER) return assetsOf(act, [LEAST], site);
  return act.says.includes(USES_ROUTERS) ? assetsOf(act, [GIVE, ALL_OF], site) : [];
}

/** A wrapped coin and the coin are one here: routers turn each into the other. */
function assetsOf(act: Act, labels: readonly string[], site: Site): readonly Asset[] {
  const wrapped = wrappedCoin(site.chainId);
  return act.facts
    .filter(({ label }) => labels.includes(label))
    .flatMap(({ value }) => assetOf(value, site) ?? [])
    .map((asset) => (wrapped && asset === tokenOf(site.chainId, wrapped) ? coinOf(site.chainId) : asset));
}

function assetOf(value: Value, site: Site): Asset | undefined {
  if (value.kind === "amount") return value.amount.asset;
  return value.kind === "address" ? tokenOf(site.chainId, value.address) : undefined;
}
