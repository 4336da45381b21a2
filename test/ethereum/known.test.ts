// The shipped lists: as docs/known.md says they were made, without anything that deceives, and what people use is there.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { getAddress, id } from "ethers";
import * as viemChains from "viem/chains";
import { digestsOf } from "../../scripts/known/digests.ts";
import { checkMoved } from "../../scripts/known/moved.ts";
import { filesIn } from "../../scripts/known/read.ts";
import { chooseTokens, folded, type List } from "../../scripts/known/tokens.ts";
import { makeKnown } from "../../scripts/known.ts";
import { factsOf, readSymbol, tokenOf } from "../../src/assets.ts";
import type { Address } from "../../src/eip55.ts";
import { CHAINS } from "../../src/ethereum/known/chains.ts";
import { CONTRACTS } from "../../src/ethereum/known/contracts.ts";
import { SELECTORS } from "../../src/ethereum/known/selectors.ts";
import { TOKENS } from "../../src/ethereum/known/tokens.ts";
import { contractAt, listedOn, selectorText, tokenAt, wrappedCoin } from "../../src/ethereum/lookup.ts";

const ROOT = join(import.meta.dirname, "../..");
const KNOWN = join(ROOT, "src/ethereum/known");
const DOCS = readFileSync(join(ROOT, "docs/known.md"), "utf8");

test("every shipped file has the hash that docs/known.md names, and no file is without one", () => {
  const named = new Map(
    [...DOCS.matchAll(/^\| `([\w.-]+\.ts)` \| `([0-9a-f]{64})` \|$/gm)].map(([, a, b]) => [a, b]),
  );
  const files = readdirSync(KNOWN).sort();
  assert.ok(files.length > 12);
  assert.deepEqual([...named.keys()].sort(), files);
  for (const file of files) {
    const hash = createHash("sha256")
      .update(readFileSync(join(KNOWN, file)))
      .digest("hex");
    assert.equal(hash, named.get(file), file);
  }
});

test("where the sources lie on this machine the lists are made again, byte for byte", () => {
  const folder = process.env.FIRN_KNOWN_SOURCES;
  if (folder === undefined) {
    assert.match(DOCS, /FIRN_KNOWN_SOURCES/);
    return;
  }
  for (const { source, files, sha256 } of digestsOf(folder))
    assert.ok(
      DOCS.includes(`| ${files} | \`${sha256}\` |`),
      `${source} is another one than docs/known.md names`,
    );
  checkNetworks(folder);
  for (const { name, text } of makeKnown(folder))
    assert.equal(readFileSync(join(KNOWN, name), "utf8"), text, name);
});

test("which files the lists are made from is said of every source, to the path", () => {
  const lines = readFileSync(join(import.meta.dirname, "../../scripts/known/paths.txt"), "utf8")
    .trim()
    .split("\n");
  const paths = lines.map((line) => line.split(" ") as [source: string, path: string]);
  const table = [...DOCS.matchAll(/^\| `([\w.-]+\/[\w.-]+)` \| (npm|[0-9a-f]{40})/gm)];
  assert.ok(table.length > 25);
  assert.deepEqual(
    [...new Set(paths.map(([source]) => source))],
    table.map(([, source]) => source!),
  );
  const folder = process.env.FIRN_KNOWN_SOURCES;
  const packages = table.flatMap(([, source, at]) => (at === "npm" ? [source!] : []));
  for (const name of folder === undefined ? [] : filesIn(folder)) {
    const source = name.split("/", 2).join("/");
    const rest = name.slice(source.length + 1);
    const own = paths.filter(([one]) => one === source).map(([, path]) => path);
    const isSaid = own.some((path) => rest === path || (path.endsWith("/") && rest.startsWith(path)));
    assert.ok(isSaid || (packages.includes(source) && !rest.includes("/")), name);
  }
});

/** LI.FI's older words for coins. */
const OLDER: Readonly<Record<string, string>> = { MATIC: "POL", KLAYTN: "KAIA", XDAI: "xDAI" };

