// How the shipped lists are looked into: sorted by their first part, so that thousands cost a dozen comparisons.
// Tokens stand by themselves: amounts are written everywhere.

import { TOKENS, type Token } from "./tokens.ts";

/** `contract`: small letters, with 0x. */
export function findToken(chainId: bigint, contract: string): Token | undefined {
  return search(TOKENS[Number(chainId)] ?? [], ([own]) => own, contract);
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
