// For tests: policies of every kind of rule, small enough that their limits are met.

import fc from "fast-check";
import { ANY_COIN } from "../../src/assets.ts";
import { addressOf } from "../../src/bitcoin/address.ts";
import { checkPolicy, writeEntry } from "../../src/policy/index.ts";
import { Refusal } from "../../src/refusal.ts";
import {
  type Amount,
  type Ask,
  CODE,
  type Entry,
  type Limit,
  type List,
  NAMED_ODDITIES,
  type Otherwise,
  type Policy,
  type Rule,
  type Scope,
  UNUSUAL,
  type WalletRef,
  WINDOWS,
  type Window,
} from "../../src/rules.ts";

import { ACCOUNTS, anyAccountEntry, anyContract, anyLimitAmount, ethereumLimitsOf } from "./on-ethereum.ts";

const MINUTE = 60_000;
const DAY = 86_400_000;

export const sat = (units: bigint | number): Amount => ({ asset: "btc", units: BigInt(units) });

// ---------------------------------------------------------------- who and where

export const WALLETS: readonly WalletRef[] = [
  { name: "Savings", fingerprint: "8d1c2f3a" },
  { name: "2 of 3, cold", fingerprint: "00aa11bb" },
  { name: "Spending", fingerprint: "deadbeef" },
];
export const KEYS: readonly string[] = ["1a2b3c4d", "5e6f7081"];
export const PEOPLE: readonly string[] = ["anna", "ben", "carla of legal", CODE];
/** Mainnet addresses, and a script that has none. */
export const PLACES: readonly string[] = [
  ...[1, 2, 3].map((byte) => addressOf(Uint8Array.of(0, 20, ...Array(20).fill(byte)), "mainnet")!),
  addressOf(Uint8Array.of(0xa9, 20, ...Array(20).fill(4), 0x87), "mainnet")!,
  `6a04${"0a".repeat(4)}`,
];
/** Names of parties, each with a descriptor. */
export const PARTIES: readonly { readonly name: string; readonly descriptor: string }[] = [
  { name: "acme", descriptor: `wpkh([11223344/84h/0h/0h]xpub${"A".repeat(107)}/<0;1>/*)#qqqqqqqq` },
  { name: "bank-2", descriptor: `tr(xpub${"B".repeat(107)}/0/*)#pppppppp` },
];
const LISTS = ["staff", "vendors", "own"] as const;

// ---------------------------------------------------------------- a plain policy, to be changed

export const refuses: Otherwise = { do: "refuse" };
export const everything: Scope = { of: "all" };

export function rule(limit: Limit, otherwise: Otherwise = refuses, scope: Scope = everything): Rule {
  return { scope, limit, otherwise };
}

/** Speaks of everything, and allows what is small and ordinary. */
export const RULES: readonly Rule[] = [
  rule({ kind: "amount", per: "transaction", most: sat(50_000_000n) }),
  rule({ kind: "amount", per: "day", most: sat(100_000_000n) }),
  rule({ kind: "destinations", to: "any" }),
  rule({ kind: "fee", most: sat(100_000n) }),
  rule({ kind: "fee-rate", most: 200 }),
  rule({ kind: "fee-percent", most: 10 }),
  rule({ kind: "unusual", what: "unproven fee", allowed: false }),
  ...UNUSUAL.slice(1).map((what) => rule({ kind: "unusual", what, allowed: true })),
];

export function policyOf(rules: readonly Rule[], parts: Partial<Policy> = {}): Policy {
  const head = { number: 1, network: "mainnet", loosenMs: DAY, reasons: "shown", lists: [] } as const;
  return { ...head, rules, ...parts };
}

// ---------------------------------------------------------------- any policy

const some = <T>(all: readonly T[], most = all.length): fc.Arbitrary<T[]> =>
  fc.subarray([...all], { minLength: 1, maxLength: most });
