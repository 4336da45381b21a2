// How the shipped lists are looked into: sorted by their first part, so that thousands cost a dozen comparisons.

import { CONTRACTS, type ContractKind, type KnownContract } from "./contracts.ts";
import { SELECTORS } from "./selectors.ts";
import { TOKENS, type Token } from "./tokens.ts";

/** `contract`: small letters, with 0x. */
export function findToken(chainId: bigint, contract: string): Token | undefined {
  return search(TOKENS[Number(chainId)] ?? [], ([own]) => own, contract);
}

/** `address`: small letters, with 0x. */
export function findContract(chainId: bigint, address: string): KnownContract | undefined {
  return search(CONTRACTS[Number(chainId)] ?? [], ([own]) => own, address);
}

/** `selector`: "0xa9059cbb". A guess: four bytes prove nothing. */
export function findSelector(selector: string): string | undefined {
  return search(SELECTORS, (row) => row.slice(0, 8), selector.slice(2))?.slice(9);
}

/** In the order of their addresses. */
export function contractsOfKind(chainId: bigint, kind: ContractKind): readonly KnownContract[] {
  return (CONTRACTS[Number(chainId)] ?? []).filter(([, , own]) => own === kind);
}

/** In a list that is sorted by its keys. */
export function search<T>(list: readonly T[], keyOf: (item: T) => string, key: string): T | undefined {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (keyOf(list[middle]!) < key) low = middle + 1;
    else high = middle;
  }
  const found = list[low];
  return found !== undefined && keyOf(found) === key ? found : undefined;
}
