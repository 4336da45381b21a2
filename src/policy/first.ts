// The policy that set-up offers, so that none is silent by accident.

import type { Network } from "../model.ts";
import { type Limit, type Policy, type Rule, WINDOWS } from "../rules.ts";

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
  if (network !== "mainnet")
    return plainPolicy(network, {
      ...common,
      perTransactionSats: 100n * BTC,
      perDaySats: 1_000n * BTC,
      feeSats: BTC / 20n,
    });
  if (machineKind === "board") return undefined;
  return plainPolicy(network, { ...common, perTransactionSats: BTC, perDaySats: BTC, feeSats: BTC / 100n });
}

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
