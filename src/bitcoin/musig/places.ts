// Where in a wallet's script keys sign together: who they are, what their keys add up to, and what is added to it before
// it is the key that signs (BIP 328, 341).

import { hmac } from "@noble/hashes/hmac.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { concat, equal, u32be } from "../../bytes.ts";
import type { Curve, MusigTask, Path } from "../../model.ts";
import { childNode } from "../derive.ts";
import type { PlainUse, Use } from "../expression.ts";
import { usesIn } from "../spending/spots.ts";
import { pathOf } from "../use-path.ts";
import type { Derived, Wallet } from "../wallet.ts";
import { aggregate, sorted, synthetic } from "./aggregate.ts";

type Tweaks = MusigTask["together"]["tweaks"];
type Together = Extract<Use, { readonly kind: "musig" }>;

export interface Member {
  /** 33 bytes. */
  readonly publicKey: Uint8Array;
  /** Place in wallet.keys, and the child numbers below it; a bare key has neither. */
  readonly key?: number;
  readonly path?: Path;
}

/** The keys of one musig(), at one address. */
export interface Group {
  /** In the order in which they are aggregated. */
  readonly members: readonly Member[];
  /** Before anything is derived from it: what BIP 373 names the participants by. 33 bytes. */
  readonly aggregate: Uint8Array;
}

export interface Place extends Group {
  /** Place in wallet.uses. */
  readonly use: number;
  /** Counted from the left, and its hash; absent for the key path. */
  readonly leaf?: number;
  readonly leafHash?: Uint8Array;
  readonly tweaks: Tweaks;
  /** What BIP 340 verifies under, 33 bytes: what BIP 373 names nonces and partial signatures by. */
  readonly signing: Uint8Array;
}

/** Where it is: a use, and the leaf unless it is the key path. */
export interface At {
  readonly use: number;
  readonly leaf?: number;
}

export type Groups = (wallet: Wallet, derived: Derived, use: number) => Group;

/** The groups of wallets. Those that no index changes are aggregated once: it is what costs. */
export function groups(curve: Curve): Groups {
  const known = new Map<Together, Group>();
  return (wallet, derived, use) => {
    const of = togetherAt(wallet, use);
    const fixed = of.of.every((one) => one.kind === "fixed" || isFixed(one.steps));
    const group = (fixed && known.get(of)) || groupOf(wallet, derived, of, curve);
    if (fixed) known.set(of, group);
    return group;
  };
}

function isFixed(steps: Together["steps"]): boolean {
  return steps.every((step) => typeof step === "number");
}

function togetherAt({ uses }: Wallet, use: number): Together {
  const found = uses[use];
  if (found?.kind !== "musig") throw new Error("no keys sign together there");
  return found;
}

function groupOf(wallet: Wallet, derived: Derived, { of }: Together, curve: Curve): Group {
  const members = of.map((one) => memberOf(wallet, derived, one, curve));
  const order = sorted(members.map(({ publicKey }) => publicKey));
  return {
    members: order.map((key) => members.find(({ publicKey }) => equal(publicKey, key))!),
    aggregate: aggregate(order),
  };
}

function memberOf(wallet: Wallet, derived: Derived, one: PlainUse, curve: Curve): Member {
  if (one.kind === "fixed") return { publicKey: one.publicKey };
  const path = pathOf(one.steps, wallet, derived);
  const start: { publicKey: Uint8Array; chainCode: Uint8Array } = wallet.keys[one.key]!;
  const node = path.reduce((parent, step) => childNode(parent, step, curve) ?? broken(), start);
  return { publicKey: node.publicKey, key: one.key, path };
}

/** Of every musig() of a wallet. */
export function groupsAt(wallet: Wallet, derived: Derived, groupsOf: Groups): Group[] {
  return wallet.uses.flatMap(({ kind }, use) => (kind === "musig" ? [groupsOf(wallet, derived, use)] : []));
}

/** All places of a wallet's address where keys sign together, ours among them or not, open or not. */
export function placesOf(wallet: Wallet, derived: Derived, curve: Curve, groupsOf: Groups): Place[] {
  const { body, uses } = wallet;
  if (body.kind !== "taproot") return [];
  const leaves = (derived.taproot?.leaves ?? []).flatMap(({ node }, leaf) =>
    usesIn(node).map((use): At => ({ use, leaf })),
  );
  return [{ use: body.internal }, ...leaves]
    .filter(({ use }) => uses[use]!.kind === "musig")
    .map((at) => placeAt(wallet, derived, at, curve, groupsOf(wallet, derived, at.use)));
}

function placeAt(wallet: Wallet, derived: Derived, at: At, curve: Curve, group: Group): Place {
  const path = pathOf(togetherAt(wallet, at.use).steps, wallet, derived);
  const { publicKey, tweaks } = derivation(group.aggregate, path, curve);
  // Whoever derived the address came by another way to the same key, or nothing here is right.
  if (!equal(publicKey, derived.publicKeys[at.use]!)) broken();
  const { taproot } = derived;
  if (!taproot) return broken();
  if (at.leaf !== undefined)
    return { ...group, ...at, leafHash: taproot.leaves[at.leaf]!.hash, tweaks, signing: publicKey };
  const even = concat(EVEN, taproot.internalKey);
  const signing = curve.addPublic(even, taproot.tweak) ?? broken();
  return { ...group, ...at, tweaks: [...tweaks, { tweak: taproot.tweak, xonly: true }], signing };
}

const EVEN = Uint8Array.of(2);

/** BIP 328: the child key, and IL of each step, which is what was added. */
function derivation(publicKey: Uint8Array, path: Path, curve: Curve) {
  let node = synthetic(publicKey);
  const tweaks: { readonly tweak: Uint8Array; readonly xonly: boolean }[] = [];
  for (const step of path) {
    const both = hmac(sha512, node.chainCode, concat(node.publicKey, u32be(step)));
    tweaks.push({ tweak: both.slice(0, 32), xonly: false });
    node = childNode(node, step, curve) ?? broken();
  }
  return { publicKey: node.publicKey, tweaks };
}

function broken(): never {
  throw new Error("keys that sign together do not add up to the wallet's");
}
