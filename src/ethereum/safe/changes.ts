// What an owner change makes of a Safe, as its contract would carry it out.

import type { Address } from "../../eip55.ts";
import { LIMITS } from "../../limits.ts";
import type { SafeFacts } from "../../safe.ts";

export type Change =
  | { readonly kind: "add"; readonly owner: Address; readonly threshold: bigint }
  | { readonly kind: "remove"; readonly owner: Address; readonly threshold: bigint }
  | { readonly kind: "swap"; readonly owner: Address; readonly by: Address }
  | { readonly kind: "threshold"; readonly threshold: bigint };

/** Owners and threshold afterwards, or why the contract would refuse it. */
export function changed<S extends SafeFacts>(safe: S, change: Change): S | string {
  const { owners } = safe;
  const need = change.kind === "swap" ? BigInt(safe.threshold) : change.threshold;
  const after = ownersAfter(owners, change, safe.address);
  if (typeof after === "string") return after;
  if (need < 1n) return "a threshold of 0";
  if (need > BigInt(after.length)) return `a threshold of ${need} with ${after.length} owners`;
  if (after.length > LIMITS.safeOwners) return `more than ${LIMITS.safeOwners} owners`;
  return { ...safe, owners: after, threshold: Number(need) };
}

function ownersAfter(owners: readonly Address[], change: Change, self: Address): readonly Address[] | string {
  if (change.kind === "threshold") return owners;
  const there = owners.includes(change.owner);
  if (change.kind === "add") {
    if (there) return "the new owner is one already";
    return canOwn(change.owner, self) ? [...owners, change.owner] : "such an owner cannot be";
  }
  if (!there) return "the owner that goes is none of those that are registered here";
  const rest = owners.filter((owner) => owner !== change.owner);
  if (change.kind === "remove") return rest;
  if (owners.includes(change.by)) return "the new owner is one already";
  return canOwn(change.by, self) ? [...rest, change.by] : "such an owner cannot be";
}

/** Neither nobody, nor the mark at the head of the contract's list, nor the Safe itself. */
export function canOwn(owner: Address, self: Address): boolean {
  return !/^0x0{39}[01]$/.test(owner) && owner !== self;
}
