// Published lists as they are, each said the same way. Sources: docs/known.md.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { List, Said } from "./tokens.ts";

/** Files of one publisher; where `chooses`, being on it is a reason to be shipped. In order of care for spelling. */
const PUBLISHERS: readonly { folder: RegExp; publisher: string; chooses: boolean }[] = [
  { folder: /^Uniswap\/default-token-list\//, publisher: "Uniswap", chooses: true },
  { folder: /^wevm\/viem\/tokens\//, publisher: "viem", chooses: true },
  { folder: /^MetaMask\/contract-metadata\//, publisher: "MetaMask", chooses: true },
  { folder: /^ethereum-optimism\/ethereum-optimism\.github\.io\//, publisher: "Superchain", chooses: true },
  { folder: /^scroll-tech\//, publisher: "Scroll", chooses: true },
  { folder: /^mantlenetworkio\//, publisher: "Mantle", chooses: true },
  { folder: /^SmolDapp\/.*\/consensys\.json$/, publisher: "Consensys", chooses: true },
  { folder: /^SmolDapp\/.*\/zksync\.json$/, publisher: "ZKsync", chooses: false },
  {
    folder: /^(SmolDapp\/.*\/lifi|lifinance\/contracts\/config\/networks)\.json$/,
    publisher: "LI.FI",
    chooses: true,
  },
  { folder: /^SmolDapp\/.*\/1inch\.json$/, publisher: "1inch", chooses: false },
  { folder: /^cowprotocol\/token-lists\/.*\/CowSwap\.json$/, publisher: "CoW", chooses: true },
  { folder: /^pancakeswap\/.*-extended\.json$/, publisher: "PancakeSwap", chooses: false },
  { folder: /^pancakeswap\//, publisher: "PancakeSwap", chooses: true },
  { folder: /^SmolDapp\/.*\/sushiswap\.json$/, publisher: "Sushi", chooses: false },
  { folder: /^SmolDapp\/.*\/(aerodrome|velodrome)\.json$/, publisher: "Velodrome", chooses: false },
  { folder: /^SmolDapp\/.*\/yearn-min\.json$/, publisher: "Yearn", chooses: false },
  { folder: /^SmolDapp\/.*\/routescan\.json$/, publisher: "Routescan", chooses: false },
  { folder: /^SmolDapp\/.*\/ledger\.json$/, publisher: "Ledger", chooses: false },
  { folder: /^bgd-labs\/aave-address-book\//, publisher: "Aave", chooses: true },
  /** Those with the most trade; written in capitals. */
  { folder: /^cowprotocol\/token-lists\/.*\/CoinGecko\.\d+\.json$/, publisher: "CoinGecko", chooses: true },
  { folder: /^SmolDapp\/.*\/coingecko\.json$/, publisher: "CoinGecko", chooses: false },
];

export function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(json|ts|js|md|py)$/.test(name))
    .sort();
}

/** In the publishers' order. */
export function readLists(folder: string): readonly List[] {
  const files = filesIn(folder);
  return PUBLISHERS.map(({ publisher, chooses, folder: pattern }, index) => {
    const mine = files.filter((name) => PUBLISHERS.findIndex((one) => one.folder.test(name)) === index);
    if (mine.length === 0) throw new Error(`no file of ${publisher} under ${folder}: ${pattern.source}`);
    return { publisher, chooses, said: mine.flatMap((name) => readList(join(folder, name))) };
  });
}

function readList(file: string): readonly Said[] {
  const text = readFileSync(file, "utf8");
  if (file.includes("/viem/tokens/")) return readViem(text);
  if (file.includes("aave-address-book")) return readAave(text);
  const data = JSON.parse(text);
  if (file.endsWith("networks.json")) return Object.values<Network>(data).flatMap(wrapped);
  const tokens = Array.isArray(data) ? data : (data.tokens ?? contractMap(data));
  return tokens.flatMap(plain);
}

interface Network {
  readonly chainId: number;
  readonly nativeCurrency: string;
  readonly wrappedNativeAddress: string;
}

/** A wrapped coin is called by its coin; where it is called otherwise, no other list bears this one out. */
export function wrapped({ chainId, nativeCurrency, wrappedNativeAddress }: Network): readonly Said[] {
  return plain({ chainId, address: wrappedNativeAddress, symbol: `W${nativeCurrency}`, decimals: 18 });
}

/** MetaMask's: an object by contract, of Ethereum. */
function contractMap(data: Record<string, { erc20?: boolean }>): readonly object[] {
  return Object.entries(data)
    .filter(([, { erc20 }]) => erc20)
    .map(([address, token]) => ({ ...token, address, chainId: 1 }));
}

function plain(token: Record<string, unknown>): readonly Said[] {
  const { chainId, address, symbol, decimals } = token;
  if (typeof address !== "string" || !/^0x[0-9a-fA-F]{40}$/.test(address)) return [];
  if (typeof chainId !== "number" || typeof symbol !== "string" || typeof decimals !== "number") return [];
  // Tether's own sign for the letter T, which screens do not have.
  return [{ chainId, contract: address.toLowerCase(), symbol: symbol.replaceAll("₮", "T"), decimals }];
}

function readViem(text: string): readonly Said[] {
  const [, symbol] = /^ {2}symbol: '([^']+)',$/m.exec(text) ?? [];
  const [, decimals] = /^ {2}decimals: (\d+),$/m.exec(text) ?? [];
  if (symbol === undefined || decimals === undefined) return [];
  const addresses = [...text.matchAll(/^ {4}(\d+): '(0x[0-9a-fA-F]{40})'/gm)];
  return addresses.map(([, id, address]) => ({
    ...{ chainId: Number(id), contract: address!.toLowerCase(), symbol, decimals: Number(decimals) },
  }));
}

/** Its own keys are the symbols, but where a chain has two of a kind. */
function readAave(text: string): readonly Said[] {
  const [, id] = /^export const CHAIN_ID = (\d+);$/m.exec(text) ?? [];
  const assets = [
    ...text.matchAll(/^ {2}(\w+): \{\n {4}decimals: (\d+),\n {4}id: \d+,\n {4}UNDERLYING: '(0x\w{40})',$/gm),
  ];
  return assets.map(([, symbol, decimals, address]) => ({
    ...{ chainId: Number(id), contract: address!.toLowerCase(), symbol: symbol!, decimals: Number(decimals) },
  }));
}
