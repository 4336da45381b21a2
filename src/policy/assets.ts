// Which amounts a limit speaks of: those of its own asset, or, of any listed coin or token, each of these by itself.

import { ANY_COIN, ANY_PLACES, ANY_TOKEN, factsOf, UNLIMITED } from "../assets.ts";
import type { Amount, Asset, Ledger, Scope, Spend } from "../rules.ts";

/** A limit of `asset` holds for every amount of `other`; of a limit too: whatever that one speaks of. */
export function speaksOf(asset: Asset, other: Asset): boolean {
  if (asset === other) return true;
  if (asset === ANY_COIN) return other.startsWith("coin/") && factsOf(other)?.listed === true;
  return asset === ANY_TOKEN && isToken(other) && factsOf(other)?.listed === true;
}

/** A contract on a chain. */
export function isToken(asset: Asset): boolean {
  return /^\d/.test(asset);
}

/** A limit as one of an asset that it speaks of. What has fewer decimals is rounded down: nothing more passes. */
export function inAsset(limit: Amount, asset: Asset): Amount {
  if (limit.asset === asset) return limit;
  const fewer = ANY_PLACES - (factsOf(asset)?.places ?? ANY_PLACES);
  return { asset, units: limit.units / 10n ** BigInt(Math.max(0, fewer)) };
}

/** What has no end fits no limit. */
export function fits({ units }: Amount, limit: Amount): boolean {
  return units < UNLIMITED && units <= limit.units;
}

/** Whatever breaks the second breaks the first. */
export function isAtMost(a: Amount, b: Amount): boolean {
  return speaksOf(a.asset, b.asset) && inAsset(a, b.asset).units <= b.units;
}

/** Amounts of which such a limit speaks, an asset each. */
export function amountsOf(amounts: readonly Amount[], limit: Asset): readonly Amount[] {
  const sums = new Map<Asset, bigint>();
  for (const { asset, units } of amounts)
    if (speaksOf(limit, asset)) sums.set(asset, (sums.get(asset) ?? 0n) + units);
  return [...sums].map(([asset, units]) => ({ asset, units }));
}

/** What one transaction takes. On Ethereum without its fee, which is a limit's own matter: windows count it. */
export function takenAtOnce({ takes, fee, ethereum }: Spend): readonly Amount[] {
  if (ethereum === undefined) return takes;
  return takes.map(({ asset, units }) => ({
    asset,
    units: asset === fee.asset && fee.units > 0n && units < UNLIMITED ? least(units - fee.units) : units,
  }));
}

function least(units: bigint): bigint {
  return units < 0n ? 0n : units;
}

/** What a window took of a limit's assets, and the limit as one of each: that of which least is left first. */
export interface Room {
  readonly taken: Amount;
  readonly most: Amount;
}

/** Of any listed coin or token those that were taken; the limit's own asset always. */
export function roomsOf(limit: Amount, ledger: Ledger, scope: Scope, sinceMs: number): readonly Room[] {
  const past = ledger.since(sinceMs, scope).flatMap(({ takes }) => takes.map(({ asset }) => asset));
  const found = [...new Set(past)].filter((asset) => asset !== limit.asset && speaksOf(limit.asset, asset));
  const rooms = (found.length === 0 ? [limit.asset] : found).map((asset): Room => {
    const taken = { asset, units: ledger.taken(asset, scope, sinceMs) };
    return { taken, most: inAsset(limit, asset) };
  });
  // Shares, so that assets of different decimals compare; display alone goes by them.
  const share = ({ taken, most }: Room) => Number(taken.units) / Math.max(1, Number(most.units));
  return rooms.sort((a, b) => share(b) - share(a));
}
