// The owner's rules as values, what they are asked about, and what they answer. No behaviour: that is in src/policy.

import { type Allowance, type Call, type EthereumForm, ODDITIES, type Oddity } from "./act.ts";
import type { Address } from "./eip55.ts";
import type { Fingerprint, Network, Path } from "./model.ts";
import type { Reason } from "./refusal.ts";

// ---------------------------------------------------------------- amounts

/** What amounts can be of, as src/assets.ts names it: "btc", "coin/eth", "1/0xa0b8…" (chain and contract). */
export type Asset = string;

/** units: the smallest there are of it, ≥ 0 (btc: sats). */
export interface Amount {
  readonly asset: Asset;
  readonly units: bigint;
}

// ---------------------------------------------------------------- what is judged

/** A wallet by its name, and by the fingerprint of what it is made of: another one of the same name is another one. */
export interface WalletRef {
  readonly name: string;
  readonly fingerprint: string;
}

/** What a request may have that a policy must speak of, or it is refused. */
export const UNUSUAL = [
  "unproven fee",
  "unknown script",
  "data output",
  "foreign input",
  "mixed wallets",
  "lock time",
] as const;
export type Unusual = (typeof UNUSUAL)[number];

/** What of Ethereum is allowed or not by naming it. Of the other two oddities the rules "blind" and "delegates" speak. */
export type NamedOddity = Exclude<Oddity, "unknown call" | "account delegation">;
export const NAMED_ODDITIES: readonly NamedOddity[] = ODDITIES.filter(
  (one): one is NamedOddity => one !== "unknown call" && one !== "account delegation",
);

export interface Destination {
  /** Address; for a script without one, its hex in small letters. */
  readonly to: string;
  readonly amount: Amount;
  /** Fingerprint of the own wallet, shared with others, that it belongs to. */
  readonly wallet?: string;
  /** Names of the listed descriptors of others that it was derived from. */
  readonly parties?: readonly string[];
}

/** What a policy judges: derived from the same parsed value as the review. */
export interface Spend {
  readonly network: Network;
  /** Fingerprint of the key that answers. */
  readonly key: Fingerprint;
  /** Own wallets that are spent from, at least one. */
  readonly wallets: readonly WalletRef[];
  /** The unsigned transaction's id: the same request again has the same. */
  readonly txid: string;
  readonly outpoints: readonly string[];
  /** SHA-256 in hex of "outpoint units\n" for each input, " foreign" after units that are not ours: tells two claims about the same inputs apart. */
  readonly amounts: string;
  /** What leaves, its fee included where that is paid in it: one amount an asset, each asset once. */
  readonly takes: readonly Amount[];
  readonly fee: Amount;
  /** sat/vB */
  readonly feeRate: number;
  readonly feePercent: number;
  readonly feeProven: boolean;
  /** What leaves goes here. */
  readonly destinations: readonly Destination[];
  /** A lock time that has real effect (BIP 65: below 500,000,000 a height); absent where there is none. */
  readonly lockTime?: number;
  readonly unusual: readonly Unusual[];
  /** Of Ethereum, and then feeRate, feePercent and lockTime say nothing. Outpoints: "1/0x…/5", chain, account and nonce. */
  readonly ethereum?: EthereumSpend;
}

/** What a policy judges of a request on Ethereum beside amounts and destinations. */
export interface EthereumSpend {
  readonly form: EthereumForm;
  /** Absent where a message names none. */
  readonly chainId?: bigint;
  readonly account: Address;
  /** Of the key that signs. */
  readonly path: Path;
  readonly nonce?: bigint;
  readonly oddities: readonly Oddity[];
  readonly calls: readonly Call[];
  readonly allowances: readonly Allowance[];
  readonly delegates: readonly Address[];
  /** Typed data: the contract that it is for, where it names one, and what it is called there (foreign text). */
  readonly domain?: { readonly contract?: Address; readonly name: string; readonly primaryType: string };
  /** EIP 4361: the site that is signed in to. */
  readonly site?: string;
}

