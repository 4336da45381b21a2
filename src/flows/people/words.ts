// Words for persons and their factors.

import type { Person } from "../../keeping.ts";
import type { Ask } from "../../rules.ts";

export type Factor = Person["factor"];

export const FACTOR_WORDS: Record<Factor, string> = {
  pin: "a PIN",
  totp: "authenticator, by the time",
  hotp: "authenticator, by a counter",
  key: "security key",
};

/** "anna", "anna and bert", "1 of bert, carl": who is still needed of those asked, `proven` being done. */
export function stillNeeded({ need, of }: Ask, proven: ReadonlySet<string>): string {
  const left = of.filter((name) => !proven.has(name));
  const more = need - (of.length - left.length);
  if (more < left.length) return `${more} of ${left.join(", ")}`;
  return left.length < 2 ? left.join("") : `${left.slice(0, -1).join(", ")} and ${left.at(-1)}`;
}
