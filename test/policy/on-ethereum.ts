// For tests: spends of Ethereum, limits that speak of them, and a policy that allows what is small and ordinary there.

import fc from "fast-check";
import { ODDITIES, type Oddity } from "../../src/act.ts";
import { ANY_COIN, ANY_TOKEN, coinOf, MOST_UNITS, tokenOf } from "../../src/assets.ts";
import { type Address, writeAddress } from "../../src/eip55.ts";
import {
  type Amount,
  type Asset,
  type Entry,
  type EthereumSpend,
  type Limit,
  NAMED_ODDITIES,
  type Rule,
  type Spend,
  type WalletRef,
} from "../../src/rules.ts";

export const addressAt = (byte: number): Address => writeAddress(new Uint8Array(20).fill(byte));
export const ACCOUNTS: readonly WalletRef[] = [
  { name: "Ethereum account 0", fingerprint: "aaaa0000" },
  { name: "Ethereum account 1", fingerprint: "aaaa0001" },
];
/** Contracts and people; the last one is on no list that tests make. */
export const ADDRESSES: readonly Address[] = [1, 2, 3, 4, 5].map((byte) => addressAt(0xa0 + byte));

export const ETH = coinOf(1n);
export const POL = coinOf(137n);
export const USDC = tokenOf(1n, "0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48");
export const DAI = tokenOf(1n, "0x6b175474e89094c44da98b954eedeac495271d0f");
export const UNLISTED = tokenOf(1n, `0x${"77".repeat(20)}`);
/** A coin of a chain that no list has. */
export const ODD_COIN = coinOf(987_654_321n);
/** How many of its smallest units are counted as one in these tests: of 18 decimals as many as one of USDC's. */
export const SCALE: Readonly<Record<Asset, bigint>> = {
  [USDC]: 1n,
  [UNLISTED]: 1n,
};
export const some = (asset: Asset, units: bigint | number): Amount => ({
  asset,
  units: BigInt(units) * (SCALE[asset] ?? 10n ** 12n),
});

const rule = (limit: Limit): Rule => ({ scope: { of: "all" }, limit, otherwise: { do: "refuse" } });

/** Speaks of everything on Ethereum, and allows what is small. */
export const ETHEREUM_RULES: readonly Rule[] = [
  rule({ kind: "amount", per: "transaction", most: some(ANY_COIN, 1_000) }),
  rule({ kind: "amount", per: "transaction", most: some(ANY_TOKEN, 1_000) }),
  rule({ kind: "amount", per: "transaction", most: some(UNLISTED, 1_000) }),
  rule({ kind: "amount", per: "transaction", most: some(ODD_COIN, 1_000) }),
  rule({ kind: "fee", most: some(ANY_COIN, 1_000) }),
  rule({ kind: "fee", most: some(ODD_COIN, 1_000) }),
  rule({ kind: "calls", to: "any" }),
  rule({ kind: "spenders", to: "any" }),
  rule({ kind: "typed", to: "any" }),
  rule({ kind: "sites", only: "any" }),
  rule({ kind: "messages", under: ["m"] }),
  ...NAMED_ODDITIES.map((what) => rule({ kind: "unusual", what, allowed: true })),
];
export const CHAINS_RULE = rule({ kind: "chains", only: [1n, 137n, 987_654_321n] });
/** The same with the chains: elsewhere these are decided by chance. */
export const ALL_ETHEREUM: readonly Rule[] = [...ETHEREUM_RULES, CHAINS_RULE];

// ---------------------------------------------------------------- any of them

const ASSETS: readonly Asset[] = [ETH, POL, USDC, DAI, UNLISTED, ODD_COIN];
const SELECTORS = ["0xa9059cbb", "0x095ea7b3", "0x12345678"];
const units = fc.integer({ min: 1, max: 20 });
const anyAsset = fc.constantFrom(...ASSETS);
const anyAddress = fc.constantFrom(...ADDRESSES);

