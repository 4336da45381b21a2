// A wallet: who holds which keys, and the one script form that they make together.
// Rule: a script is ours only if derive() made it. Nothing that a PSBT claims counts.

import type { Fingerprint, Network, Path } from "../model.ts";
import type { Work } from "../request.ts";

export type ScriptForm = "p2pkh" | "p2sh-p2wpkh" | "p2wpkh" | "p2tr" | "p2sh" | "p2sh-p2wsh" | "p2wsh";

export interface WalletKey {
  /** Of the master key that the origin names. */
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
}

export interface Wallet {
  readonly name: string;
  readonly network: Network;
  /** Canonical: <0;1>/*, h for hardened, with its checksum. */
  readonly descriptor: string;
  /** First 8 hex digits of SHA-256 of the canonical descriptor: a handle; it is too short to compare by. */
  readonly fingerprint: string;
  readonly form: ScriptForm;
  /** 1 for single keys. */
  readonly threshold: number;
  /** BIP 67 order in the script; false keeps the order of `keys`. Meaningless for single keys. */
  readonly sorted: boolean;
  readonly keys: readonly WalletKey[];
  /** Child numbers of the receive branch and the change branch, usually 0 and 1. */
  readonly receive: number;
  readonly change: number;
}

/** One address of a wallet, rebuilt from its keys. */
export interface Derived {
  readonly branch: number;
  readonly index: number;
  readonly scriptPubKey: Uint8Array;
  readonly redeemScript?: Uint8Array;
  readonly witnessScript?: Uint8Array;
  /** 33 bytes each, in the order of wallet.keys. */
  readonly publicKeys: readonly Uint8Array[];
  /** P2TR: x-only internal key, tweak t, x-only output key (BIP 341, no script tree). */
  readonly taproot?: {
    readonly internalKey: Uint8Array;
    readonly tweak: Uint8Array;
    readonly outputKey: Uint8Array;
  };
}

/** A wallet made ready: branch nodes are cached, an index costs one point operation a key (two for P2TR). */
export interface Template {
  readonly wallet: Wallet;
  derive(branch: number, index: number): Derived;
  /** Which of these scripts (hex) stand where among the first LIMITS.searchedAddresses of this branch. */
  search(branch: number, scripts: ReadonlySet<string>): Work<ReadonlyMap<string, number>>;
}
