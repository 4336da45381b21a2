// SLIP-39: a master secret split into shares of words by groups, and recovered from them.
// The secret is BIP 32's seed itself, never BIP 39's entropy: shares of a key made of BIP 39 words are made from
// its 64-byte seed, and have 59 words each.

import { equal, wipe } from "../../bytes.ts";
import type { Random, Stretch } from "../../ports.ts";
import { refuse } from "../../refusal.ts";
import { chance } from "./chance.ts";
import type { Point } from "./gf256.ts";
import { decryptSecret, encryptSecret } from "./slip39-cipher.ts";
import { addShare, pointsOf, type ShareSet, statusOf, wipeShares } from "./slip39-set.ts";
import { parseShare, SECRET_BYTES, type Share, wordsOfShare } from "./slip39-share.ts";
import { recoverSecret, splitSecret } from "./slip39-split.ts";

/** What to split, and how. */
export interface SharePlan {
  /** The BIP 32 seed: 16 to 64 bytes, an even number. Stays the caller's, who wipes it. */
  readonly secret: Uint8Array;
  /** Printable ASCII, empty for none. Stays the caller's. */
  readonly passphrase: Uint8Array;
  readonly groupThreshold: number;
  /** 1 to 16 groups: any `needed` of `count` shares open one. A group of which one share is needed has only one. */
  readonly groups: readonly { readonly needed: number; readonly count: number }[];
  /** 0..15: 10,000 × 2^e rounds of PBKDF2. */
  readonly iterationExponent: number;
  /** True where nothing is said. False only to serve programs from before 2024. */
  readonly extendable?: boolean;
  readonly random: Random;
  readonly stretch: Pick<Stretch, "pbkdf2Sha256">;
}

const MOST = 16;

/**
 * The master secret, 16 to 64 bytes, from a complete set; the shares stay the caller's. `passphrase` is
 * passphraseBytes() of what was typed, empty for none. There is no wrong passphrase: each opens a key of its own,
 * and only the fingerprint or an address tells which. Where one share alone is needed, nothing but its checksum
 * speaks for it either. Throws Refusal shares.too-few or shares.digest. The caller wipes the result.
 */
export async function recover(
  set: ShareSet,
  passphrase: Uint8Array,
  stretch: Pick<Stretch, "pbkdf2Sha256">,
): Promise<Uint8Array> {
  const first = set[0];
  const status = statusOf(set);
  if (first === undefined || !status?.complete)
    return refuse(
      "shares.too-few",
      status ? `${status.groupsHave} of ${status.groupsNeeded} groups` : "no share",
    );
  const points: Point[] = [];
  let encrypted: Uint8Array | undefined;
  try {
    for (const group of status.groups.filter((one) => one.complete)) {
      const x = group.number - 1;
      points.push({ x, y: recoverSecret(pointsOf(set, x), `group ${group.number}`) });
    }
    encrypted = recoverSecret(points, "the groups together");
    return await decryptSecret(encrypted, passphrase, first, stretch);
  } finally {
    wipe(encrypted, ...points.map((point) => point.y));
  }
}

/**
 * New shares, by group: the words of each as numbers ("Generating the shares"). The set has been recovered again
 * from shares chosen by chance before it is returned. Throws Refusal shares.secret-length, shares.plan,
 * shares.passphrase or keys.entropy-dead. The caller wipes the words.
 */
export async function makeShares(plan: SharePlan): Promise<readonly (readonly Uint16Array[])[]> {
  refuseUnsound(plan);
  const drawn = chance(plan.random, 2);
  const common = {
    identifier: ((drawn[0]! << 8) | drawn[1]!) & 0x7fff,
    extendable: plan.extendable ?? true,
    iterationExponent: plan.iterationExponent,
    groupThreshold: plan.groupThreshold,
    groupCount: plan.groups.length,
  };
  const encrypted = await encryptSecret(plan.secret, plan.passphrase, common, plan.stretch);
  const points: Point[] = [];
  const made: (readonly Uint16Array[])[] = [];
  try {
    points.push(...splitSecret(plan.groupThreshold, plan.groups.length, encrypted, plan.random));
    for (const [groupIndex, { needed, count }] of plan.groups.entries()) {
      const group = { ...common, groupIndex, memberThreshold: needed };
      made.push(wordsOfGroup(group, count, points[groupIndex]!.y, plan.random));
    }
    await prove(made, plan);
    return made;
  } catch (problem) {
    wipe(...made.flat());
    throw problem;
  } finally {
    wipe(encrypted, ...points.map((point) => point.y));
  }
}

function wordsOfGroup(
  group: Omit<Share, "memberIndex" | "value">,
  count: number,
  secret: Uint8Array,
  random: Random,
): readonly Uint16Array[] {
  const members = splitSecret(group.memberThreshold, count, secret, random);
  const words = members.map(({ x, y }) => wordsOfShare({ ...group, memberIndex: x, value: y }));
  wipe(...members.map(({ y }) => y));
  return words;
}

function refuseUnsound({ secret, passphrase, groupThreshold, groups, iterationExponent }: SharePlan): void {
  if (secret.length < SECRET_BYTES.least || secret.length > SECRET_BYTES.most || secret.length % 2 !== 0)
    refuse("shares.secret-length", `${secret.length} bytes`);
  if (passphrase.some((byte) => byte < 32 || byte > 126)) refuse("shares.passphrase");
  if (!within(groups.length, 1, MOST)) refuse("shares.plan", `${groups.length} groups`);
  if (!within(groupThreshold, 1, groups.length))
    refuse("shares.plan", `${groupThreshold} of ${groups.length} groups`);
  for (const [i, { needed, count }] of groups.entries())
    if (!within(count, 1, MOST) || !within(needed, 1, count) || (needed === 1 && count > 1))
      refuse("shares.plan", `group ${i + 1}: ${needed} of ${count} shares`);
  if (!within(iterationExponent, 0, 15)) refuse("shares.plan", `iteration exponent ${iterationExponent}`);
}

function within(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

/** As few shares as will do, read again from their words, must lead back to the secret: anything else is a bug. */
async function prove(made: readonly (readonly Uint16Array[])[], plan: SharePlan): Promise<void> {
  let set: ShareSet = [];
  let recovered: Uint8Array | undefined;
  try {
    for (const group of someOf(made.length, plan.groupThreshold, plan.random))
      for (const member of someOf(made[group]!.length, plan.groups[group]!.needed, plan.random))
        set = addShare(set, parseShare(made[group]![member]!));
    recovered = await recover(set, plan.passphrase, plan.stretch);
    if (!equal(recovered, plan.secret)) throw new Error("the shares do not lead back to the secret");
  } finally {
    wipe(recovered);
    wipeShares(set);
  }
}

/** `count` different numbers below `all`, at most 16; that some come up a little more often does not matter here. */
function someOf(all: number, count: number, random: Random): readonly number[] {
  const left = Array.from({ length: all }, (_, i) => i);
  return Array.from(random.bytes(count), (byte) => left.splice(byte % left.length, 1)[0]!);
}
