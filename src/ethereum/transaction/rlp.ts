// RLP, read strictly: everything has one spelling, and any other is refused. Items are views of the bytes that came. A
// list is read one level at a time by whoever knows what stands in it, so nothing can be nested deeper than that.

import { refuse } from "../../refusal.ts";

export interface Item {
  readonly list: boolean;
  /** Without its head: the bytes, or the items of the list one after the other. */
  readonly body: Uint8Array;
}

/** The one item that these bytes are. */
export function readItem(bytes: Uint8Array, field: string): Item {
  const { item, end } = itemAt(bytes, 0, field);
  if (end !== bytes.length) refuse("ethereum.encoding", `${field}: goes on after its end`);
  return item;
}

/** The items of a list, at most so many. */
export function itemsOf(item: Item, field: string, most: number): readonly Item[] {
  if (!item.list) refuse("ethereum.encoding", `${field}: no list`);
  const items: Item[] = [];
  for (let at = 0; at < item.body.length; ) {
    if (items.length === most) refuse("ethereum.field", `${field}: more than ${most} of them`);
    const next = itemAt(item.body, at, field);
    items.push(next.item);
    at = next.end;
  }
  return items;
}

/** The bytes of an item that is no list. */
export function bytesOf(item: Item, field: string): Uint8Array {
  return item.list ? refuse("ethereum.encoding", `${field}: a list in place of a value`) : item.body;
}

/** Heads are lower: a byte that stands for itself, short bytes, long bytes, a short list, a long list. */
const BYTES = 0x80;
const LONG_BYTES = 0xb8;
const LIST = 0xc0;
const LONG_LIST = 0xf8;
/** More stand behind a length of their own. */
const SHORT = 55;

function itemAt(bytes: Uint8Array, at: number, field: string): { readonly item: Item; readonly end: number } {
  const head = bytes[at] ?? refuse("ethereum.encoding", `${field}: nothing there`);
  if (head < BYTES) return { item: { list: false, body: bytes.subarray(at, at + 1) }, end: at + 1 };
  const list = head >= LIST;
  const long = head >= LONG_LIST || (head >= LONG_BYTES && !list);
  const lengthBytes = long ? head - (list ? LONG_LIST : LONG_BYTES) + 1 : 0;
  const start = at + 1 + lengthBytes;
  const length = long ? longLength(bytes, at + 1, start, field) : head - (list ? LIST : BYTES);
  if (length > bytes.length - start) refuse("ethereum.encoding", `${field}: ends in the middle`);
  const body = bytes.subarray(start, start + length);
  if (!list && length === 1 && body[0]! < BYTES)
    refuse("ethereum.encoding", `${field}: not in its shortest form`);
  return { item: { list, body }, end: start + length };
}

function longLength(bytes: Uint8Array, from: number, until: number, field: string): number {
  if (until > bytes.length) refuse("ethereum.encoding", `${field}: ends in the middle`);
  if (bytes[from] === 0) refuse("ethereum.encoding", `${field}: a length with zeros before it`);
  let length = 0;
  for (let at = from; at < until; at++) length = length * 256 + bytes[at]!;
  if (length <= SHORT) refuse("ethereum.encoding", `${field}: a length not in its shortest form`);
  return length;
}
