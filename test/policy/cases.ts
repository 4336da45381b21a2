// For tests: a spend and a policy that allows it, and generators of both.

import fc from "fast-check";
import type { PastSpend, Policy, Spend } from "../../src/model.ts";

export const BTC = 100_000_000n;
export const HOUR = 60 * 60 * 1000;
export const NOW = Date.UTC(2026, 2, 1, 12);

export const POLICY: Policy = {
  version: 1,
  mostPerTransactionSats: BTC / 2n,
  mostPerDaySats: BTC,
  mostFeeSats: 100_000n,
  mostFeeRate: 200,
  mostFeePercent: 10,
  destinations: "any",
  unprovenFees: "refuse",
};

export function spend(parts: Partial<Spend> = {}): Spend {
  return {
    asset: "btc",
    txid: "aa",
    outpoints: ["11:0"],
    amounts: "00",
    leavesSats: BTC / 10n,
    feeSats: 1_000n,
    feeRate: 5,
    feePercent: 0.01,
    feeProven: true,
    destinations: [{ to: "bc1qfriend", amountSats: BTC / 10n - 1_000n }],
    ...parts,
  };
}

export function past(txid: string, leavesSats: bigint, at: number, outpoints = [`${txid}:0`]): PastSpend {
  return { txid, leavesSats, at, outpoints, amounts: "00" };
}

const amount = fc.bigInt(1n, 20n);
const names = ["a", "b", "c", "d"];

/** A txid commits to its outpoints, so it is made of them; "a" and "b" are two transactions of the same coins. */
const coins = fc
  .record({
    outpoints: fc.uniqueArray(fc.constantFrom("o1", "o2", "o3", "o4", "o5", "o6"), {
      minLength: 1,
      maxLength: 3,
    }),
    which: fc.constantFrom("a", "b"),
  })
  .map(({ outpoints, which }) => ({ outpoints, txid: which + [...outpoints].sort().join("") }));

/** Small numbers, so that limits are met and conflicts happen. */
export const anyPast: fc.Arbitrary<PastSpend> = fc
  .record({ coins, at: fc.integer({ min: NOW - 30 * HOUR, max: NOW + 2 * HOUR }), leavesSats: amount })
  .map(({ coins, ...rest }) => ({ ...coins, amounts: "00", ...rest }));

export const anySpend: fc.Arbitrary<Spend> = fc
  .record({
    asset: fc.constant("btc" as const),
    coins,
    leavesSats: amount,
    feeSats: amount,
    feeRate: fc.integer({ min: 0, max: 20 }),
    feePercent: fc.integer({ min: 0, max: 20 }),
    feeProven: fc.boolean(),
    destinations: fc.array(fc.record({ to: fc.constantFrom(...names), amountSats: amount }), {
      maxLength: 3,
    }),
  })
  .map(({ coins, ...rest }) => ({ ...coins, amounts: "00", ...rest }));

/** Wider than the spends, so that many pass. */
const limit = fc.bigInt(1n, 60n);

export const anyPolicy: fc.Arbitrary<Policy> = fc
  .record({
    version: fc.constant(1 as const),
    mostPerTransactionSats: limit,
    mostPerDaySats: fc.bigInt(1n, 60n),
    mostFeeSats: limit,
    mostFeeRate: fc.integer({ min: 1, max: 60 }),
    mostFeePercent: fc.integer({ min: 1, max: 60 }),
    destinations: fc.oneof(
      fc.constant("any" as const),
      fc.uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 4 }),
    ),
    unprovenFees: fc.constantFrom("refuse" as const, "allow" as const),
  })
  .map((policy) => ({
    ...policy,
    mostPerDaySats: policy.mostPerDaySats + policy.mostPerTransactionSats,
  }));