function checkNetworks(folder: string): void {
  const file = readFileSync(join(folder, "lifinance/contracts/config/networks.json"), "utf8");
  const networks = Object.values<{ chainId: number; nativeCurrency: string }>(JSON.parse(file));
  const both = networks.flatMap(({ chainId, nativeCurrency }) => {
    const chain = CHAINS.find((one) => one.id === chainId);
    return chain ? [[chain.coin, OLDER[nativeCurrency] ?? nativeCurrency] as const] : [];
  });
  assert.ok(both.length > 40, String(both.length));
  for (const [own, theirs] of both) assert.equal(own, theirs);
}

test("numbers, names and coins of chains are viem's, no two have one name, and a coin has one spelling", () => {
  const theirs = new Map<number, Set<string>>();
  for (const chain of Object.values(viemChains) as {
    id?: number;
    testnet?: boolean;
    nativeCurrency?: { symbol: string; decimals: number };
  }[])
    if (chain.id !== undefined && chain.nativeCurrency?.decimals === 18)
      theirs.set(
        chain.id,
        (theirs.get(chain.id) ?? new Set()).add(chain.nativeCurrency.symbol.toUpperCase()),
      );
  for (const { id: chain, coin, name, test: isTest } of CHAINS) {
    const symbols = theirs.get(chain);
    // BNB's test network writes tBNB: the coin of a test network has the symbol of the real one here.
    assert.ok(symbols?.has(coin.toUpperCase()) || (isTest && symbols?.has(`T${coin}`)), name);
  }
  assert.equal(new Set(CHAINS.map(({ name }) => name)).size, CHAINS.length);
  assert.equal(new Set(CHAINS.map((chain) => chain.id)).size, CHAINS.length);
  assert.equal(
    new Set(CHAINS.map(({ coin }) => coin)).size,
    new Set(CHAINS.map(({ coin }) => coin.toLowerCase())).size,
  );
  assert.ok(CHAINS.length >= 60 && CHAINS.filter((chain) => chain.test).length >= 15);
});

test("every token is sorted, unique by contract and by look, short, printable, and no coin", () => {
  let count = 0;
  for (const [chain, tokens] of Object.entries(TOKENS)) {
    const { coin } = CHAINS.find((one) => String(one.id) === chain)!;
    const contracts = tokens.map(([contract]) => contract);
    assert.deepEqual(contracts, [...new Set(contracts)].sort(), chain);
    const looks = tokens.map(([, symbol]) => folded(symbol));
    assert.equal(new Set(looks).size, looks.length, chain);
    assert.ok(!looks.includes(folded(coin)) && !looks.includes("btc"), chain);
    for (const [contract, symbol, decimals] of tokens) {
      assert.match(contract, /^0x[0-9a-f]{40}$/);
      assert.match(symbol, /^[\x21-\x7e]{1,11}$/);
      assert.ok(Number.isInteger(decimals) && decimals >= 0 && decimals <= 18);
    }
    count += tokens.length;
  }
  assert.ok(count > 2000, String(count));
});

/** Contracts as their issuers publish them. */
const WELL_KNOWN: readonly (readonly [chain: number, symbol: string, decimals: number, contract: string])[] =
  [
    [1, "USDC", 6, "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48"],
    [1, "USDT", 6, "0xdAC17F958D2ee523a2206206994597C13D831ec7"],
    [1, "DAI", 18, "0x6B175474E89094C44Da98b954EedeAC495271d0F"],
    [1, "WETH", 18, "0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2"],
    [1, "WBTC", 8, "0x2260FAC5E5542a773Aa44fBCfeDf7C193bc2C599"],
    [1, "stETH", 18, "0xae7ab96520DE3A18E5e111B5EaAb095312D7fE84"],
    [1, "wstETH", 18, "0x7f39C581F595B53c5cb19bD0b3f8dA6c935E2Ca0"],
    [1, "LINK", 18, "0x514910771AF9Ca656af840dff83E8264EcF986CA"],
    [1, "UNI", 18, "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984"],
    [1, "SHIB", 18, "0x95aD61b0a150d79219dCF64E1E6Cc01f0B64C4cE"],
    [8453, "USDC", 6, "0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913"],
    [42161, "USDC", 6, "0xaf88d065e77c8cC2239327C5EDb3A432268e5831"],
    [42161, "ARB", 18, "0x912CE59144191C1204E64559FE8253a0e49E6548"],
    [10, "OP", 18, "0x4200000000000000000000000000000000000042"],
    [137, "USDC.e", 6, "0x2791Bca1f2de4661ED88A30C99A7a9449Aa84174"],
    [56, "USDT", 18, "0x55d398326f99059fF775485246999027B3197955"],
    [11155111, "USDC", 6, "0x1c7D4B196Cb0C7B01d743Fbc6116a902379C7238"],
  ];

