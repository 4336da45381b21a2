// The policy that set-up offers, so that none is silent by accident.

import type { Network, Policy } from "../model.ts";

const BTC = 100_000_000n;

/** Fee limits that stop a slip of the hand and let every ordinary payment pass; docs/policy.md says why. */
const COMMON = {
  version: 1,
  mostFeeRate: 1_000,
  mostFeePercent: 25,
  destinations: "any",
  unprovenFees: "refuse",
} as const;

/** Undefined on a board that holds mainnet keys: there the owner types every limit. */
export function firstPolicy(network: Network, machineKind: "simulator" | "board"): Policy | undefined {
  if (network !== "mainnet")
    return {
      ...COMMON,
      mostPerTransactionSats: 100n * BTC,
      mostPerDaySats: 1_000n * BTC,
      mostFeeSats: BTC / 20n,
    };
  if (machineKind === "board") return undefined;
  return { ...COMMON, mostPerTransactionSats: BTC, mostPerDaySats: BTC, mostFeeSats: BTC / 100n };
}
