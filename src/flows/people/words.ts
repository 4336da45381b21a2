// Words for persons and their factors.

import { inSymbol } from "../../assets.ts";
import type { Person } from "../../keeping.ts";
import { type Amount, type Ask, CODE } from "../../rules.ts";
import { LINE_CHARS } from "../../screens/people.ts";

export type Factor = Person["factor"];

export const FACTOR_WORDS: Record<Factor, string> = {
  pin: "a PIN",
  totp: "authenticator, by the time",
  hotp: "authenticator, by a counter",
  key: "security key",
};

/** As many as a small screen has room for beside those who are asked. */
const MOST_TAKES = 3;

/** What a request takes, an amount an asset; of many the first, and how many more. */
export function takesWords(takes: readonly Amount[]): readonly string[] {
  const words = takes.slice(0, MOST_TAKES).map(inSymbol);
  const more = takes.length - words.length;
  return more > 0 ? [...words, `and ${more} more: read it again`] : words;
}

/** "anna", "anna and bert", "1 of bert, carl": who is still needed of those asked, `proven` being done. */
export function stillNeeded({ need, of }: Ask, proven: ReadonlySet<string>): string {
  const left = of.filter((name) => !proven.has(name));
  const more = need - (of.length - left.length);
  const all = left.map((name) => (name === CODE ? "the transaction's code" : name)).join(", ");
  // Each is an item below.
  if (all.length > LINE_CHARS) return `${more} of ${left.length} persons`;
  if (more < left.length) return `${more} of ${all}`;
  return all.replace(/, ([^,]*)$/, " and $1");
}
