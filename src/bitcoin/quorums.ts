// Of each wallet that is spent from: the ways that the transaction opens, who signed for them, and what is missing.

import { equal, toHex } from "../bytes.ts";
import type { Holder, SpentQuorum, SpentWay } from "../model.ts";
import type { Condition } from "../ways.ts";
import { isLock, lacking, partsOf, usesOf } from "./spending/open.ts";
import type { OwnInput, Spending } from "./spending/spending.ts";
import { isOurs, type OpenWay, type Spot, sameSpot } from "./spending/spots.ts";
import type { Template, Wallet } from "./wallet.ts";

/** Places in the wallet's keys of those that signed this input, or their part of it, whichever way. */
export function signersOf(input: OwnInput): readonly number[] {
  const places = new Set(
    [...input.signed, ...input.together.map(({ place }) => place)].flatMap(keysAt(input)),
  );
  return input.template.wallet.keys.flatMap((_, place) => (places.has(place) ? [place] : []));
}

/** Of one spot: the key that signed there; where keys sign together, those whose parts are there. */
function keysAt({ template, signed, together }: OwnInput): (spot: Spot) => number[] {
  const { uses } = template.wallet;
  return (spot) => {
    const use = uses[spot.use]!;
    const isThere = signed.some((one) => sameSpot(one, spot));
    if (use.kind !== "musig") return isThere && use.kind === "child" ? [use.key] : [];
    const standing = together.find(({ place }) => sameSpot(place, spot));
    if (!standing) return [];
    return standing.place.members.flatMap(({ key }, i) =>
      key !== undefined && (isThere || standing.partials[i]) ? [key] : [],
    );
  };
}

/** Of each wallet only who signed every input of it counts. */
export function quorumsOf({ templates, inputs }: Spending): SpentQuorum[] {
  return templates.map((template) => {
    const its = inputs.flatMap((own) => (own?.template === template ? [own] : []));
    return quorumOf(template, its);
  });
}

function quorumOf({ wallet }: Template, inputs: readonly OwnInput[]): SpentQuorum {
  const signers = inputs.map(signersOf);
  const everywhere = wallet.keys.filter((_, place) => signers.every((some) => some.includes(place)));
  return {
    wallet: wallet.name,
    inputs: inputs.length,
    holders: wallet.keys.map(holderOf),
    signedBy: everywhere.map(({ fingerprint }) => fingerprint),
    ways: openWays(inputs),
  };
}

function holderOf({ fingerprint, ours, name, nobodys }: Wallet["keys"][number]): Holder {
  return { fingerprint, ours, ...(name ? { name } : {}), ...(nobodys ? { nobodys } : {}) };
}

interface Standing {
  readonly way: OpenWay;
  readonly input: OwnInput;
}

/** The same way is the same value on every input that says the same of time. */
function openWays(inputs: readonly OwnInput[]): SpentWay[] {
  const standings = new Map<Condition, Standing[]>();
  for (const input of inputs)
    for (const way of input.ways) {
      const known = standings.get(way.source);
      if (known) known.push({ way, input });
      else standings.set(way.source, [{ way, input }]);
    }
  return [...standings.values()].map((some) => wayOf(some));
}

function wayOf(standings: readonly Standing[]): SpentWay {
  const { way, input } = standings[0]!;
  const { wallet } = input.template;
  const all = standings.map(standingOf);
  return {
    condition: way.condition,
    ...(way.leaf === undefined ? {} : { leaf: way.leaf }),
    inputs: standings.length,
    ours: all.some(({ ours }) => ours),
    locked: standings.some((one) => partsOf(one.way.byUse).some(isLock)),
    signedBy: wallet.keys.flatMap((_, place) =>
      all.every(({ signed }) => signed.has(place)) ? [place] : [],
    ),
    missing: Math.max(...all.map(({ missing }) => missing)),
    secrets: secretsOf(standings),
  };
}

function standingOf({ way, input }: Standing) {
  const here = (spots: readonly Spot[]) =>
    new Set(spots.filter(({ leaf }) => leaf === way.leaf).map(({ use }) => use));
  const [signed, made, together] = [here(input.signed), here(input.spots), here(input.musig)];
  const uses = usesOf(way.byUse);
  const spotOf = (use: number): Spot => (way.leaf === undefined ? { use } : { use, leaf: way.leaf });
  const missingAt = (use: number) =>
    signed.has(use) || made.has(use) ? 0 : partsMissing(input, spotOf(use));
  return {
    ours: uses.some((use) => made.has(use) || together.has(use)),
    signed: new Set(uses.map(spotOf).flatMap(keysAt(input))),
    missing: lacking(way.byUse, missingAt),
  };
}

/** Where keys sign together ours counts once it can be made: when every nonce is there. */
function partsMissing({ template, together }: OwnInput, spot: Spot): number {
  const standing = together.find(({ place }) => sameSpot(place, spot));
  if (!standing) return 1;
  const { place, nonces, partials } = standing;
  const second = nonces.every((nonce) => nonce);
  const isOurs = (key: number | undefined) => key !== undefined && template.wallet.keys[key]!.ours;
  return place.members.filter(({ key }, i) => !partials[i] && !(second && isOurs(key))).length;
}

/** A secret counts where it is there on every input. */
function secretsOf(standings: readonly Standing[]): SpentWay["secrets"] {
  return partsOf(standings[0]!.way.byUse).flatMap((part) => {
    if (part.kind !== "preimage") return [];
    const found = standings.map(({ input }) =>
      input.secrets.find(({ hash, digest }) => hash === part.hash && equal(digest, part.digest)),
    );
    const digestHex = toHex(part.digest);
    const [first] = found;
    const there = first && found.every((one) => one) ? { secretHex: toHex(first.secret) } : {};
    return [{ hash: part.hash, digestHex, ...there }];
  });
}

/** A key of this device signs by a way that waited for its time. */
export function usesLockedWay(quorums: readonly SpentQuorum[]): boolean {
  return quorums.some(({ ways }) => ways.some(({ ours, locked }) => ours && locked));
}

/** A signature of this device is there already. */
export function isSignedByUs({ template, signed }: OwnInput): boolean {
  return signed.some(({ use }) => isOurs(template.wallet, use));
}
