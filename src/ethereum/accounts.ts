// Accounts of Ethereum: which paths are accounts, what they are called, and the address of each.
// Rule: nothing but the paths of these three layouts is signed with here, and never a key of Bitcoin's.

import { keccak_256 } from "@noble/hashes/sha3.js";
import { childNode, type PublicNode } from "../child.ts";
import type { Curve } from "../curve.ts";
import { type Address, writeAddress } from "../eip55.ts";
import { HARDENED, LIMITS } from "../limits.ts";
import type { Path } from "../model.ts";
import { refuse } from "../refusal.ts";

/**
 * Where programs look for the accounts of one seed. standard: m/44'/60'/0'/0/i (BIP 44; MetaMask and nearly all).
 * ledger-live: m/44'/60'/i'/0/0. ledger-legacy: m/44'/60'/0'/i (MEW, old Ledger programs).
 */
export const LAYOUTS = ["standard", "ledger-live", "ledger-legacy"] as const;
export type Layout = (typeof LAYOUTS)[number];

/** Account 0 of ledger-live is account 0 of the standard layout, and is called so. */
export interface Account {
  readonly layout: Layout;
  readonly index: number;
}

const COIN = [44 + HARDENED, 60 + HARDENED];

const PATHS: Readonly<Record<Layout, (index: number) => Path>> = {
  standard: (index) => [...COIN, HARDENED, 0, index],
  "ledger-live": (index) => [...COIN, index + HARDENED, 0, 0],
  "ledger-legacy": (index) => [...COIN, HARDENED, index],
};

/** An index below 2^31. */
export function pathOfAccount({ layout, index }: Account): Path {
  return PATHS[layout](index);
}

/** Undefined where the path is no account of these layouts. */
export function accountOfPath(path: Path): Account | undefined {
  for (const layout of LAYOUTS)
    for (const index of indexesIn(layout, path))
      if (isSame(pathOfAccount({ layout, index }), path)) return { layout, index };
  return undefined;
}

function indexesIn(layout: Layout, path: Path): readonly number[] {
  const step = layout === "ledger-live" ? (path[2] ?? 0) - HARDENED : (path.at(-1) ?? -1);
  return Number.isInteger(step) && step >= 0 && step < HARDENED ? [step] : [];
}

const isSame = (a: Path, b: Path): boolean => a.length === b.length && a.every((step, i) => step === b[i]);

const PREFIXES: Readonly<Record<Layout, string>> = {
  standard: "account",
  "ledger-live": "Ledger Live account",
  "ledger-legacy": "old Ledger account",
};

/** "account 0" */
export function nameOfAccount({ layout, index }: Account): string {
  return `${PREFIXES[layout]} ${index}`;
}

/** "m/44'/60'/0'/0/0", as programs of Ethereum write it. */
export function writeAccountPath(path: Path): string {
  return ["m", ...path.map((step) => (step >= HARDENED ? `${step - HARDENED}'` : `${step}`))].join("/");
}

/** Past the accounts that are looked through for an address: programs show none so far out by themselves. */
export function isFar({ index }: Account): boolean {
  return index >= LIMITS.ethereumAccounts;
}

/** What has to be known of an account before anything is signed with it. */
export function saysOfAccount(account: Account): readonly string[] {
  if (!isFar(account)) return [];
  return [`It is signed by ${nameOfAccount(account)}: no program finds so high a number by itself.`];
}

/** Of a public key of 33 bytes: the last 20 bytes of keccak-256 over its two coordinates. */
export function addressOfKey(publicKey: Uint8Array, curve: Curve): Address {
  return writeAddress(keccak_256(curve.decompress(publicKey).subarray(1)).subarray(12));
}

// ---------------------------------------------------------------- keys

/** What stands at a path of hardened steps alone: the Keyring derives it. */
export type NodeAt = (path: Path) => PublicNode;

/** The account's public key, 33 bytes: below the last hardened step as everybody derives who has the extended key. */
export function keyOfAccount(account: Account, nodeAt: NodeAt, curve: Curve): Uint8Array {
  const path = pathOfAccount(account);
  const below = path.findLastIndex((step) => step >= HARDENED) + 1;
  const start = nodeAt(path.slice(0, below));
  return path.slice(below).reduce((node, step) => childOf(node, step, curve), start).publicKey;
}

function childOf(node: PublicNode, step: number, curve: Curve): PublicNode {
  // One chance in 2^127 (BIP 32: "the resulting key is invalid").
  return childNode(node, step, curve) ?? refuse("ethereum.path", "there is no key at this path");
}

/** An account of ours, derived. */
export interface OwnAccount extends Account {
  readonly name: string;
  readonly path: Path;
  readonly publicKey: Uint8Array;
  readonly address: Address;
}

export function ownAccount(asked: Account, nodeAt: NodeAt, curve: Curve): OwnAccount {
  const path = pathOfAccount(asked);
  const account = accountOfPath(path) ?? refuse("ethereum.path", writeAccountPath(path));
  const publicKey = keyOfAccount(account, nodeAt, curve);
  return {
    ...account,
    name: nameOfAccount(account),
    path,
    publicKey,
    address: addressOfKey(publicKey, curve),
  };
}

/** The account that a request names by its path. Throws Refusal ethereum.path for every path that is none. */
export function accountAt(path: Path, nodeAt: NodeAt, curve: Curve): OwnAccount {
  const account = accountOfPath(path) ?? refuse("ethereum.path", writeAccountPath(path));
  return ownAccount(account, nodeAt, curve);
}