/** A recorded spend, as the journal's lines add up to. at: as Now.ms. */
export interface PastSpend {
  readonly txid: string;
  readonly at: number;
  readonly key: Fingerprint;
  /** Fingerprints of wallets. */
  readonly wallets: readonly string[];
  readonly outpoints: readonly string[];
  readonly amounts: string;
  readonly takes: readonly Amount[];
}

/** A nonce of Ethereum, and what was recorded with it. */
export interface PastNonce {
  readonly nonce: bigint;
  readonly txid: string;
}

/** Time, as windows and waits count it (src/reckoning.ts), and what the date is for people. Both Unix, ms. */
export interface Now {
  readonly ms: number;
  readonly dateMs: number;
}

/** What a window sums over. */
export type Scope =
  | { readonly of: "all" }
  | { readonly of: "key"; readonly fingerprint: Fingerprint }
  | ({ readonly of: "wallet" } & WalletRef);

/** What was recorded, as far as rules ask for it. Every method is pure and answers fast, however long the record is. */
export interface Ledger {
  /**
   * The largest sum of this asset that can confirm together, of spends in this scope with at > sinceMs, and of
   * `also` beside them. Spends of the same coin exclude each other; the same txid counts once.
   */
  taken(asset: Asset, scope: Scope, sinceMs: number, also?: Spend): bigint;
  /** How many transactions, counted alike. */
  count(scope: Scope, sinceMs: number, also?: Spend): number;
  /** Since when this destination is known, because a payment to it was signed, or first asked for; undefined: never. */
  known(to: string): { readonly paidAt?: number; readonly askedAt?: number };
  /** When this very transaction was first asked for and told to wait. */
  askedAt(txid: string): number | undefined;
  /** The same transaction was recorded before, with other claims about its inputs. */
  contradicted(txid: string, amounts: string): boolean;
  /**
   * Nonces of recorded spends from this account ("1/0x…", chain and address in small letters; of a Safe
   * "1/0x…/safe"), the highest few, the highest first, of one the latest first. They are remembered
   * for ever.
   */
  nonces(account: string): readonly PastNonce[];
  /** The highest block height that a recorded spend was locked to, of all but this transaction. */
  height(except?: string): number | undefined;
  /** Lines were lost: what was spent before this time can no longer be counted. */
  readonly uncountedBefore?: number;
  /** Every spend in this scope (all where none is given) that was recorded after this time, oldest first. */
  since(sinceMs: number, scope?: Scope): readonly PastSpend[];
}

// ---------------------------------------------------------------- a policy

/** Rolling: an hour, 24 hours, 7 days, 30 days. */
export const WINDOWS = { hour: 3_600_000, day: 86_400_000, week: 604_800_000, month: 2_592_000_000 } as const;
export type Window = keyof typeof WINDOWS;

/** So many of these persons, each with a proof of their own. CODE stands for the transaction's own code, typed. */
export interface Ask {
  readonly need: number;
  readonly of: readonly string[];
}
/** No person may be called so. */
export const CODE = "the code";

/** What holds where the limit does not. wait: from when it was first asked for. */
export type Otherwise =
  | { readonly do: "refuse" }
  | { readonly do: "wait"; readonly ms: number }
  | { readonly do: "ask"; readonly ask: Ask };

