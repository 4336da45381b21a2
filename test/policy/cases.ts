// For tests: spends and records of them, and generators of both that meet the small limits of policies.ts.

import fc from "fast-check";
import { type Draft, destinationMark, type Entry } from "../../src/journal/index.ts";
import { SpendLedger } from "../../src/journal/ledger.ts";
import { judge, reasonsOf } from "../../src/policy/index.ts";
import {
  type Destination,
  type Ledger,
  type Now,
  type PastSpend,
  type Policy,
  type RuleResult,
  type Spend,
  UNUSUAL,
} from "../../src/rules.ts";
import { anyEthereumSpend } from "./on-ethereum.ts";
import { KEYS, PARTIES, PLACES, policyOf, RULES, sat, WALLETS } from "./policies.ts";

export const BTC = 100_000_000n;
export const HOUR = 60 * 60 * 1000;
export const DAY = 24 * HOUR;
/** A Sunday. */
export const NOON = Date.UTC(2026, 2, 1, 12);
export const NOW: Now = { ms: NOON, dateMs: NOON };
export const at = (ms: number): Now => ({ ms, dateMs: ms });

/** Allows the spend below. */
export const POLICY: Policy = policyOf(RULES);

export function spend(parts: Partial<Spend> = {}): Spend {
  return {
    ...{ network: "mainnet", key: KEYS[0]!, wallets: [WALLETS[0]!] },
    ...{ txid: "aa", outpoints: ["11:0"], amounts: "00" },
    ...{ takes: [sat(BTC / 10n)], fee: sat(1_000n), feeRate: 5, feePercent: 0.01, feeProven: true },
    ...{ destinations: [{ to: "bc1qfriend", amount: sat(BTC / 10n - 1_000n) }], unusual: [] },
    ...parts,
  };
}

export function past(
  txid: string,
  units: bigint,
  atMs: number,
  outpoints: readonly string[] = [`${txid}:0`],
): PastSpend {
  const by = { key: KEYS[0]!, wallets: [WALLETS[0]!.fingerprint] };
  return { ...by, txid, at: atMs, outpoints, amounts: "00", takes: [sat(units)] };
}

/** The line that records it. */
export function spentEntry(
  { txid, at: ms, key, wallets, outpoints, amounts, takes }: PastSpend,
  more: { readonly to?: readonly string[]; readonly lockTime?: number } = {},
): Entry {
  const { to = [], lockTime = 0 } = more;
  return {
    ...{ kind: "spent", at: ms, txid, key, wallets, outpoints, amounts, lockTime },
    takes: takes.map(({ asset, units }) => `${asset} ${units}`),
    destinations: to.map(destinationMark),
    ...{ fee: "btc 1", policy: "00000000", verdict: ["allow"] },
  };
}

/** As it is recorded when it is signed. */
export function recorded(one: Spend, ms: number): Entry {
  const { txid, key, outpoints, amounts, takes, lockTime = 0 } = one;
  const wallets = one.wallets.map(({ fingerprint }) => fingerprint);
  const to = one.destinations.map((destination) => destination.to);
  return spentEntry({ txid, at: ms, key, wallets, outpoints, amounts, takes }, { to, lockTime });
}

export function line(draft: Draft, ms: number): Entry {
  return { ...draft, at: ms };
}

export function ledgerOf(...entries: readonly (PastSpend | Entry)[]): SpendLedger {
  const ledger = new SpendLedger();
  for (const entry of entries) ledger.add("kind" in entry ? entry : spentEntry(entry));
  return ledger;
}

export function reasons(policy: Policy | undefined, one: Spend, ledger: Ledger = ledgerOf(), now = NOW) {
  return reasonsOf(judge(policy, one, ledger, now));
}

/** What the rule that begins so answers. */
export function result(
  rule: string,
  policy: Policy,
  one: Spend,
  ledger: Ledger = ledgerOf(),
  now = NOW,
): RuleResult {
  const found = judge(policy, one, ledger, now).rules.find((answer) => answer.rule.startsWith(rule));
  if (found === undefined) throw new Error(`no rule "${rule}" answered`);
  return found;
}

// ---------------------------------------------------------------- any of them

