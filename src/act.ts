// What is asked for on Ethereum, understood: acts, each with its facts, and the review that shows them. Values only.

import type { Address } from "./eip55.ts";
import type { Path, Tone } from "./model.ts";
import type { Amount, Destination } from "./rules.ts";

/** What a policy must speak of where a request has it, or it is refused: docs/policy.md says each in a sentence. */
export const ODDITIES = [
  /** Firn cannot tell what a call does. */
  "unknown call",
  /** Firn knows every field of typed data, and not what they do. */
  "unknown typed data",
  "contract creation",
  "unlimited approval",
  /** setApprovalForAll: every token of a collection, for ever. */
  "approval of all",
  /** A permit that holds for longer than LIMITS.farDeadlineSeconds, or for ever. */
  "far deadline",
  /** A token that is on no shipped list: its decimals are not known. */
  "unlisted token",
  /** Code of another contract runs as the account itself. */
  "delegate call",
  /** Owners, threshold, modules, guard or handler of a Safe. */
  "safe change",
  /** Whoever controls a contract, or what code it runs, changes. */
  "control change",
  /** EIP 7702: the account is handed over. */
  "account delegation",
  /** A message that people cannot read. */
  "unreadable message",
] as const;
export type Oddity = (typeof ODDITIES)[number];

/** One value as it is shown. Numbers are exact; foreign text passes through `shown` at the screen. */
export type Value =
  | { readonly kind: "amount"; readonly amount: Amount }
  /** name: what the shipped lists call it ("Uniswap V3 Router"), or "your account 0"; never what a request says. */
  | { readonly kind: "address"; readonly address: Address; readonly name?: string }
  /** Foreign. */
  | { readonly kind: "text"; readonly text: string }
  /** Firn's own. */
  | { readonly kind: "words"; readonly text: string }
  | { readonly kind: "number"; readonly value: bigint }
  /** Unix, seconds. Beyond what dates can say: for ever. */
  | { readonly kind: "time"; readonly seconds: bigint }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array };

export interface ActFact {
  /** In Firn's words. Of typed data and of calls by a descriptor: foreign, and then `foreign` is said. */
  readonly label: string;
  readonly foreign?: true;
  readonly value: Value;
  readonly tone?: Tone;
  /** How deep it stands in what is nested; 0 where nothing is said. */
  readonly depth?: number;
}

/** Something that happens when the request is carried out, or may happen by what it allows. */
export interface Act {
  /** In Firn's words: "Send", "Approve a spender", "A call that Firn cannot read". */
  readonly title: string;
  readonly tone: Tone;
  readonly facts: readonly ActFact[];
  /** Sentences in Firn's words, shown before the facts: what it means, above all where it is dangerous. */
  readonly says: readonly string[];
  readonly oddities: readonly Oddity[];
  /** What of ours can leave by it at the most, allowances in full. One amount an asset. */
  readonly takes: readonly Amount[];
  /** Who can come to have it: recipients, spenders, operators. */
  readonly destinations: readonly Destination[];
  /** Who may spend what from now on. */
  readonly allowances: readonly Allowance[];
  /** Which contract is called, and how; none for a plain transfer of the coin, or a signed permit. */
  readonly calls: readonly Call[];
  /** EIP 7702: to whom the account is handed over. */
  readonly delegates: readonly Address[];
  /** 0 for what the request itself does; 1 for what is inside it, and so on. */
  readonly depth: number;
}

export interface Allowance {
  readonly spender: Address;
  /** From UNLIMITED on there is no limit. */
  readonly amount: Amount;
  /** Unix, seconds; absent: until it is used up or taken back. */
  readonly untilSeconds?: bigint;
}

export interface Call {
  readonly chainId: bigint;
  readonly contract: Address;
  /** "0xa9059cbb"; "0x" where no data is sent. */
  readonly selector: string;
  /** Firn can tell what it does. */
  readonly known: boolean;
  readonly delegate?: true;
}

/** sign-in: EIP 4361. typed: EIP 712. */
export type EthereumForm = "transaction" | "message" | "sign-in" | "typed";

export interface EthereumReview {
  readonly form: EthereumForm;
  /** keccak-256 that is signed, hex: what another program can compare. */
  readonly digest: string;
  readonly account: {
    readonly address: Address;
    /** "account 0" */
    readonly name: string;
    readonly path: Path;
  };
  /** Absent where a message names none. */
  readonly chain?: {
    readonly id: bigint;
    readonly name: string;
    readonly listed: boolean;
    readonly test: boolean;
  };
  /** Foreign: what the request says of the program that made it. Proves nothing. */
  readonly origin?: string;
  /** In order. A message has none. */
  readonly acts: readonly Act[];
  /** Of a transaction: type, nonce, gas, fees, access list, blobs. Of a sign-in: its fields. */
  readonly facts: readonly ActFact[];
  /** Typed data: the domain first, then every field. */
  readonly fields: readonly ActFact[];
  /** A message that is text. */
  readonly message?: string;
  /** Sentences in Firn's words that stand before everything else. */
  readonly says: readonly string[];
  readonly tone: Tone;
  /** The most that it can cost, of transactions. */
  readonly fee?: Amount;
  readonly nonce?: bigint;
}

/** r || s || v as data type and chain ask for it (EIP 4527), and the request's own id, echoed. */
export interface EthereumReply {
  readonly requestId?: Uint8Array;
  readonly signature: Uint8Array;
  readonly origin?: string;
  /** 1 */
  readonly signed: number;
}