test("the tokens that people use are there, by contract and by symbol, and amounts know them", () => {
  for (const [chain, symbol, decimals, contract] of WELL_KNOWN) {
    assert.deepEqual(tokenAt(BigInt(chain), getAddress(contract) as Address), {
      address: contract,
      symbol,
      decimals,
    });
    const asset = tokenOf(BigInt(chain), contract);
    assert.equal(factsOf(asset)?.places, decimals);
    assert.equal(readSymbol(factsOf(asset)!.symbol), asset);
  }
  const onEthereum =
    "rETH AAVE MKR LDO ARB PEPE USDe sUSDe sDAI FRAX crvUSD PYUSD EURC cbBTC cbETH POL USDS sUSDS GHO weETH tBTC PAXG".split(
      " ",
    );
  for (const symbol of onEthereum)
    assert.ok(
      TOKENS[1]!.some(([, own]) => own === symbol),
      symbol,
    );
});

test("every lookup finds exactly what a walk over the whole list finds", () => {
  for (const [chain, tokens] of Object.entries(TOKENS))
    for (const [contract, symbol] of tokens)
      assert.equal(tokenAt(BigInt(chain), contract as Address)?.symbol, symbol);
  for (const [chain, contracts] of Object.entries(CONTRACTS))
    for (const [address, name] of contracts)
      assert.equal(contractAt(BigInt(chain), address as Address)?.name, name);
  assert.equal(tokenAt(1n, "0x0000000000000000000000000000000000000001"), undefined);
  assert.equal(tokenAt(999_999n, WELL_KNOWN[0]![3] as Address), undefined);
  assert.equal(tokenAt(1n << 60n, WELL_KNOWN[0]![3] as Address), undefined);
  assert.ok(listedOn(1n).length > 1000 && listedOn(5n).length === 0);
});

test("contracts are sorted, each once a chain, on chains that are listed, and no wrapped coin is there twice", () => {
  for (const [chain, contracts] of Object.entries(CONTRACTS)) {
    assert.ok(CHAINS.some((one) => String(one.id) === chain));
    const addresses = contracts.map(([address]) => address);
    assert.deepEqual(addresses, [...new Set(addresses)].sort(), chain);
    assert.ok(contracts.filter(([, , kind]) => kind === "wrapped-coin").length <= 1, chain);
  }
  assert.equal(wrappedCoin(1n), "0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2");
  assert.equal(wrappedCoin(56n), "0xbb4CdB9CBd36B01bD1cBaEBF2De08d9173bc095c");
  assert.equal(wrappedCoin(5n), undefined);
  assert.equal(contractAt(1n, "0x9641d764fc13c8B624c04430C7356C1C7C8102e2")?.kind, "multisend-call-only");
  // On ZKsync the same address says nothing of the same code.
  assert.equal(contractAt(324n, "0x9641d764fc13c8B624c04430C7356C1C7C8102e2"), undefined);
});

