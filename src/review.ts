// A transaction, understood: what is shown of it, and judged. Values only.

import type { Fingerprint, Network } from "./model.ts";
import type { HashKind, Way } from "./ways.ts";

/** change: own wallet's change branch. own: ours by derivation, elsewhere. foreign: anything else. */
export type Owner = "change" | "own" | "foreign";

export interface ReviewInput {
  /** "txid:index", txid as people write it (big-endian hex). */
  readonly outpoint: string;
  readonly amountSats: bigint;
  /** True where the amount follows from what is signed or from the previous transaction itself. */
  readonly proven: boolean;
  readonly owner: Owner;
  readonly wallet?: string;
  /** From the wallet's keys: "0/5". */
  readonly path?: string;
  /** Cosigners whose valid signature the PSBT already carries. */
  readonly signedBy: readonly Fingerprint[];
}

export interface ReviewOutput {
  readonly amountSats: bigint;
  /** Absent where the script has no address. */
  readonly address?: string;
  readonly scriptHex: string;
  readonly owner: Owner;
  readonly wallet?: string;
  readonly path?: string;
  /** Own, but in a wallet that others can spend from or must sign for, and more than came from there: it counts as leaving. */
  readonly shared?: true;
  /** To the wallet that takes the place of the one that is spent from. */
  readonly successor?: true;
  /** Names that policy lists give to the descriptors of others that make it. */
  readonly parties?: readonly string[];
}

/** Each has words in screens/warnings; a warning is shown before any fact. */
export type Warning =
  /** A key of this device signs by a way that waits for a time lock: a recovery way, most often. */
  | "locked-way"
  | "fee-unproven"
  | "fee-high"
  | "foreign-inputs"
  | "already-signed"
  | "unusual-version"
  | "lock-time"
  | "script-without-address"
  | "dust-output"
  | "output-far-index"
  | "input-far-index"
  | "change-to-other-wallet"
  /** Some output is shared: see ReviewOutput. */
  | "shared-wallet"
  /** From a wallet that was replaced, to anything but the one that takes its place. */
  | "replaced-pays-elsewhere"
  /** Something goes to a wallet that was replaced: change, too. */
  | "pays-to-replaced"
  | "mixed-wallets"
  | "repeated-output"
  /** An amount goes to a script that nobody can ever spend (OP_RETURN). */
  | "unspendable-output"
  /** BIP 68: some input can only be spent a while after it was received. */
  | "relative-lock-time"
  /** More virtual bytes than nodes pass on. */
  | "too-large-to-relay";

export interface Review {
  readonly network: Network;
  readonly txid: string;
  readonly version: number;
  readonly lockTime: number;
  /** False where every sequence is final: then lockTime has no effect. */
  readonly lockTimeHolds: boolean;
  /** BIP 68: how old the coins must be before the transaction is valid, the longest wait of each kind. */
  readonly coinAge?: { readonly blocks: number; readonly seconds: number };
  /** BIP 125: some sequence below 0xfffffffe. */
  readonly replaceable: boolean;
  /** What our inputs bring, less what of the outputs stays ours: fee included. Never below 0. */
  readonly leavesSats: bigint;
  /** Of the outputs, what stays in our hands as it was. */
  readonly staysSats: bigint;
  /** Of the whole transaction, whoever pays it. */
  readonly feeSats: bigint;
  /** sat/vB over the least size that the signed transaction can have, of the ways that are open: never less than it is. */
  readonly feeRate: number;
  /** Percent of what goes to foreign outputs; of all outputs where nothing does. With foreign inputs: of what we give. */
  readonly feePercent: number;
  readonly feeProven: boolean;
  readonly warnings: readonly Warning[];
  readonly inputs: readonly ReviewInput[];
  readonly outputs: readonly ReviewOutput[];
  /** Of each wallet that is spent from: what it takes, and what of it is here. */
  readonly quorums: readonly SpentQuorum[];
}

export interface SpentQuorum {
  readonly wallet: string;
  /** How many of its coins are spent. */
  readonly inputs: number;
  /** By place in the wallet's keys, as conditions count them. */
  readonly holders: readonly Holder[];
  /** Who signed every input of it, whichever way. */
  readonly signedBy: readonly Fingerprint[];
  /** The ways that this transaction opens on some input of it. */
  readonly ways: readonly SpentWay[];
}

export interface Holder {
  readonly fingerprint: Fingerprint;
  readonly ours: boolean;
  /** Foreign text. */
  readonly name?: string;
  readonly nobodys?: true;
}

export interface SpentWay extends Way {
  /** On how many inputs it is open; all that follows is said of these. */
  readonly inputs: number;
  /** A key of this device signs for it. */
  readonly ours: boolean;
  /** A time lock that has to hold is part of it. */
  readonly locked: boolean;
  /** Places of the holders whose valid signatures for it are there. */
  readonly signedBy: readonly number[];
  /** How many signatures it takes at the least, beside those that are there and those that are made here. */
  readonly missing: number;
  /** Its hashes, with the secret where that is there. */
  readonly secrets: readonly {
    readonly hash: HashKind;
    readonly digestHex: string;
    readonly secretHex?: string;
  }[];
}
