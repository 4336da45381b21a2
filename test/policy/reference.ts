// What counts, found the slow way: every line looked at, every subset tried. It shares nothing with the ledger.

import type { Asset, PastSpend, Scope } from "../../src/rules.ts";

export interface Weighed {
  readonly outpoints: readonly string[];
  readonly units: bigint;
}

/** By trying every subset: the largest sum of spends no two of which share a coin. */
export function largestSum(spends: readonly Weighed[]): bigint {
  let best = 0n;
  for (let subset = 0; subset < 1 << spends.length; subset++) {
    const chosen = spends.filter((_, i) => subset & (1 << i));
    const used = chosen.flatMap(({ outpoints }) => [...new Set(outpoints)]);
    if (new Set(used).size !== used.length) continue;
    const sum = chosen.reduce((total, { units }) => total + units, 0n);
    if (sum > best) best = sum;
  }
  return best;
}

/**
 * The same transaction recorded again counts once: when it was recorded last, by the largest of its amounts, in every
 * scope that any of its records is in.
 */
export function once(history: readonly PastSpend[]): PastSpend[] {
  const byTxid = new Map<string, PastSpend[]>();
  for (const one of history) byTxid.set(one.txid, [...(byTxid.get(one.txid) ?? []), one]);
  return [...byTxid.values()].map((records) => ({
    ...records.at(-1)!,
    at: Math.max(...records.map(({ at }) => at)),
    takes: [...new Set(records.flatMap(({ takes }) => takes.map(({ asset }) => asset)))].map((asset) => ({
      asset,
      units: largest(records.map((each) => unitsOf(each, asset))),
    })),
    wallets: records.flatMap(({ wallets }) => wallets),
    key: records.map(({ key }) => key).join(" "),
  }));
}

export function isIn({ key, wallets }: PastSpend, scope: Scope): boolean {
  if (scope.of === "all") return true;
  return (scope.of === "key" ? key.split(" ") : wallets).includes(scope.fingerprint);
}

export function unitsOf({ takes }: Pick<PastSpend, "takes">, of: Asset = "btc"): bigint {
  return takes.reduce((sum, { asset, units }) => (asset === of ? sum + units : sum), 0n);
}

export function largest(units: readonly bigint[]): bigint {
  return units.reduce((most, one) => (one > most ? one : most), 0n);
}

/** The same for longer lists, where few of them share coins. */
export function largestOf(spends: readonly Weighed[]): bigint {
  const [first, ...rest] = spends;
  if (first === undefined) return 0n;
  const others = rest.filter(({ outpoints }) => !outpoints.some((one) => first.outpoints.includes(one)));
  const taken = first.units + largestOf(others);
  if (others.length === rest.length) return taken;
  const without = largestOf(rest);
  return taken > without ? taken : without;
}
