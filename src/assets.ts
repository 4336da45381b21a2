// What amounts can be of, and how amounts are written. Symbols and decimals come from the lists in src/ethereum/known
// alone: what a request says of a token is never believed.

import { fromHex } from "./bytes.ts";
import { readAddress, writeAddress } from "./eip55.ts";
import { CHAINS } from "./ethereum/known/chains.ts";
import { findToken } from "./ethereum/known/find-token.ts";
import { TOKENS } from "./ethereum/known/tokens.ts";
import type { Amount, Asset } from "./rules.ts";

export interface AssetFacts {
  /** What stands behind a number: "BTC", "ETH", "USDC on Ethereum", "units of 0xAbC… on Ethereum". */
  readonly symbol: string;
  /** Decimals; amounts count the smallest unit. */
  readonly places: number;
  /** On a shipped list, or Bitcoin. */
  readonly listed: boolean;
}

/** For limits alone: every listed coin, every listed token, each by itself, counted with 18 decimals. */
export const ANY_COIN = "any-coin";
export const ANY_TOKEN = "any-token";
export const ANY_PLACES = 18;

/** An allowance of this and more has no end: no limit holds it. */
export const UNLIMITED = 1n << 255n;
/** What is written of one that has none. */
export const MOST_UNITS = (1n << 256n) - 1n;

const ANY: ReadonlyMap<Asset, AssetFacts> = new Map([
  ["btc", { symbol: "BTC", places: 8, listed: true }],
  [ANY_COIN, { symbol: "of any listed coin", places: ANY_PLACES, listed: true }],
  [ANY_TOKEN, { symbol: "of any listed token", places: ANY_PLACES, listed: true }],
]);

/** The coin of a chain: "coin/eth"; of a chain that is not listed "coin/chain-1234". */
export function coinOf(chainId: bigint): Asset {
  const chain = CHAINS.find(({ id }) => BigInt(id) === chainId);
  return chain === undefined ? `coin/chain-${chainId}` : `coin/${chain.coin.toLowerCase()}`;
}

/** A token, or any contract that is called as one. `contract`: an address in any case. */
export function tokenOf(chainId: bigint, contract: string): Asset {
  return `${chainId}/${contract.toLowerCase()}`;
}

/** "Ethereum"; "chain 1234" where it is not listed. */
export function chainName(chainId: bigint): string {
  return CHAINS.find(({ id }) => BigInt(id) === chainId)?.name ?? `chain ${chainId}`;
}

/** The chain of this name, as chainName writes it; by its number also one that is listed by now. */
export function readChainName(text: string): bigint | undefined {
  const [, number] = /^chain ([1-9]\d{0,15})$/.exec(text) ?? [];
  const chain = CHAINS.find(({ name }) => name === text);
  if (chain) return BigInt(chain.id);
  return number === undefined ? undefined : BigInt(number);
}

/** Undefined where the text is no asset's. */
export function factsOf(asset: Asset): AssetFacts | undefined {
  const any = ANY.get(asset);
  if (any) return any;
  if (asset.startsWith("coin/")) return coinFacts(asset.slice(5));
  const [, id, digits] = /^([1-9]\d{0,15})\/0x([0-9a-f]{40})$/.exec(asset) ?? [];
  if (id === undefined || digits === undefined) return undefined;
  const token = findToken(BigInt(id), `0x${digits}`);
  const on = chainName(BigInt(id));
  if (token) return { symbol: `${token[1]} on ${on}`, places: token[2], listed: true };
  return { symbol: `units of ${writeAddress(fromHex(digits)!)} on ${on}`, places: 0, listed: false };
}

function coinFacts(name: string): AssetFacts | undefined {
  const chain = CHAINS.find(({ coin }) => coin.toLowerCase() === name);
  if (chain) return { symbol: chain.coin, places: 18, listed: true };
  const [, id] = /^chain-([1-9]\d{0,15})$/.exec(name) ?? [];
  if (id === undefined || CHAINS.some((one) => String(one.id) === id)) return undefined;
  return { symbol: `coins of chain ${id}`, places: 18, listed: false };
}

/** The asset whose symbol this is, as factsOf writes it; undefined where there is none. */
export function readSymbol(symbol: string): Asset | undefined {
  for (const [asset, facts] of ANY) if (facts.symbol === symbol) return asset;
  const coin = CHAINS.find((chain) => chain.coin === symbol);
  if (coin) return `coin/${coin.coin.toLowerCase()}`;
  const [, unlisted] = /^coins of chain (\d{1,16})$/.exec(symbol) ?? [];
  if (unlisted !== undefined) return known(`coin/chain-${unlisted}`);
  const [, what = "", where = ""] = /^(.+) on (.+)$/.exec(symbol) ?? [];
  const chainId = readChainName(where);
  if (chainId === undefined) return undefined;
  const [, text = ""] = /^units of (0x[0-9a-fA-F]{40})$/.exec(what) ?? [];
  const address = readAddress(text);
  if (address !== undefined && address !== "checksum") return tokenOf(chainId, address);
  const token = TOKENS[Number(chainId)]?.find(([, name]) => name === what);
  return token && tokenOf(chainId, token[0]);
}

function known(asset: Asset): Asset | undefined {
  return factsOf(asset) && asset;
}

/** Decimals beyond these are cut of their zeros: 18 of them say nothing. */
const FULL_PLACES = 8;

/** "0.00012345 BTC", "12.500000 USDC on Ethereum": all places; of more than eight without zeros at the end. */
export function inSymbol(amount: Amount): string {
  const { symbol, places } = factsOf(amount.asset) ?? { symbol: "of what is not known", places: 0 };
  if (places > 0 && amount.units >= UNLIMITED) return `unlimited ${symbol}`;
  const number = decimals(amount.units, places);
  return `${places > FULL_PLACES ? trimmed(number) : number} ${symbol}`;
}

/** "0.5 BTC": exact, without zeros at its end; for limits. */
export function inShort(amount: Amount): string {
  const { symbol, places } = factsOf(amount.asset) ?? { symbol: "of what is not known", places: 0 };
  return `${trimmed(decimals(amount.units, places))} ${symbol}`;
}

function decimals(units: bigint, places: number): string {
  if (places === 0) return units.toString();
  const digits = units.toString().padStart(places + 1, "0");
  return `${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

function trimmed(number: string): string {
  return number.includes(".") ? number.replace(/\.?0+$/, "") : number;
}

/** "0.5 BTC" → its amount; undefined without a symbol, with one that is not known, and with more decimals than it has. */
export function readAmountText(text: string): Amount | undefined {
  const [, whole, fraction = "", symbol = ""] = /^(\d{1,78})(?:\.(\d{1,30}))? (.+)$/.exec(text) ?? [];
  const asset = readSymbol(symbol);
  if (whole === undefined || asset === undefined) return undefined;
  // Units of a contract are its units, also where a list has come to name it.
  const places = symbol.startsWith("units of ") ? 0 : factsOf(asset)!.places;
  if (fraction.length > places) return undefined;
  return {
    asset,
    units: BigInt(whole) * 10n ** BigInt(places) + BigInt(fraction.padEnd(places, "0") || "0"),
  };
}
