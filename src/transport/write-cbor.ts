// What UR types are written with: CBOR (RFC 8949) in its shortest form, definite lengths only.

import { concat } from "../bytes.ts";
import { utf8 } from "../text.ts";
import { cborHead } from "./cbor.ts";

/** One item, encoded. */
export type Encoded = Uint8Array;

const head = (major: number, value: number): Encoded => Uint8Array.from(cborHead(major, value));

/** Up to 2^32 - 1. */
export const uint = (value: number): Encoded => head(0, value);
export const byteString = (bytes: Uint8Array): Encoded => concat(head(2, bytes.length), bytes);
export const bool = (value: boolean): Encoded => Uint8Array.of(value ? 0xf5 : 0xf4);
export const array = (items: readonly Encoded[]): Encoded => concat(head(4, items.length), ...items);
export const tag = (number: number, item: Encoded): Encoded => concat(head(6, number), item);

export function textString(text: string): Encoded {
  const bytes = utf8(text);
  return concat(head(3, bytes.length), bytes);
}

/** Under small numbers, in their order; what is undefined is left out. */
export function map(fields: Readonly<Record<number, Encoded | undefined>>): Encoded {
  const there = Object.entries(fields).flatMap(([key, item]) => (item ? [[uint(Number(key)), item]] : []));
  return concat(head(5, there.length), ...there.flat());
}