export const anyEthereumAmount = fc.tuple(anyAsset, units).map(([asset, count]) => some(asset, count));
/** As limits are: of one, or of any. */
export const anyLimitAmount = fc
  .tuple(
    fc.constantFrom<Asset>(...ASSETS, ANY_COIN, ANY_TOKEN, ANY_COIN, ANY_TOKEN),
    fc.integer({ min: 1, max: 40 }),
  )
  .map(([asset, count]) => some(asset, count));

export const anyContract: fc.Arbitrary<Entry> = fc
  .record({
    chainId: fc.constantFrom(1n, 137n),
    address: anyAddress,
    selectors: fc.option(fc.subarray(SELECTORS, { minLength: 1, maxLength: 2 }), { nil: undefined }),
  })
  .map(({ chainId, address, selectors }) => ({
    kind: "contract",
    chainId,
    address,
    ...(selectors ? { selectors } : {}),
  }));
export const anyAccountEntry: fc.Arbitrary<Entry> = anyAddress.map((to) => ({ kind: "address", to }));

/** Of kinds that are Ethereum's alone. */
export function ethereumLimitsOf(lists: readonly string[]) {
  const named = fc.subarray([...lists], { minLength: Math.min(1, lists.length) });
  const to = lists.length === 0 ? fc.constant("any" as const) : fc.oneof(fc.constant("any" as const), named);
  const must = named.map((names) => (names.length === 0 ? ["no such list"] : names));
  const chains = fc.subarray([1n, 137n, 987_654_321n], { minLength: 1 });
  const sites = fc.subarray(["example.com", "app.example.org", "a.b:8443"], { minLength: 1 });
  const any = fc.constant("any" as const);
  return {
    chains: fc.oneof(any, chains).map((only): Limit => ({ kind: "chains", only })),
    calls: to.map((names): Limit => ({ kind: "calls", to: names })),
    blind: must.map((names): Limit => ({ kind: "blind", to: names })),
    spenders: to.map((names): Limit => ({ kind: "spenders", to: names })),
    allowance: fc
      .tuple(fc.constantFrom<Asset>(USDC, DAI, UNLISTED, ANY_TOKEN), fc.integer({ min: 1, max: 40 }))
      .map(([asset, count]): Limit => ({ kind: "allowance", most: some(asset, count) })),
    typed: to.map((names): Limit => ({ kind: "typed", to: names })),
    delegates: must.map((names): Limit => ({ kind: "delegates", to: names })),
    sites: fc.oneof(any, sites).map((only): Limit => ({ kind: "sites", only })),
  };
}

const anyCall = fc.record({
  contract: anyAddress,
  selector: fc.constantFrom(...SELECTORS, "0x"),
  known: fc.constant(true),
  delegate: fc.option(fc.constant(true as const), { nil: undefined, freq: 6 }),
});
const rare = <T>(what: fc.Arbitrary<T>) => fc.array(what, { maxLength: 2 }).map((all) => all.slice(1));

/** Now and then one that has everything odd at once. */
export const anyEthereumSpend: fc.Arbitrary<Spend> = fc
  .record({
    key: fc.constantFrom("1a2b3c4d", "5e6f7081"),
    account: fc.nat(1),
    form: fc.constantFrom(
      "transaction" as const,
      "transaction" as const,
      "transaction" as const,
      "typed" as const,
      "message" as const,
      "sign-in" as const,
    ),
    chainId: fc.constantFrom(1n, 1n, 137n, 987_654_321n, undefined),
    nonce: fc.nat(5),
    which: fc.constantFrom("a", "b"),
    takes: fc.uniqueArray(anyEthereumAmount, { maxLength: 2, selector: ({ asset }) => asset }),
    endless: fc.integer({ min: 0, max: 11 }).map((one) => one === 0),
    fee: units,
    to: fc.array(anyAddress, { maxLength: 2 }),
    calls: fc.array(anyCall, { maxLength: 2 }),
    unknown: rare(anyCall),
    allowances: rare(fc.tuple(anyAddress, fc.constantFrom(USDC, DAI, UNLISTED), fc.nat(20))),
    delegates: rare(anyAddress),
    oddities: fc.subarray([...ODDITIES], { maxLength: 1 }),
    isOdd: fc.boolean(),
    contract: fc.option(anyAddress, { nil: undefined }),
    site: fc.constantFrom("example.com", "app.example.org", "evil.example"),
    path: fc.constantFrom([0x8000002c, 0x8000003c, 0x80000000, 0, 0], [1]),
  })
  .map((parts) => made(parts));

