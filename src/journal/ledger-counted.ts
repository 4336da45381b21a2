// A recorded spend as it counts: what it takes, and in which scopes.

import type { Asset, PastSpend, Scope, Spend } from "../rules.ts";
import { type Entry, readAmount } from "./entry.ts";

/** What of a spend is summed: an amount, or that it is one. */
export type Measure = Asset | "count";

export interface Counted extends PastSpend {
  /** All that answered for it; none where that is not known. */
  readonly keys: readonly string[];
  /** More than one where it stands for several that are not told apart any more. */
  readonly times: number;
}

export type Spent = Extract<Entry, { readonly kind: "spent" | "spend" }>;

/** What a line records, as of this time. */
export function read(entry: Spent, at: number): Counted {
  const { txid, outpoints, amounts } = entry;
  const parts = { txid, at, outpoints, amounts, times: 1 };
  if (entry.kind === "spend") {
    const takes = [{ asset: "btc", units: entry.leavesSats } as const];
    return { ...parts, key: "", keys: [], wallets: [], takes };
  }
  const { key, wallets } = entry;
  const takes = entry.takes.flatMap((text) => readAmount(text) ?? []);
  return { ...parts, key, keys: key === "" ? [] : [key], wallets, takes };
}

/** The same transaction recorded twice counts once: as of the later time, in all scopes, by the larger amounts. */
export function both(one: Counted, later: Counted): Counted {
  const assets = new Set([...one.takes, ...later.takes].map(({ asset }) => asset));
  const takes = [...assets].map((asset) => {
    const [before, after] = [unitsOf(one, asset), unitsOf(later, asset)];
    return { asset, units: before > after ? before : after };
  });
  const everywhere = isEverywhere(one) || isEverywhere(later);
  return {
    ...later,
    takes,
    keys: everywhere ? [] : [...new Set([...one.keys, ...later.keys])],
    wallets: [...new Set([...one.wallets, ...later.wallets])],
  };
}

/** Never below zero. */
export function unitsOf(spend: Pick<Spend, "takes"> & { readonly times?: number }, measure: Measure): bigint {
  if (measure === "count") return BigInt(spend.times ?? 1);
  let sum = 0n;
  for (const { asset, units } of spend.takes) if (asset === measure && units > 0n) sum += units;
  return sum;
}

export function nameOf(scope: Scope): string {
  return scope.of === "all" ? "all" : `${scope.of} ${scope.fingerprint}`;
}

export function namesOf({ keys, wallets }: Counted): readonly string[] {
  return ["all", ...keys.map((key) => `key ${key}`), ...wallets.map((wallet) => `wallet ${wallet}`)];
}

/** Recorded before keys and wallets were told apart: it counts in every scope. */
export function isEverywhere({ keys }: Counted): boolean {
  return keys.length === 0;
}