const per: fc.Arbitrary<Window> = fc.constantFrom(...(Object.keys(WINDOWS) as Window[]));
/** Sats, as the spends of these tests take: 1 to 20. */
const small = fc.integer({ min: 1, max: 40 }).map(sat);

export const anyAsk: fc.Arbitrary<Ask> = some(PEOPLE).chain((of) =>
  fc.integer({ min: 1, max: of.length }).map((need) => ({ need, of })),
);

export const anyOtherwise: fc.Arbitrary<Otherwise> = fc.oneof(
  fc.constant(refuses),
  fc.integer({ min: 1, max: 5000 }).map((minutes) => ({ do: "wait" as const, ms: minutes * MINUTE })),
  anyAsk.map((ask) => ({ do: "ask" as const, ask })),
);

export const anyScope: fc.Arbitrary<Scope> = fc.oneof(
  { weight: 4, arbitrary: fc.constant(everything) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...KEYS).map((fingerprint) => ({ of: "key" as const, fingerprint })),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(...WALLETS, ACCOUNTS[0]!).map((ref) => ({ of: "wallet" as const, ...ref })),
  },
);

const WEEK = [1, 2, 3, 4, 5, 6, 0];
const hours: fc.Arbitrary<Limit> = fc
  .record({
    from: fc.integer({ min: 0, max: 1439 }),
    lasts: fc.integer({ min: 1, max: 1440 }),
    days: some(WEEK),
    offsetMinutes: fc.constantFrom(0, 60, -210, 345, 840),
  })
  .map(({ from, lasts, days, offsetMinutes }) => ({
    kind: "hours",
    from,
    until: Math.min(1440, from + lasts),
    days,
    offsetMinutes,
  }));

/** By kind; amounts in sats from 1 to 40: what the small spends of these tests meet. */
export function anyLimitOf(lists: readonly string[]): { readonly [K in Limit["kind"]]: fc.Arbitrary<Limit> } {
  const to =
    lists.length === 0 ? fc.constant("any" as const) : fc.oneof(fc.constant("any" as const), some(lists));
  const most = fc.oneof({ weight: 3, arbitrary: small }, { weight: 2, arbitrary: anyLimitAmount });
  const coins = most.filter(
    ({ asset }) => asset === "btc" || asset.startsWith("coin/") || asset === ANY_COIN,
  );
  const decimal = (kind: "fee-rate" | "fee-percent") =>
    fc.integer({ min: 1, max: 30_000 }).map((most) => ({ kind, most: most / 1000 }));
  return {
    amount: fc
      .tuple(fc.oneof(per, fc.constant("transaction" as const)), most)
      .map(([per, most]) => ({ kind: "amount", per, most })),
    count: fc.tuple(per, fc.integer({ min: 1, max: 6 })).map(([per, most]) => ({ kind: "count", per, most })),
    destinations: fc.tuple(to, fc.option(most, { nil: undefined })).map(([where, above]) => ({
      kind: "destinations",
      to: where,
      ...(above && where !== "any" ? { above } : {}),
    })),
    "new-destination": most.map((one) => ({ kind: "new-destination", most: one })),
    fee: coins.map((one) => ({ kind: "fee", most: one })),
    "fee-rate": decimal("fee-rate"),
    "fee-percent": decimal("fee-percent"),
    "height-step": fc.integer({ min: 1, max: 30 }).map((blocks) => ({ kind: "height-step", blocks })),
    hours,
    wallets: some([...WALLETS, ...ACCOUNTS]).map((only) => ({ kind: "wallets", only })),
    unusual: fc
      .tuple(fc.oneof(fc.constantFrom(...UNUSUAL), fc.constantFrom(...NAMED_ODDITIES)), fc.boolean())
      .map(([what, allowed]) => ({ kind: "unusual", what, allowed })),
    messages: some(["m/84h/0h/0h", "m/86h", "m/48h/0h/0h/2h/0", "m/44h/60h"]).map((under) => ({
      kind: "messages",
      under,
    })),
    ...ethereumLimitsOf(lists),
  };
}

