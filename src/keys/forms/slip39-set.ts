// SLIP-39: shares of one set, as they come in, in any order.

import { equal, wipe } from "../../bytes.ts";
import { refuse } from "../../refusal.ts";
import { interpolate, type Point } from "./gf256.ts";
import { type Share, shareWordCount } from "./slip39-share.ts";

/** Only what addShare let in; [] to begin with. Whoever holds one calls wipeShares in the end. */
export type ShareSet = readonly Share[];

export interface GroupStatus {
  /** As people count, from 1. */
  readonly number: number;
  readonly have: number;
  /** Undefined until a share of the group is there: no other says it. */
  readonly needed: number | undefined;
  /** The shares that are there, as people count, from 1, in the order they came. */
  readonly members: readonly number[];
  readonly complete: boolean;
}

export interface SetStatus {
  /** Every group there is, in order, those without a share too. */
  readonly groups: readonly GroupStatus[];
  readonly groupsHave: number;
  readonly groupsNeeded: number;
  /** recover() has all that it needs. */
  readonly complete: boolean;
  /** How many words every share of this set has. */
  readonly wordCount: number;
  /** PBKDF2 rounds that recovering takes, in all: 10,000 to 327,680,000. */
  readonly rounds: number;
}

/** How far it is; undefined before the first share, when nothing is known. */
export function statusOf(set: ShareSet): SetStatus | undefined {
  const first = set[0];
  if (first === undefined) return undefined;
  const groups = Array.from({ length: first.groupCount }, (_, index): GroupStatus => {
    const shares = set.filter((share) => share.groupIndex === index);
    const needed = shares[0]?.memberThreshold;
    return {
      number: index + 1,
      have: shares.length,
      needed,
      members: shares.map((share) => share.memberIndex + 1),
      complete: shares.length === needed,
    };
  });
  const groupsHave = groups.filter((group) => group.complete).length;
  return {
    groups,
    groupsHave,
    groupsNeeded: first.groupThreshold,
    complete: groupsHave >= first.groupThreshold,
    wordCount: shareWordCount(first.value.length),
    rounds: 10_000 * 2 ** first.iterationExponent,
  };
}

/**
 * The set with one share more; the old one stays as it was. Throws Refusal shares.other-set, shares.member-threshold,
 * shares.duplicate (the same share again), shares.conflict (another share under the same number) or shares.too-many,
 * each naming the share; the caller then wipes it.
 */
export function addShare(set: ShareSet, share: Share): ShareSet {
  refuseForeign(set, share);
  const group = set.filter((other) => other.groupIndex === share.groupIndex);
  const same = group.find((other) => other.memberIndex === share.memberIndex);
  if (same !== undefined)
    refuse(equal(same.value, share.value) ? "shares.duplicate" : "shares.conflict", nameOf(share));
  if (statusOf(set)?.complete || group.length >= share.memberThreshold)
    refuse("shares.too-many", nameOf(share));
  return [...set, share];
}

/**
 * Whether a share of a group that is complete lies on the same polynomial: so those beyond the needed ones are
 * rehearsed, without entering the others again. Throws Refusal shares.other-set or shares.member-threshold, and
 * shares.too-few where its group is not complete.
 */
export function shareFits(set: ShareSet, share: Share): boolean {
  refuseForeign(set, share);
  const points = pointsOf(set, share.groupIndex);
  if (points.length !== share.memberThreshold)
    refuse("shares.too-few", `group ${share.groupIndex + 1}: ${points.length} of ${share.memberThreshold}`);
  const expected = interpolate(points, share.memberIndex);
  const fits = equal(expected, share.value);
  wipe(expected);
  return fits;
}

/** The shares of one group as points; their values stay the set's. */
export function pointsOf(set: ShareSet, groupIndex: number): readonly Point[] {
  return set
    .filter((share) => share.groupIndex === groupIndex)
    .map((share) => ({ x: share.memberIndex, y: share.value }));
}

export function wipeShares(set: ShareSet): void {
  wipe(...set.map((share) => share.value));
}

function refuseForeign(set: ShareSet, share: Share): void {
  const first = set[0];
  if (first === undefined) return;
  const other = differenceOf(first, share);
  if (other !== undefined) refuse("shares.other-set", `${nameOf(share)}: another ${other}`);
  const sibling = set.find((one) => one.groupIndex === share.groupIndex);
  if (sibling !== undefined && sibling.memberThreshold !== share.memberThreshold)
    refuse(
      "shares.member-threshold",
      `${nameOf(share)} says ${share.memberThreshold} are needed, not ${sibling.memberThreshold}`,
    );
}

/** What all shares of a set have in common ("Combining the shares"), and these two have not. */
function differenceOf(one: Share, other: Share): string | undefined {
  if (one.identifier !== other.identifier) return "identifier";
  if (one.extendable !== other.extendable) return "kind of encryption";
  if (one.iterationExponent !== other.iterationExponent) return "number of rounds";
  if (one.groupThreshold !== other.groupThreshold) return "number of groups needed";
  if (one.groupCount !== other.groupCount) return "number of groups";
  if (one.value.length !== other.value.length) return "length";
  return undefined;
}

function nameOf(share: Share): string {
  return `group ${share.groupIndex + 1}, share ${share.memberIndex + 1}`;
}