test("every selector is the hash of its text, by ethers, and none stands twice", () => {
  const seen = new Set<string>();
  for (const row of SELECTORS) {
    const [selector, text] = [row.slice(0, 8), row.slice(9)];
    assert.equal(id(text).slice(2, 10), selector, text);
    assert.ok(!seen.has(selector));
    seen.add(selector);
    assert.equal(selectorText(`0x${selector}`), text);
  }
  assert.ok(seen.size > 400);
  assert.equal(selectorText("0xa9059cbb"), "transfer(address,uint256)");
  assert.equal(selectorText("0x00000000"), undefined);
});

test("neither the eye nor the glass loads these lists", () => {
  const loaded = (from: string) => {
    const seen = new Set<string>();
    const visit = (file: string) => {
      if (seen.has(file)) return;
      seen.add(file);
      for (const [, to] of readFileSync(file, "utf8").matchAll(
        /^(?:import|export)(?! type)[^;]*?from "(\.[^"]+)"/gms,
      ))
        visit(join(file, "..", to!));
    };
    visit(join(ROOT, from));
    return [...seen];
  };
  assert.ok(loaded("src/ethereum/lookup.ts").some((file) => file.includes("ethereum/known/tokens")));
  for (const from of ["device/eye/main.ts", "device/glass/main.ts"]) {
    const files = loaded(from);
    assert.ok(files.length > 10, from);
    assert.deepEqual(
      files.filter((file) => file.includes("ethereum/known")),
      [],
      from,
    );
  }
});

test("a token that two say alike is chosen; where anybody says other decimals, or it looks like a greater one, it is not", () => {
  const address = (digit: string) => `0x${digit.repeat(40)}`;
  const list = (
    publisher: string,
    chooses: boolean,
    ...said: (readonly [string, string, number])[]
  ): List => ({
    ...{ publisher, chooses },
    said: said.map(([digit, symbol, decimals]) => ({
      chainId: 1,
      contract: address(digit),
      symbol,
      decimals,
    })),
  });
  const chosen = (...lists: List[]) => (chooseTokens(lists).get(1) ?? []).map(({ symbol }) => symbol);
  const one = list("a", true, ["1", "USDC", 6]);
  assert.deepEqual(chosen(one), []);
  assert.deepEqual(chosen(one, list("a", true, ["1", "USDC", 6])), []);
  assert.deepEqual(chosen(one, list("b", false, ["1", "usdc", 6])), ["USDC"]);
  assert.deepEqual(chosen(list("a", false, ["1", "USDC", 6]), list("b", false, ["1", "USDC", 6])), []);
  assert.deepEqual(chosen(one, list("b", false, ["1", "USDC", 6]), list("c", false, ["1", "X", 18])), []);
  assert.deepEqual(chosen(one, list("b", false, ["1", "USDT", 6])), []);
  const both = (symbol: string) => [
    list("a", true, ["1", "USDC", 6], ["2", symbol, 6]),
    list("b", true, ["1", "USDC", 6]),
    list("c", false, ["1", "USDC", 6], ["2", symbol, 6]),
  ];
  for (const symbol of [
    "usdc",
    "U5DC",
    "USDC.",
    "ETH",
    "E7H\u0405",
    "BTC",
    "TWELVECHARSX",
    "A B",
    "123",
    "$X",
  ])
    assert.deepEqual(chosen(...both(symbol)), ["USDC"], symbol);
  assert.deepEqual(chosen(...both("USDX")), ["USDC", "USDX"]);
});

test("a new list that would make a symbol mean another contract or another amount is not made", () => {
  const [contract, symbol, decimals] = TOKENS[1]!.find(([, own]) => own === "USDC")!;
  const next = (change: object) =>
    new Map([[1, [{ contract, symbol, decimals, voices: 2, choices: 1, ...change }]]]);
  checkMoved(next({}));
  checkMoved(next({ symbol: "NEWER" }));
  assert.throws(() => checkMoved(next({ contract: `0x${"1".repeat(40)}` })), /USDC on chain 1 was 0xa0b8/);
  assert.throws(() => checkMoved(next({ decimals: 18 })), /USDC on chain 1/);
});
