// Addresses that were made to look like others: people compare the ends.

import { type Address, readAddress } from "../../eip55.ts";

const SHOWN_DIGITS = 4;

/**
 * The known address that this one begins and ends like (four digits each) and is not; undefined where there is none.
 * An address that is known itself looks like nobody.
 */
export function looksLike(address: Address, known: readonly string[]): Address | undefined {
  const small = address.toLowerCase();
  if (known.some((one) => one.toLowerCase() === small)) return undefined;
  const ends = endsOf(small);
  const other = known.find((one) => endsOf(one) === ends);
  return other === undefined ? undefined : (readAddress(other.toLowerCase()) as Address);
}

/** What people look at of an address: its first and last four digits. */
export function endsOf(address: string): string {
  const small = address.toLowerCase();
  return `${small.slice(2, 2 + SHOWN_DIGITS)}${small.slice(-SHOWN_DIGITS)}`;
}
