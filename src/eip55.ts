// Addresses of Ethereum: 20 bytes, written with the checksum of EIP 55.

import { keccak_256 } from "@noble/hashes/sha3.js";
import { fromHex, toHex } from "./bytes.ts";
import { utf8 } from "./text.ts";

/** "0x" and 40 hex digits whose capitals are the checksum of EIP 55: one spelling for each address. */
export type Address = `0x${string}`;

export const ADDRESS_BYTES = 20;

/** Of 20 bytes. */
export function writeAddress(bytes: Uint8Array): Address {
  if (bytes.length !== ADDRESS_BYTES) throw new Error("an address has 20 bytes");
  const digits = toHex(bytes);
  const hash = toHex(keccak_256(utf8(digits)));
  const cased = [...digits].map((digit, i) => (hash[i]! >= "8" ? digit.toUpperCase() : digit));
  return `0x${cased.join("")}`;
}

/** Its 20 bytes; capitals prove nothing here. */
export function addressBytes(address: Address): Uint8Array {
  return fromHex(address.slice(2).toLowerCase())!;
}

/**
 * What this text is: an address in its one spelling; "checksum" where its capitals are others than EIP 55 asks for;
 * undefined where it is no address. All small or all capital letters carry no checksum and are taken.
 */
export function readAddress(text: string): Address | "checksum" | undefined {
  const [, digits] = /^0[xX]([0-9a-fA-F]{40})$/.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const address = writeAddress(fromHex(digits.toLowerCase())!);
  const plain = digits === digits.toLowerCase() || digits === digits.toUpperCase();
  return plain || address.slice(2) === digits ? address : "checksum";
}