const amount = fc.bigInt(1n, 20n);

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
  .record({
    coins,
    at: fc.integer({ min: NOON - 30 * HOUR, max: NOON + 2 * HOUR }),
    takes: amount.map((units) => [sat(units)]),
    key: fc.constantFrom(...KEYS),
    wallets: fc.subarray(
      WALLETS.map(({ fingerprint }) => fingerprint),
      { minLength: 1, maxLength: 2 },
    ),
  })
  .map(({ coins: which, ...rest }) => ({ ...which, amounts: "00", ...rest }));

export const anyHistory = (maxLength: number): fc.Arbitrary<PastSpend[]> =>
  fc.array(anyPast, { maxLength }).map((all) => all.sort((a, b) => a.at - b.at));

const anyDestination: fc.Arbitrary<Destination> = fc
  .record({
    to: fc.constantFrom(...PLACES),
    amount: amount.map(sat),
    wallet: fc.option(fc.constantFrom(...WALLETS), { nil: undefined, freq: 5 }),
    party: fc.option(fc.constantFrom(...PARTIES), { nil: undefined, freq: 5 }),
  })
  .map(({ to, amount: goes, wallet, party }) => ({
    ...{ to, amount: goes },
    ...(wallet ? { wallet: wallet.fingerprint } : {}),
    ...(party ? { parties: [party.name] } : {}),
  }));

export const anySpend: fc.Arbitrary<Spend> = fc
  .record({
    network: fc.constant("mainnet" as const),
    key: fc.constantFrom(...KEYS),
    wallets: fc.subarray([...WALLETS], { minLength: 1, maxLength: 2 }),
    coins,
    takes: amount.map((units) => [sat(units)]),
    fee: amount.map(sat),
    feeRate: fc.integer({ min: 0, max: 20 }),
    feePercent: fc.integer({ min: 0, max: 20 }),
    feeProven: fc.boolean(),
    destinations: fc.array(anyDestination, { maxLength: 3 }),
    lockTime: fc.option(fc.integer({ min: 1, max: 40 }), { nil: undefined }),
    unusual: fc.subarray([...UNUSUAL], { maxLength: 1 }),
  })
  .map(({ coins: which, lockTime, ...rest }) => ({
    ...which,
    amounts: "00",
    ...rest,
    ...(lockTime === undefined ? {} : { lockTime }),
  }));

/** A spend, what was recorded before it, and when it is asked for. */
export interface Question {
  readonly spend: Spend;
  readonly ledger: Ledger;
  readonly ms: number;
}

/** Of both kinds of money. */
export const anyRequest: fc.Arbitrary<Spend> = fc.oneof(anySpend, anyEthereumSpend);
/** What was recorded before, of both. */
export const anyPastOfBoth: fc.Arbitrary<PastSpend[]> = fc
  .tuple(
    anyHistory(4),
    fc.array(fc.tuple(anyEthereumSpend, fc.integer({ min: 0, max: 30 })), { maxLength: 4 }),
  )
  .map(([bitcoin, ethereum]) => {
    const others = ethereum.map(([{ txid, key, wallets, outpoints, amounts, takes }, hours]) => ({
      ...{ txid, key, outpoints, amounts, takes, at: NOON - hours * HOUR },
      wallets: wallets.map(({ fingerprint }) => fingerprint),
    }));
    return [...bitcoin, ...others].sort((a, b) => a.at - b.at);
  });

export const anyQuestion: fc.Arbitrary<Question> = fc
  .record({
    spend: anyRequest,
    history: anyPastOfBoth,
    locks: fc.array(fc.nat(30), { minLength: 8, maxLength: 8 }),
    asked: fc.option(fc.integer({ min: 1, max: 90 }), { nil: undefined }),
    ms: fc.integer({ min: NOON - 100 * HOUR, max: NOON + 100 * HOUR }),
  })
  .map(({ spend, history, locks, asked, ms }) => {
    const marks = spend.destinations.map(({ to }) => destinationMark(to));
    const told = { kind: "asked", txid: spend.txid, destinations: marks, reasons: [] } as const;
    const lines = [
      ...history.map((past, i) => spentEntry(past, { lockTime: locks[i]! })),
      ...(asked === undefined ? [] : [line(told, ms - asked * HOUR)]),
    ];
    return { spend, ledger: ledgerOf(...lines.sort((a, b) => a.at - b.at)), ms };
  });
