// The part of CBOR (RFC 8949) that UR types need: definite lengths only, bounded before anything is allocated.

import { LIMITS } from "../limits.ts";
import { refuse } from "../refusal.ts";
import { fromUtf8 } from "../text.ts";

export type Cbor =
  | { readonly type: "uint"; readonly value: number }
  | { readonly type: "bytes"; readonly bytes: Uint8Array }
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "array"; readonly items: readonly Cbor[] }
  | { readonly type: "map"; readonly entries: readonly (readonly [Cbor, Cbor])[] }
  | { readonly type: "tag"; readonly tag: number; readonly item: Cbor }
  | { readonly type: "bool"; readonly value: boolean }
  /** Negative numbers, floats, null: read over, never used. */
  | { readonly type: "other" };

interface Cursor {
  readonly bytes: Uint8Array;
  at: number;
  items: number;
}

const bad = (): never => refuse("transport.damaged", "its CBOR is malformed or too deep");

/** Unsigned number of 0, 1, 2, 4 or 8 bytes as the head's low five bits say; above 2^53 is refused. */
function argument(cursor: Cursor, low: number): number {
  if (low < 24) return low;
  if (low > 27) return bad();
  const length = 1 << (low - 24);
  if (cursor.at + length > cursor.bytes.length) return bad();
  let value = 0;
  for (let i = 0; i < length; i++) value = value * 256 + cursor.bytes[cursor.at++]!;
  return Number.isSafeInteger(value) ? value : bad();
}

function take(cursor: Cursor, length: number): Uint8Array {
  if (length > cursor.bytes.length - cursor.at) return bad();
  cursor.at += length;
  return cursor.bytes.subarray(cursor.at - length, cursor.at);
}

/** Counts `more` items against the bound and against the bytes that are left, at least one for each. */
function count(cursor: Cursor, more: number): void {
  cursor.items += more;
  if (cursor.items > LIMITS.cborItems || more > cursor.bytes.length - cursor.at) bad();
}

function simple(cursor: Cursor, low: number): Cbor {
  if (low === 20 || low === 21) return { type: "bool", value: low === 21 };
  if (low < 24) return { type: "other" };
  if (low > 27) return bad();
  take(cursor, 1 << (low - 24));
  return { type: "other" };
}

function item(cursor: Cursor, depth: number): Cbor {
  if (depth > LIMITS.cborDepth || cursor.at >= cursor.bytes.length) return bad();
  const head = cursor.bytes[cursor.at++]!;
  if (head >> 5 === 7) return simple(cursor, head & 31);
  const value = argument(cursor, head & 31);
  switch (head >> 5) {
    case 0:
      return { type: "uint", value };
    case 1:
      return { type: "other" };
    case 2:
      return { type: "bytes", bytes: take(cursor, value) };
    case 3:
      return { type: "text", text: fromUtf8(take(cursor, value)) ?? bad() };
    case 4:
      count(cursor, value);
      return { type: "array", items: Array.from({ length: value }, () => item(cursor, depth + 1)) };
    case 5:
      count(cursor, 2 * value);
      return {
        type: "map",
        entries: Array.from({ length: value }, () => [item(cursor, depth + 1), item(cursor, depth + 1)]),
      };
    default:
      return { type: "tag", tag: value, item: item(cursor, depth + 1) };
  }
}

/** One item that fills `bytes`. Byte strings are views. Throws Refusal transport.damaged. */
export function readCbor(bytes: Uint8Array): Cbor {
  const cursor: Cursor = { bytes, at: 0, items: 1 };
  const read = item(cursor, 0);
  return cursor.at === bytes.length ? read : bad();
}

/** The value under a small number in a map; a key that stands there twice is refused. */
export function field(map: Cbor, key: number): Cbor | undefined {
  if (map.type !== "map") return bad();
  const found = map.entries.filter(([name]) => name.type === "uint" && name.value === key);
  return found.length > 1 ? bad() : found[0]?.[1];
}

/** The head of an item: major type and argument up to 2^32 - 1, in the shortest form. */
export function cborHead(major: number, value: number): number[] {
  const type = major << 5;
  if (value < 24) return [type | value];
  if (value < 0x100) return [type | 24, value];
  if (value < 0x10000) return [type | 25, value >> 8, value & 0xff];
  return [type | 26, value >>> 24, (value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff];
}
