// The policy that set-up offers, so that none is silent by accident.

import { ANY_COIN, ANY_TOKEN } from "../assets.ts";
import type { Network } from "../model.ts";
import { type Limit, NAMED_ODDITIES, type Policy, type Rule, WINDOWS } from "../rules.ts";

import { isOfEthereum } from "./matters.ts";
import { isUnder } from "./paths.ts";

const BTC = 100_000_000n;

/** The limits of a plain policy; docs/policy.md says why fee limits are as wide as they are. */
export interface PlainLimits {
  readonly perTransactionSats: bigint;
  readonly perDaySats: bigint;
  readonly feeSats: bigint;
  readonly feeRate: number;
  readonly feePercent: number;
  readonly unprovenFees: boolean;
}

/** Undefined on a board that holds mainnet keys: there the owner types every limit. */
export function firstPolicy(network: Network, machineKind: "simulator" | "board"): Policy | undefined {
  const common = { feeRate: 1_000, feePercent: 25, unprovenFees: false };
  if (machineKind === "board" && network === "mainnet") return undefined;
  const limits =
    network === "mainnet"
      ? { perTransactionSats: BTC, perDaySats: BTC, feeSats: BTC / 100n }
      : { perTransactionSats: 100n * BTC, perDaySats: 1_000n * BTC, feeSats: BTC / 20n };
  const plain = plainPolicy(network, { ...common, ...limits });
  // Keys of Ethereum are the same on all its chains: on a board its owner says what they may, on every network.
  return machineKind === "board" ? plain : withEthereum(plain, ETHEREUM_AT_FIRST, "allowed");
}

/** What a plain policy says of Ethereum: of coins and tokens each by itself, in smallest units of 18 decimals. */
export interface EthereumLimits {
  readonly coinPerTransaction: bigint;
  readonly coinPerDay: bigint;
  readonly tokenPerTransaction: bigint;
  readonly tokenPerDay: bigint;
  readonly fee: bigint;
}

/** Whether typed data is signed whose every field is shown, and which nobody here knows the meaning of. */
export type UnknownTyped = "allowed" | "refused";

const ONE = 10n ** 18n;
const ETHEREUM_AT_FIRST: EthereumLimits = {
  coinPerTransaction: ONE,
  coinPerDay: 10n * ONE,
  tokenPerTransaction: 10_000n * ONE,
  tokenPerDay: 100_000n * ONE,
  fee: ONE / 10n,
};

/** The same policy, which speaks of Ethereum as well: what Firn can read, within amounts, and nothing of control. */
export function withEthereum(policy: Policy, limits: EthereumLimits, unknownTyped: UnknownTyped): Policy {
  const rule = (limit: Limit): Rule => ({ scope: { of: "all" }, limit, otherwise: { do: "refuse" } });
  const coin = (units: bigint) => ({ asset: ANY_COIN, units });
  const token = (units: bigint) => ({ asset: ANY_TOKEN, units });
  const isAllowed = unknownTyped === "allowed";
  const added: readonly Limit[] = [
    { kind: "amount", per: "transaction", most: coin(limits.coinPerTransaction) },
    { kind: "amount", per: "day", most: coin(limits.coinPerDay) },
    { kind: "amount", per: "transaction", most: token(limits.tokenPerTransaction) },
    { kind: "amount", per: "day", most: token(limits.tokenPerDay) },
    { kind: "fee", most: coin(limits.fee) },
    { kind: "chains", only: "any" },
    { kind: "calls", to: "any" },
    { kind: "spenders", to: "any" },
    { kind: "typed", to: "any" },
    { kind: "sites", only: "any" },
    ...NAMED_ODDITIES.map(
      (what) => ({ kind: "unusual", what, allowed: what === "unknown typed data" && isAllowed }) as const,
    ),
  ];
  const before = policy.rules.filter(({ scope, limit }) => scope.of === "all" && !isOfEthereum(limit));
  const others = policy.rules.filter(({ scope }) => scope.of !== "all");
  const messages = before.some(({ limit }) => limit.kind === "messages");
  const accounts = messages ? [] : [rule({ kind: "messages", under: [ACCOUNTS] })];
  return {
    ...policy,
    rules: [...before.map(withAccounts), ...accounts, ...added.map(rule), ...others],
  };
}

/** Accounts of Ethereum (BIP 44, coin 60) sign messages as accounts of wallets do. */
function withAccounts(rule: Rule): Rule {
  const { limit } = rule;
  if (limit.kind !== "messages" || limit.under.some((path) => isUnder(ACCOUNTS, path))) return rule;
  const others = limit.under.filter((path) => !isUnder(path, ACCOUNTS));
  return { ...rule, limit: { ...limit, under: [...others, ACCOUNTS] } };
}

const ACCOUNTS = "m/44h/60h";

export function plainPolicy(network: Network, limits: PlainLimits): Policy {
  const rule = (limit: Limit): Rule => ({ scope: { of: "all" }, limit, otherwise: { do: "refuse" } });
  const btc = (units: bigint) => ({ asset: "btc", units }) as const;
  return {
    number: 1,
    network,
    loosenMs: WINDOWS.day,
    reasons: "shown",
    lists: [],
    rules: [
      rule({ kind: "amount", per: "transaction", most: btc(limits.perTransactionSats) }),
      rule({ kind: "amount", per: "day", most: btc(limits.perDaySats) }),
      rule({ kind: "destinations", to: "any" }),
      rule({ kind: "fee", most: btc(limits.feeSats) }),
      rule({ kind: "fee-rate", most: limits.feeRate }),
      rule({ kind: "fee-percent", most: limits.feePercent }),
      rule({ kind: "unusual", what: "unproven fee", allowed: limits.unprovenFees }),
      rule({ kind: "unusual", what: "unknown script", allowed: true }),
      rule({ kind: "unusual", what: "data output", allowed: true }),
      rule({ kind: "unusual", what: "foreign input", allowed: false }),
      rule({ kind: "unusual", what: "mixed wallets", allowed: false }),
      rule({ kind: "unusual", what: "lock time", allowed: true }),
      rule(messagesOf(network)),
    ],
  };
}

/** Under the accounts of wallets (BIP 44, 45, 48, 49, 84, 86, 87) keys sign messages: those move no money. */
export function messagesOf(network: Network): Limit {
  const coin = network === "mainnet" ? 0 : 1;
  const under = [44, 45, 48, 49, 84, 86, 87].map((purpose) =>
    purpose === 45 ? "m/45h" : `m/${purpose}h/${coin}h`,
  );
  return { kind: "messages", under };
}
