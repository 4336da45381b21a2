// Addresses and Safes for tests.

import { type Address, writeAddress } from "../../src/eip55.ts";

/** An address whose number is small and not zero. */
export function addressOf(number: number): Address {
  const bytes = new Uint8Array(20);
  bytes.set([0xa0, number >> 8, number & 255], 17);
  return writeAddress(bytes);
}
