// What stands in a descriptor, as values: keys in use, script fragments (BIP 379) and script trees
// (BIP 386). Text ↔ values: descriptor/ and miniscript/.

import type { Path } from "../model.ts";
import type { HashKind } from "../ways.ts";

/**
 * What follows an extended key: child numbers below 2^31; at most once a tuple (BIP 389), whose members are the
 * branches; "*" last, or nowhere. A registered wallet has exactly a pair and "*".
 */
export type Steps = readonly (number | readonly number[] | "*")[];

/** A key as it is used at one place of a script. */
export type Use =
  | { readonly kind: "child"; readonly key: number; readonly steps: Steps }
  /** BIP 390: the participants' keys in the order of the text (they are sorted when they are aggregated, BIP 327). */
  | { readonly kind: "musig"; readonly of: readonly PlainUse[]; readonly steps: Steps }
  | FixedUse;

/** `key`: place in Wallet.keys. */
export type PlainUse = Extract<Use, { readonly kind: "child" }> | FixedUse;

/** A bare public key, 33 bytes; one that was written x-only has an even y. */
export interface FixedUse {
  readonly kind: "fixed";
  readonly publicKey: Uint8Array;
  readonly xonly: boolean;
  readonly origin?: { readonly fingerprint: string; readonly path: Path };
}

/** `use`, `uses`: places in Wallet.uses, which lists every key expression in the order of the text. */
export type Node =
  | { readonly kind: "0" | "1" }
  | { readonly kind: "pk_k" | "pk_h"; readonly use: number }
  /** older: nSequence as BIP 68 reads it; after: nLockTime. 1 to 2^31 - 1. */
  | { readonly kind: "older" | "after"; readonly value: number }
  | { readonly kind: HashKind; readonly digest: Uint8Array }
  | { readonly kind: "andor"; readonly of: readonly [Node, Node, Node] }
  | { readonly kind: BinaryKind; readonly of: readonly [Node, Node] }
  | { readonly kind: "thresh"; readonly threshold: number; readonly of: readonly Node[] }
  | { readonly kind: MultiKind; readonly threshold: number; readonly uses: readonly number[] }
  | { readonly kind: WrapperKind; readonly of: readonly [Node] };

export type BinaryKind = "and_v" | "and_b" | "or_b" | "or_c" | "or_d" | "or_i";
/** sortedmulti and sortedmulti_a stand alone: nothing is around them. */
export type MultiKind = "multi" | "sortedmulti" | "multi_a" | "sortedmulti_a";
/** Others are written with these: pk(K) is c:pk_k(K), t:X is and_v(X,1), l:X is or_i(0,X), and so on. */
export type WrapperKind = "a" | "s" | "c" | "d" | "v" | "j" | "n";

/** BIP 341 and 386: at most 128 deep. */
export type Tree = { readonly leaf: Node } | { readonly left: Tree; readonly right: Tree };

/** What a wallet's script form holds. */
export type Body =
  /** pkh, wpkh, sh(wpkh). */
  | { readonly kind: "key"; readonly use: number }
  /** sh, wsh, sh(wsh). */
  | { readonly kind: "script"; readonly node: Node }
  /** tr. */
  | { readonly kind: "taproot"; readonly internal: number; readonly tree?: Tree };

/** Where a script stands: what may be in it, how keys are pushed, which limits hold. */
export type Place = "p2sh" | "p2wsh" | "tapscript";
