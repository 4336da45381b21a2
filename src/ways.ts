// How a wallet can be spent from: values, made from its script (src/bitcoin) and said in words (src/screens).

export type HashKind = "sha256" | "hash256" | "ripemd160" | "hash160";

/** What must be there to spend, whatever the script that says so. `key`, `keys`: places in Wallet.keys. */
export type Condition =
  | { readonly kind: "key"; readonly key: number }
  /** A bare public key of which nobody knows whose it is, 33 bytes. */
  | { readonly kind: "fixed"; readonly publicKey: Uint8Array }
  /** All of them together, in two rounds (BIP 327). */
  | { readonly kind: "musig"; readonly of: readonly Condition[] }
  | { readonly kind: "older" | "after"; readonly value: number }
  | { readonly kind: "preimage"; readonly hash: HashKind; readonly digest: Uint8Array }
  /** threshold = of.length: all of them. threshold = 1: one of them. */
  | { readonly kind: "threshold"; readonly threshold: number; readonly of: readonly Condition[] }
  | { readonly kind: "never" };

/** One way to spend: of several that the script offers, each is one. */
export interface Way {
  readonly condition: Condition;
  /** Taproot: which leaf, counted from the left; absent for the key path, and where there are no leaves. */
  readonly leaf?: number;
}
