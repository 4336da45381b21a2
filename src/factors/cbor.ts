// CBOR as CTAP2 uses it (CTAP 2.1, section 8): definite lengths, at most four levels, no tags, no floats.
// Written in the canonical order; read in any order, for there are keys in the field that do not keep it.

import { compare, concat } from "../bytes.ts";
import { refuse } from "../refusal.ts";
import { fromUtf8, utf8 } from "../text.ts";

export type Cbor = number | boolean | null | string | Uint8Array | readonly Cbor[] | CborMap;
export type CborMap = ReadonlyMap<number | string, Cbor>;

const MOST_LEVELS = 4;
const MOST_ITEMS = 512;

export function writeCbor(value: Cbor): Uint8Array {
  if (typeof value === "number") return value >= 0 ? head(0, value) : head(1, -1 - value);
  if (typeof value === "boolean") return Uint8Array.of(value ? 0xf5 : 0xf4);
  if (value === null) return Uint8Array.of(0xf6);
  if (typeof value === "string") {
    const text = utf8(value);
    return concat(head(3, text.length), text);
  }
  if (value instanceof Uint8Array) return concat(head(2, value.length), value);
  if (isList(value)) return concat(head(4, value.length), ...value.map(writeCbor));
  const rows = [...value].map(([key, item]) => ({ key: writeCbor(key), item: writeCbor(item) }));
  rows.sort((a, b) => inOrder(a.key, b.key));
  return concat(head(5, rows.length), ...rows.flatMap(({ key, item }) => [key, item]));
}

/** By kind, then the shorter, then byte by byte. */
function inOrder(a: Uint8Array, b: Uint8Array): number {
  return (a[0]! >> 5) - (b[0]! >> 5) || a.length - b.length || compare(a, b);
}

function isList(value: Cbor): value is readonly Cbor[] {
  return Array.isArray(value);
}

/** Major type and argument up to 65,535, in the shortest form. */
function head(major: number, value: number): Uint8Array {
  const type = major << 5;
  if (value < 24) return Uint8Array.of(type | value);
  if (value < 0x100) return Uint8Array.of(type | 24, value);
  if (value < 0x10000) return Uint8Array.of(type | 25, value >> 8, value & 0xff);
  throw new Error("nothing that is sent to a key is so large");
}

interface Cursor {
  readonly bytes: Uint8Array;
  at: number;
  items: number;
}

const broken = (): never => refuse("factor.broken", "its CBOR is malformed");

/** One map that fills `bytes`. Byte strings are copies. Throws Refusal factor.broken. */
export function readCborMap(bytes: Uint8Array): CborMap {
  const { map, end } = readMapAt(bytes, 0);
  return end === bytes.length ? map : broken();
}

/** One map that begins at `at`, and where it ends. Throws Refusal factor.broken. */
export function readMapAt(bytes: Uint8Array, at: number): { readonly map: CborMap; readonly end: number } {
  const cursor = { bytes, at, items: 0 };
  const map = item(cursor, 0);
  return map instanceof Map ? { map, end: cursor.at } : broken();
}

function item(cursor: Cursor, level: number): Cbor {
  if (cursor.at >= cursor.bytes.length || ++cursor.items > MOST_ITEMS) return broken();
  const first = cursor.bytes[cursor.at++]!;
  const [major, low] = [first >> 5, first & 31];
  if (major === 7) return low === 20 ? false : low === 21 ? true : low === 22 ? null : broken();
  const value = argument(cursor, low);
  if (major === 0) return value;
  if (major === 1) return -1 - value;
  if (major === 2) return take(cursor, value).slice();
  if (major === 3) return fromUtf8(take(cursor, value)) ?? broken();
  // Each item has a byte at least.
  if (level >= MOST_LEVELS || value > cursor.bytes.length - cursor.at) return broken();
  if (major === 4) return Array.from({ length: value }, () => item(cursor, level + 1));
  return major === 5 ? entries(cursor, level, value) : broken();
}

function entries(cursor: Cursor, level: number, count: number): CborMap {
  const map = new Map<number | string, Cbor>();
  for (let i = 0; i < count; i++) {
    const key = item(cursor, level + 1);
    if ((typeof key !== "number" && typeof key !== "string") || map.has(key)) return broken();
    map.set(key, item(cursor, level + 1));
  }
  return map;
}

function argument(cursor: Cursor, low: number): number {
  if (low < 24) return low;
  if (low > 27) return broken();
  let value = 0;
  for (const byte of take(cursor, 1 << (low - 24))) value = value * 256 + byte;
  return Number.isSafeInteger(value) ? value : broken();
}

function take(cursor: Cursor, length: number): Uint8Array {
  if (length > cursor.bytes.length - cursor.at) return broken();
  cursor.at += length;
  return cursor.bytes.subarray(cursor.at - length, cursor.at);
}
