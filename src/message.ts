// A message that is to be signed, understood: what is shown, what is judged and recorded, and what leaves.

import type { Fingerprint, Network, Path, PsbtMessage, SpentQuorum } from "./model.ts";
import type { Amount, WalletRef } from "./rules.ts";

/**
 * recoverable: 65 bytes from which the key is recovered, as Bitcoin Core has signed since 2011 (BIP 137).
 * bip322: as if money at the address were spent. proof: the same, and real coins with it.
 */
export type MessageForm = "recoverable" | "bip322" | "proof";

export interface MessageReview {
  readonly network: Network;
  readonly form: MessageForm;
  readonly message: string;
  /** For which address it speaks; absent where a key speaks for itself. */
  readonly address?: string;
  /** The own wallet that the address is in, and where in it: "0/5". */
  readonly wallet?: string;
  readonly place?: string;
  /** Own keys that sign for it. */
  readonly keys: readonly { readonly path: Path; readonly publicKey: Uint8Array }[];
  /** Own wallets in which the key has only a part: it does not speak for their addresses. */
  readonly partOf: readonly string[];
  /** Of wallets in which more than one key has a part: what it takes, and what of it is here. */
  readonly quorums: readonly SpentQuorum[];
  /** What it proves to hold, the address's own coin of nothing left out. */
  readonly coins: readonly ProvenCoin[];
  /** nLockTime, and nSequence of the first input: it holds only from then on. 0 and 0 where it holds at once. */
  readonly lockTime: number;
  readonly sequence: number;
  /** Who asks, in Firn's own words, where that is Firn itself. */
  readonly purpose?: string;
}

export interface ProvenCoin {
  readonly outpoint: string;
  readonly amountSats: bigint;
  readonly proven: boolean;
  /** Absent where the coin is somebody else's, who signs for it himself. */
  readonly wallet?: string;
  readonly place?: string;
}

/** What is judged and recorded: from the same value as the review. */
export interface MessageSpend {
  /** SHA-256 in hex of what is asked, see docs/messages.md: the same request again has the same. */
  readonly txid: string;
  readonly network: Network;
  readonly key: Fingerprint;
  /** Of every signature, at least one. */
  readonly paths: readonly Path[];
  readonly wallets: readonly WalletRef[];
  /** "" where a key speaks for itself. */
  readonly address: string;
  readonly form: MessageForm;
  /** SHA-256 of the message in hex. */
  readonly digest: string;
  /** Own coins that it proves to hold: one amount, or none. */
  readonly coins: readonly Amount[];
  /** Nothing is taken, and no amount of any input decides anything: as those who agree to payments are told. */
  readonly takes: readonly Amount[];
  readonly amounts: string;
}

/** One way to write a signature down. */
export interface Written {
  /** "BIP 322 (smp)" */
  readonly label: string;
  readonly signature: string;
}

export interface MessageReply {
  /** Best first; none where others must sign before it is one. */
  readonly written: readonly Written[];
  /** Where it came as a PSBT, or others must sign: with our signatures. */
  readonly psbt?: PsbtMessage;
  readonly message: string;
  readonly address?: string;
  /** How many signatures were made. */
  readonly signed: number;
}

/** A signature that was verified. */
export interface VerifiedMessage {
  readonly outcome: "valid" | "invalid" | "unsure";
  /** Which form of signature it is, in words. */
  readonly form: string;
  /** Empty where it is valid. */
  readonly why: string;
  readonly message: string;
  readonly address: string;
  /** nLockTime, and nSequence of the first input: it holds only from then on. */
  readonly lockTime: number;
  readonly sequence: number;
  /** What it shows that its signer could spend, beside the address. */
  readonly coins: readonly { readonly outpoint: string; readonly amountSats: bigint }[];
}
