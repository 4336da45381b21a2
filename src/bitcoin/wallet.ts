// A wallet: who holds which keys, and the one script that they make together.
// Rule: a script is ours only if derive() made it. Nothing that a PSBT claims counts.

import { toHex } from "../bytes.ts";
import type { Fingerprint, Network, Path } from "../model.ts";
import type { Work } from "../request.ts";
import type { Way } from "../ways.ts";
import type { Body, Node, Use } from "./expression.ts";

/** What an output looks like from outside. */
export type ScriptForm = "p2pkh" | "p2sh-p2wpkh" | "p2wpkh" | "p2tr" | "p2sh" | "p2sh-p2wsh" | "p2wsh";

export interface WalletKey {
  /** Of the master key that the origin names; "" where the text names none. */
  readonly fingerprint: Fingerprint;
  /** From the master to the extended key. */
  readonly path: Path;
  /** 33 bytes, compressed. */
  readonly publicKey: Uint8Array;
  readonly chainCode: Uint8Array;
  /** As it stands in the canonical descriptor (xpub… or tpub…). */
  readonly extended: string;
  /** True only where this device derived the same extended key from its own seed. */
  readonly ours: boolean;
  /** BIP 341's point H, of which nobody knows a private key: it can never sign. */
  readonly nobodys?: true;
  /** Who holds it, as a file or the owner says: foreign text. */
  readonly name?: string;
}

export interface Wallet {
  readonly name: string;
  readonly network: Network;
  /** Canonical: <0;1>/*, h for hardened, with its checksum. */
  readonly descriptor: string;
  /** First 8 hex digits of SHA-256 of the canonical descriptor: a handle; it is too short to compare by. */
  readonly fingerprint: string;
  readonly form: ScriptForm;
  /** What the form holds. */
  readonly body: Body;
  /** Every key expression, in the order of the text. */
  readonly uses: readonly Use[];
  /** Every extended key once, in the order of the text. */
  readonly keys: readonly WalletKey[];
  /** Each way in which it can be spent from. */
  readonly ways: readonly Way[];
  /** Child numbers of the receive branch and the change branch of the first key, usually 0 and 1: their names. */
  readonly receive: number;
  readonly change: number;
}

/** One address of a wallet, rebuilt from its keys. */
export interface Derived {
  /** By the first key's child number. */
  readonly branch: number;
  readonly index: number;
  readonly scriptPubKey: Uint8Array;
  readonly redeemScript?: Uint8Array;
  readonly witnessScript?: Uint8Array;
  /** 33 bytes each, in the order of wallet.uses; of a musig its aggregate. */
  readonly publicKeys: readonly Uint8Array[];
  readonly taproot?: Taproot;
}

/** P2TR: x-only internal key, tweak t, x-only output key (BIP 341). */
export interface Taproot {
  readonly internalKey: Uint8Array;
  readonly tweak: Uint8Array;
  readonly outputKey: Uint8Array;
  /** Absent where there is no script tree. */
  readonly merkleRoot?: Uint8Array;
  /** From left to right. */
  readonly leaves: readonly Leaf[];
}

export interface Leaf {
  readonly node: Node;
  readonly script: Uint8Array;
  /** TapLeaf hash, leaf version 0xc0. */
  readonly hash: Uint8Array;
  readonly control: Uint8Array;
}

/** A wallet made ready: branch nodes are cached, an index costs one point operation a key (two for P2TR). */
export interface Template {
  readonly wallet: Wallet;
  derive(branch: number, index: number): Derived;
  /** Which of these scripts (hex) stand where among the first LIMITS.searchedAddresses of this branch. */
  search(branch: number, scripts: ReadonlySet<string>): Work<ReadonlyMap<string, number>>;
  /** The scripts (hex) that searching has derived so far, each with its index. */
  seen(branch: number): ReadonlyMap<string, number>;
}

export interface Quorum {
  readonly threshold: number;
  /** Keys that can sign; 1 for a single key. */
  readonly of: number;
  /** The order of the keys does not matter (BIP 67); meaningless for a single key. */
  readonly sorted: boolean;
}

/** Where a wallet is nothing but "so many of these keys"; undefined where there is more to it. */
export function quorumOf({ body, uses, keys }: Pick<Wallet, "body" | "uses" | "keys">): Quorum | undefined {
  if (body.kind === "key") return { threshold: 1, of: 1, sorted: false };
  if (body.kind === "script") return quorumIn(body.node, uses, keys);
  const internal = uses[body.internal]!;
  if (body.tree === undefined)
    return internal.kind === "child" ? { threshold: 1, of: 1, sorted: false } : undefined;
  return isNobodys(internal, keys) && "leaf" in body.tree ? quorumIn(body.tree.leaf, uses, keys) : undefined;
}

/** Of several keys. One that is nobody's would be counted, and never sign: the ways say what is left. */
function quorumIn(node: Node, uses: readonly Use[], keys: readonly WalletKey[]): Quorum | undefined {
  if (!("uses" in node) || node.uses.length < 2 || node.uses.some((use) => isNobodys(uses[use]!, keys)))
    return undefined;
  return { threshold: node.threshold, of: node.uses.length, sorted: node.kind.startsWith("sorted") };
}

/** BIP 341, "Constructing and spending Taproot outputs": the point H, x-only. */
const POINT_H = "50929b74c1a04954b78b4b6035e97a5e078a5a0f28ec96d547bfee9ace803ac0";

export function isPointH(publicKey: Uint8Array): boolean {
  return toHex(publicKey.subarray(-32)) === POINT_H;
}

/** Nobody can sign with it. */
export function isNobodys(use: Use, keys: readonly WalletKey[]): boolean {
  if (use.kind === "musig") return false;
  return use.kind === "fixed" ? isPointH(use.publicKey) : keys[use.key]!.nobodys === true;
}
