// What the readers of calls ask the shipped lists.

import type { Address } from "../../eip55.ts";
import { CONTRACTS, type ContractKind } from "../known/contracts.ts";
import { TOKENS } from "../known/tokens.ts";
import { contractAt, tokenAt } from "../lookup.ts";
import { endsOf, looksLike } from "./look-alike.ts";

export type { ContractKind } from "../known/contracts.ts";
export { selectorText, wrappedCoin } from "../lookup.ts";

export function kindOf(chainId: bigint, address: Address): ContractKind | undefined {
  return contractAt(chainId, address)?.kind;
}

/** They make whatever call whoever calls them asks for: what they may take, anybody can. */
const ANYBODYS: readonly ContractKind[] = ["multicall3", "multisend", "multisend-call-only"];

export function isAnybodys(chainId: bigint, address: Address): boolean {
  const kind = kindOf(chainId, address);
  return kind !== undefined && ANYBODYS.includes(kind);
}

/** They hand out what lies in them to whoever asks. */
const OPEN: readonly ContractKind[] = [
  ...ANYBODYS,
  ...(["uniswap-v3-router", "uniswap-v3-router-2", "universal-router"] as const),
];

export function isOpen(chainId: bigint, address: Address): boolean {
  const kind = kindOf(chainId, address);
  return kind !== undefined && OPEN.includes(kind);
}

export function isListedToken(chainId: bigint, address: Address): boolean {
  return tokenAt(chainId, address) !== undefined;
}

export function isListedContract(chainId: bigint, address: Address): boolean {
  return contractAt(chainId, address) !== undefined;
}

/** Every listed address, in small letters, by its chain and its ends: thousands, asked for each address of a request. */
const BY_ENDS: ReadonlyMap<string, readonly string[]> = byEnds();

function byEnds(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const list of [TOKENS, CONTRACTS])
    for (const [chainId, rows] of Object.entries(list))
      for (const [address] of rows) {
        const ends = `${chainId}/${endsOf(address)}`;
        const same = found.get(ends);
        if (same) same.push(address);
        else found.set(ends, [address]);
      }
  return found;
}

/** The listed contract or token that this address begins and ends like, and is not. */
export function listedLike(chainId: bigint, address: Address): Address | undefined {
  return looksLike(address, BY_ENDS.get(`${chainId}/${endsOf(address)}`) ?? []);
}
