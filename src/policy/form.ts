// What a form of a limit is, and what more than one of them says.

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

export const AMOUNT =
  'an amount is a number and what it is of, with no more decimals than that has, like "0.5 BTC", "5000 USDC on Ethereum" or "1 of any listed coin"';
