// Contracts that are worth a name, as people chose them; each must be told by two sources before it is shipped.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CHAINS } from "../../src/ethereum/known/chains.ts";
import { filesIn } from "./read.ts";
import { WANTED } from "./wanted.ts";

export interface ChosenContract {
  readonly chainId: number;
  readonly address: string;
  readonly name: string;
  readonly kind: string;
}

/** Which of these addresses (small letters) each source tells of. A source is a repository: owner/name. */
export function sourcesOf(folder: string): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const name of filesIn(folder)) {
    const source = name.split("/").slice(0, 2).join("/");
    const text = readFileSync(join(folder, name), "utf8").toLowerCase();
    for (const [address] of text.matchAll(/0x[0-9a-f]{40}(?![0-9a-f])/g))
      found.set(address, (found.get(address) ?? new Set()).add(source));
  }
  return found;
}

/** Throws where one is told by fewer than two sources, or its chain is none of ours. */
export function chooseContracts(folder: string): readonly ChosenContract[] {
  const sources = sourcesOf(folder);
  return [...WANTED.trim().split("\n").flatMap(readWanted), ...wrappedCoins(folder)].map((one) => {
    const told = sources.get(one.address)?.size ?? 0;
    if (told < 2) throw new Error(`${one.name} at ${one.address} is told by ${told} source(s)`);
    return one;
  });
}

/** "name; kind; chain ids or every; address" */
function readWanted(line: string): readonly ChosenContract[] {
  const [name = "", kind = "", chains = "", address = ""] = line.split("; ");
  if (!/^0x[0-9a-fA-F]{40}$/.test(address)) throw new Error(`no address: ${line}`);
  return chainsOf(chains).map((chainId) => {
    if (!CHAINS.some(({ id }) => id === chainId)) throw new Error(`no such chain: ${line}`);
    return { chainId, address: address.toLowerCase(), name, kind };
  });
}

/** Where contracts are made by another rule, the same address says nothing of the same code. */
const OTHER_ADDRESSES = [232, 300, 324, 2741];

function chainsOf(text: string): readonly number[] {
  if (text !== "every") return text.split(" ").map(Number);
  return CHAINS.map(({ id }) => id).filter((id) => !OTHER_ADDRESSES.includes(id));
}

/** LI.FI's list of networks names the wrapped coin of each. */
function wrappedCoins(folder: string): readonly ChosenContract[] {
  const networks = JSON.parse(readFileSync(join(folder, "lifinance/contracts/config/networks.json"), "utf8"));
  const sources = sourcesOf(folder);
  return Object.values<{ chainId: number; wrappedNativeAddress: string }>(networks).flatMap(
    ({ chainId, wrappedNativeAddress }) => {
      const coin = CHAINS.find(({ id }) => id === chainId)?.coin;
      const address = wrappedNativeAddress.toLowerCase();
      if (coin === undefined || (sources.get(address)?.size ?? 0) < 2) return [];
      return [{ chainId, address, name: `Wrapped ${coin}`, kind: "wrapped-coin" }];
    },
  );
}