export type Limit =
  | { readonly kind: "amount"; readonly per: "transaction" | Window; readonly most: Amount }
  | { readonly kind: "count"; readonly per: Window; readonly most: number }
  /** to: names of lists; "any". above: holds only for transactions that take more. */
  | { readonly kind: "destinations"; readonly to: "any" | readonly string[]; readonly above?: Amount }
  /** A first payment to a destination that was never paid and is on no list. */
  | { readonly kind: "new-destination"; readonly most: Amount }
  | { readonly kind: "fee"; readonly most: Amount }
  | { readonly kind: "fee-rate"; readonly most: number }
  | { readonly kind: "fee-percent"; readonly most: number }
  /** Every transaction is locked, with effect, to a height so many blocks above the one before. */
  | { readonly kind: "height-step"; readonly blocks: number }
  /** Minutes of the day, until exclusive; days: 0 Sunday to 6. offsetMinutes: of that place from UTC. */
  | {
      readonly kind: "hours";
      readonly from: number;
      readonly until: number;
      readonly days: readonly number[];
      readonly offsetMinutes: number;
    }
  /** Only these wallets sign. */
  | { readonly kind: "wallets"; readonly only: readonly WalletRef[] }
  /** Requests that are unusual in this way. allowed: as if it were nothing; else the rule's otherwise. */
  | { readonly kind: "unusual"; readonly what: Unusual | NamedOddity; readonly allowed: boolean }
  /** Messages are signed only by keys under these paths: "m/84h/0h/0h". */
  | { readonly kind: "messages"; readonly under: readonly string[] }
  // Of Ethereum; `to` as of destinations.
  /** any: every chain that is on the shipped list. */
  | { readonly kind: "chains"; readonly only: "any" | readonly bigint[] }
  /** Contracts that are called with data, by whatever is inside of it as well. */
  | { readonly kind: "calls"; readonly to: "any" | readonly string[] }
  /** Calls that Firn cannot read: to these contracts alone. */
  | { readonly kind: "blind"; readonly to: readonly string[] }
  /** Who is allowed to spend from now on. */
  | { readonly kind: "spenders"; readonly to: "any" | readonly string[] }
  /** Each allowance by itself. */
  | { readonly kind: "allowance"; readonly most: Amount }
  /** Typed data: the contracts that it is for. */
  | { readonly kind: "typed"; readonly to: "any" | readonly string[] }
  /** EIP 7702: to which contracts the account is handed over. */
  | { readonly kind: "delegates"; readonly to: readonly string[] }
  /** EIP 4361: which sites are signed in to. */
  | { readonly kind: "sites"; readonly only: "any" | readonly string[] };

export interface Rule {
  readonly scope: Scope;
  readonly limit: Limit;
  readonly otherwise: Otherwise;
}

export type Entry =
  /** An address, or a script in hex. Of Ethereum: on every chain. */
  | { readonly kind: "address"; readonly to: string }
  | ({ readonly kind: "wallet" } & WalletRef)
  /** On this chain; selectors: calls by these alone ("0xa9059cbb"), and then nothing but calls. */
  | {
      readonly kind: "contract";
      readonly chainId: bigint;
      readonly address: Address;
      readonly selectors?: readonly string[];
    }
  /** Wherever this descriptor of somebody else leads. */
  | { readonly kind: "party"; readonly name: string; readonly descriptor: string };

export interface List {
  readonly name: string;
  readonly entries: readonly Entry[];
}

/** Rules only ever add restrictions: the strictest of those whose scope matches holds. */
export interface Policy {
  /** Only ever grows on one device. */
  readonly number: number;
  readonly network: Network;
  /** How long a policy that allows more than this one waits before it holds. */
  readonly loosenMs: number;
  /** Whether a refusal says which rule it broke. The journal always has it. */
  readonly reasons: "shown" | "hidden";
  /** So many refused requests within this time freeze the device. */
  readonly freeze?: { readonly refusals: number; readonly withinMs: number };
  readonly lists: readonly List[];
  readonly rules: readonly Rule[];
}

// ---------------------------------------------------------------- what it answers

/** From the mildest to the strictest. */
export const OUTCOMES = ["allow", "ask", "wait", "refuse"] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface RuleResult {
  /** Which rule, as the policy writes it; a name in small letters where it is none of the policy's lines. */
  readonly rule: string;
  readonly outcome: Outcome;
  /** Present where the outcome is not allow. */
  readonly reason?: Reason;
  /** What the rule found, with the head-room left: "0.21000000 of 0.5 BTC left per day after this". */
  readonly sentence: string;
  /** Present where the outcome is ask. */
  readonly ask?: Ask;
  /** Present where the outcome is wait: Now.ms from which on it passes. */
  readonly untilMs?: number;
}

/** What the policy says of one spend; `txid` binds it to the request that it judged. */
export interface Verdict {
  readonly txid: string;
  /** The strictest of all. */
  readonly outcome: Outcome;
  readonly rules: readonly RuleResult[];
}
