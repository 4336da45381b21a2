// What a form of a limit is, and what more than one of them says.

import { factsOf, readSymbol } from "../assets.ts";
import type { Limit } from "../rules.ts";

export type Of<K extends Limit["kind"]> = Extract<Limit, { readonly kind: K }>;

export interface Form<K extends Limit["kind"]> {
  readonly example: string;
  /** What fits here is meant to be this limit, whatever stands in the gaps. */
  readonly pattern: RegExp;
  /** A text says what a gap must be. */
  readonly read: (gaps: readonly string[]) => Of<K> | string;
  readonly write: (limit: Of<K>) => string;
}

/** What this must be, which is no amount. */
export function amountProblem(text: string): string {
  const [, symbol = ""] = /^[\d.,]+ (.+)$/.exec(text) ?? [];
  const asset = readSymbol(symbol);
  const facts = asset === undefined ? undefined : factsOf(asset);
  return facts
    ? `an amount ${facts.symbol.replace(/^(?!of )/, "of ")} is a number with at most ${facts.places} decimals`
    : AMOUNT;
}

const AMOUNT =
  'an amount is a number and what it is of, with no more decimals than that has, like "0.5 BTC", "5000 USDC on Ethereum" or "1 of any listed coin"';
