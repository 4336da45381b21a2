// Policies name a token by its symbol and chain: a new list must never make such a name mean another contract, or another
// amount.

import { TOKENS, type Token } from "../../src/ethereum/known/tokens.ts";
import type { Chosen } from "./tokens.ts";

/** Throws where a symbol would stand for another contract than today, or count with other decimals. */
export function checkMoved(
  next: ReadonlyMap<number, readonly Chosen[]>,
  today: Readonly<Record<number, readonly Token[]>> = TOKENS,
): void {
  for (const [id, tokens] of next) {
    const known = new Map((today[id] ?? []).map((token) => [token[1], token]));
    for (const { symbol, contract, decimals } of tokens) {
      const [own, , places] = known.get(symbol) ?? [];
      if (own !== undefined && (own !== contract || places !== decimals))
        throw new Error(
          `${symbol} on chain ${id} was ${own} with ${places} decimals: now ${contract}, ${decimals}`,
        );
    }
  }
}
