// A place in foreign bytes that never leaves them. What does not fit goes to `bad`, which throws.

import { readU32le } from "../bytes.ts";

/** Throws a Refusal that says where; `what` completes "input 3: …". */
export type Bad = (what: string) => never;

export interface Cursor {
  readonly bytes: Uint8Array;
  readonly bad: Bad;
  at: number;
}

export function cursor(bytes: Uint8Array, bad: Bad): Cursor {
  return { bytes, bad, at: 0 };
}

export function left(from: Cursor): number {
  return from.bytes.length - from.at;
}

/** The next bytes, as a view. */
export function take(from: Cursor, length: number): Uint8Array {
  if (length > left(from)) return from.bad("ends in the middle");
  from.at += length;
  return from.bytes.subarray(from.at - length, from.at);
}

export function skip(from: Cursor, length: number): void {
  if (length > left(from)) from.bad("ends in the middle");
  from.at += length;
}

export function takeU32(from: Cursor): number {
  skip(from, 4);
  return readU32le(from.bytes, from.at - 4);
}

/** Compact size as Bitcoin writes it; only the shortest form, and nothing from 2^32 on. */
export function compactSize(from: Cursor): number {
  skip(from, 1);
  const { bytes, at } = from;
  const first = bytes[at - 1]!;
  if (first < 0xfd) return first;
  if (first === 0xfd) {
    skip(from, 2);
    const value = bytes[at]! | (bytes[at + 1]! << 8);
    return value < 0xfd ? from.bad("a number is not in its shortest form") : value;
  }
  if (first === 0xfe) {
    const value = takeU32(from);
    return value < 0x10000 ? from.bad("a number is not in its shortest form") : value;
  }
  return from.bad("a number is larger than anything here can be");
}

/** How many of something follow, each at least `size` bytes: more than there is room for is refused at once. */
export function countOf(from: Cursor, size: number): number {
  const count = compactSize(from);
  if (count * size > left(from)) from.bad("announces more than it holds");
  return count;
}

/** Bytes after their own length. */
export function takeSized(from: Cursor): Uint8Array {
  return take(from, compactSize(from));
}

export function skipSized(from: Cursor): void {
  skip(from, compactSize(from));
}

export function atEnd(from: Cursor): void {
  if (left(from) !== 0) from.bad("goes on after its end");
}

export function encodeCompactSize(value: number): Uint8Array {
  if (value < 0xfd) return Uint8Array.of(value);
  if (value < 0x10000) return Uint8Array.of(0xfd, value, value >>> 8);
  return Uint8Array.of(0xfe, value, value >>> 8, value >>> 16, value >>> 24);
}