export function anyLimit(lists: readonly string[]): fc.Arbitrary<Limit> {
  return fc.oneof(...Object.values(anyLimitOf(lists)));
}

export function anyRule(lists: readonly string[]): fc.Arbitrary<Rule> {
  return fc.record({ scope: anyScope, limit: anyLimit(lists), otherwise: anyOtherwise }).map(tidy);
}

/** What never says no has no otherwise of its own. */
function tidy(one: Rule): Rule {
  const { limit } = one;
  const isAny = ("to" in limit && limit.to === "any") || (limit.kind === "sites" && limit.only === "any");
  return isAny || (limit.kind === "unusual" && limit.allowed) ? { ...one, otherwise: refuses } : one;
}

export const anyEntry: fc.Arbitrary<Entry> = fc.oneof(
  fc.constantFrom(...PLACES).map((to) => ({ kind: "address" as const, to })),
  fc.constantFrom(...WALLETS).map((ref) => ({ kind: "wallet" as const, ...ref })),
  fc.constantFrom(...PARTIES).map((party) => ({ kind: "party" as const, ...party })),
  { weight: 2, arbitrary: anyContract },
  anyAccountEntry,
);

export const anyLists: fc.Arbitrary<List[]> = fc
  .subarray([...LISTS])
  .chain((names) =>
    fc.tuple(
      ...names.map((name) =>
        fc
          .uniqueArray(anyEntry, { minLength: 1, maxLength: 5, selector: writeEntry })
          .map((entries) => ({ name, entries })),
      ),
    ),
  );

/** Rules as they fall: they may contradict each other, and be many alike. For what must hold whatever a policy says. */
export const anyRoughPolicy: fc.Arbitrary<Policy> = anyLists.chain((lists) =>
  fc
    .record({
      number: fc.integer({ min: 1, max: 999_999_999 }),
      loosenMs: fc.integer({ min: 0, max: 20_000 }).map((minutes) => minutes * MINUTE),
      reasons: fc.constantFrom("shown" as const, "hidden" as const),
      freeze: fc.option(
        fc.record({
          refusals: fc.integer({ min: 1, max: 20 }),
          withinMs: fc.constantFrom(MINUTE, 90 * MINUTE, DAY),
        }),
        { nil: undefined },
      ),
      rules: fc.array(anyRule(lists.map(({ name }) => name)), { maxLength: 14 }),
    })
    .map(({ freeze, ...rest }) => policyOf(rest.rules, { ...rest, lists, ...(freeze ? { freeze } : {}) })),
);

/** Policies that are taken: of rough ones the rules that fit together, and the lists that these need. */
export const anyPolicy: fc.Arbitrary<Policy> = anyRoughPolicy.map((rough) => {
  let policy = withRules(rough, []);
  for (const next of rough.rules) {
    const more = withRules(rough, [...policy.rules, next]);
    if (isTaken(more)) policy = more;
  }
  // Records of fast-check have no prototype, which nothing that is read has.
  return structuredClone(policy);
});

export function isTaken(policy: Policy): boolean {
  try {
    checkPolicy(policy);
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}

/** Rules of one scope stand together, and no list is for nothing. */
function withRules(policy: Policy, rules: readonly Rule[]): Policy {
  const names = rules.flatMap(({ limit }) => ("to" in limit ? limit.to : []));
  const isUsed = ({ name }: List) =>
    names.includes(name) || rules.some(({ limit }) => limit.kind === "new-destination");
  const scopes = [...new Set(rules.map(({ scope }) => JSON.stringify(scope)))];
  return {
    ...policy,
    lists: policy.lists.filter(isUsed),
    rules: scopes.flatMap((name) => rules.filter(({ scope }) => JSON.stringify(scope) === name)),
  };
}