interface Parts {
  readonly key: string;
  readonly account: number;
  readonly form: EthereumSpend["form"];
  readonly chainId: bigint | undefined;
  readonly nonce: number;
  readonly which: string;
  readonly takes: readonly Amount[];
  readonly endless: boolean;
  readonly fee: number;
  readonly to: readonly Address[];
  readonly calls: readonly {
    contract: Address;
    selector: string;
    known: boolean;
    delegate: true | undefined;
  }[];
  readonly unknown: readonly { contract: Address; selector: string; delegate: true | undefined }[];
  readonly allowances: readonly (readonly [Address, Asset, number])[];
  readonly delegates: readonly Address[];
  readonly oddities: readonly Oddity[];
  readonly isOdd: boolean;
  readonly contract: Address | undefined;
  readonly site: string;
  readonly path: readonly number[];
}

function made(of: Parts): Spend {
  const isTransaction = of.form === "transaction";
  const isPersonal = of.form === "message" || of.form === "sign-in";
  const chainId = isTransaction ? (of.chainId ?? 1n) : of.chainId;
  const coin = coinOf(chainId ?? 1n);
  const fee = { asset: coin, units: isTransaction ? some(coin, of.fee).units : 0n };
  const goes = of.takes.map((one) => (of.endless ? { ...one, units: MOST_UNITS } : one));
  const takes = isPersonal ? [] : summed([...goes, ...(isTransaction ? [fee] : [])]);
  const account = `0x${String(of.account).repeat(40)}`;
  const callOf = (one: Parts["unknown"][number], known: boolean) => ({
    chainId: chainId ?? 1n,
    contract: one.contract,
    selector: one.selector,
    known,
    ...(one.delegate ? { delegate: one.delegate } : {}),
  });
  return {
    ...{ network: "mainnet", key: of.key, wallets: [ACCOUNTS[of.account]!] },
    txid: `${of.form}${of.account}${of.nonce}${of.which}`,
    outpoints: isTransaction ? [`${chainId}/${account}/${of.nonce}`] : [],
    ...{ amounts: "00", takes, fee, feeRate: 0, feePercent: 0, feeProven: true, unusual: [] },
    destinations: of.to.map((to, i) => ({ to, amount: goes[i % (goes.length || 1)] ?? some(coin, 0) })),
    ethereum: {
      ...{ form: of.form, account: of.to[0] ?? ADDRESSES[0]!, path: of.path },
      ...(chainId === undefined ? {} : { chainId }),
      ...(isTransaction ? { nonce: BigInt(of.nonce) } : {}),
      oddities: of.isOdd ? of.oddities : [],
      calls: isPersonal
        ? []
        : [
            ...of.calls.map((one) => callOf(one, one.known)),
            ...(of.isOdd ? of.unknown.map((one) => callOf(one, false)) : []),
          ],
      allowances: isPersonal
        ? []
        : of.allowances.map(([spender, asset, count]) => ({ spender, amount: some(asset, count) })),
      delegates: isTransaction && of.isOdd ? of.delegates : [],
      ...(of.form === "typed"
        ? {
            domain: {
              name: "Permit2",
              primaryType: "Order",
              ...(of.contract ? { contract: of.contract } : {}),
            },
          }
        : {}),
      ...(of.form === "sign-in" ? { site: of.site } : {}),
    },
  };
}

function summed(amounts: readonly Amount[]): Amount[] {
  const sums = new Map<Asset, bigint>();
  for (const { asset, units: more } of amounts) sums.set(asset, (sums.get(asset) ?? 0n) + more);
  return [...sums].map(([asset, all]) => ({ asset, units: all > MOST_UNITS ? MOST_UNITS : all }));
}
