// Where in a wallet's script signatures of ours belong, as far as a transaction opens its ways.

import { refuse } from "../../refusal.ts";
import type { Condition, Way } from "../../ways.ts";
import type { Node, Use } from "../expression.ts";
import { type Timing, waysOf } from "../miniscript/index.ts";
import { isNobodys, type Wallet } from "../wallet.ts";
import { isLock, lockNeeds, opened, partsOf, usesOf } from "./open.ts";

/** One place for a signature in an input's script. */
export interface Spot {
  /** Place in wallet.uses. */
  readonly use: number;
  /** Taproot: the leaf, counted from the left; absent for the key path. */
  readonly leaf?: number;
}

/** A way that is open. */
export interface OpenWay extends Way {
  /** What of it is open, its `key`s places in wallet.uses: the same key may stand there as several child keys. */
  readonly byUse: Condition;
  /** The very value that the wallet's scheme has for it. */
  readonly source: Condition;
}

export interface Opening {
  readonly ways: readonly OpenWay[];
  /** Where a key of this device alone signs. */
  readonly spots: readonly Spot[];
  /** Where a key of this device signs together with others (BIP 327). */
  readonly musig: readonly Spot[];
}

/** A wallet's ways made ready: which use serves which of them, and which are ours. */
export interface Scheme {
  readonly wallet: Wallet;
  /** `key`s are places in wallet.uses, of whatever kind the use is. */
  readonly ways: readonly Way[];
  openAt(timing: Timing): Opening;
}

/** Openings are remembered: the inputs of a transaction mostly say the same. */
export function schemeOf(wallet: Wallet): Scheme {
  const ways = waysByUse(wallet);
  const known = new Map<string, Opening>();
  return {
    wallet,
    ways,
    openAt(timing) {
      const name = `${timing.version} ${timing.lockTime} ${timing.sequence}`;
      const opening = known.get(name) ?? openingOf(wallet, ways, timing);
      known.set(name, opening);
      return opening;
    },
  };
}

/** The same key may be used at several places, as different child keys: only places tell which signature serves what. */
function waysByUse({ body, uses, keys }: Wallet): readonly Way[] {
  const placed = uses.map((use, place): Use => {
    const plain = { kind: "child", key: place, steps: [] } as const;
    return use.kind === "musig" ? { ...use, of: use.of.map(() => plain) } : plain;
  });
  const nobodys = uses.map((use) => isNobodys(use, keys));
  return waysOf(body, placed, (use) => use.kind === "child" && nobodys[use.key]!);
}

/** As people know it: with places in wallet.keys. */
function byKey(condition: Condition, wallet: Wallet): Condition {
  if (condition.kind === "key") return keyCondition(wallet.uses[condition.key]!);
  if (condition.kind === "musig") {
    const [first] = condition.of;
    return first ? byKey(first, wallet) : condition;
  }
  if (condition.kind !== "threshold") return condition;
  return { ...condition, of: condition.of.map((one) => byKey(one, wallet)) };
}

function keyCondition(use: Use): Condition {
  if (use.kind === "musig") return { kind: "musig", of: use.of.map(keyCondition) };
  return use.kind === "child" ? { kind: "key", key: use.key } : { kind: "fixed", publicKey: use.publicKey };
}

/** A key of this device takes part in it. */
export function isOurs({ uses, keys }: Wallet, use: number): boolean {
  const of = uses[use]!;
  const parts = of.kind === "musig" ? of.of : [of];
  return parts.some((part) => part.kind === "child" && keys[part.key]!.ours);
}

function openingOf(wallet: Wallet, ways: readonly Way[], timing: Timing): Opening {
  const open = ways.flatMap((way): OpenWay[] => {
    const byUse = opened(way.condition, timing);
    return byUse ? [{ ...way, condition: byKey(way.condition, wallet), byUse, source: way.condition }] : [];
  });
  const alone = keyPathOf(wallet);
  if (alone) return { ways: open, spots: [alone], musig: [] };
  const spots = open.flatMap(({ byUse, leaf }) => {
    const ours = usesOf(byUse).filter((use) => isOurs(wallet, use));
    return ours.map((use): Spot => (leaf === undefined ? { use } : { use, leaf }));
  });
  const together = ({ use }: Spot) => wallet.uses[use]!.kind === "musig";
  return {
    ways: open,
    spots: distinct(spots.filter((spot) => !together(spot))),
    musig: distinct(spots.filter(together)),
  };
}

/** Where the internal key is ours alone nothing else is ever needed. */
function keyPathOf({ body, uses, keys }: Wallet): Spot | undefined {
  if (body.kind !== "taproot") return undefined;
  const use = uses[body.internal]!;
  return use.kind === "child" && keys[use.key]!.ours ? { use: body.internal } : undefined;
}

export function sameSpot(a: Spot, b: Spot): boolean {
  return a.use === b.use && a.leaf === b.leaf;
}

function distinct(spots: readonly Spot[]): Spot[] {
  return spots.filter((spot, i) => spots.findIndex((other) => sameSpot(other, spot)) === i);
}

/** The uses that stand in a script, in its order. */
export function usesIn(node: Node): readonly number[] {
  if ("use" in node) return [node.use];
  if ("uses" in node) return node.uses;
  return "of" in node ? node.of.flatMap(usesIn) : [];
}

/** No way is open that a key of ours takes part in: what would open one. */
export function refuseClosed({ wallet, ways }: Scheme, timing: Timing, where: string): never {
  const needs = ways.flatMap(({ condition }) => {
    if (!usesOf(condition).some((use) => isOurs(wallet, use))) return [];
    const closed = partsOf(condition).flatMap((part) =>
      isLock(part) && !opened(part, timing) ? [part] : [],
    );
    return closed.length > 0 ? [lockNeeds(closed, timing)] : [];
  });
  const words = needs.length > 0 ? [...new Set(needs)].join("; or ") : "a leaf that holds your key";
  return refuse("bitcoin.no-way-open", `${where} needs ${words}`);
}
