// Calldata and what else is encoded by Solidity's contract ABI: types from their text, and values from bytes. Strict:
// only the one encoding that compilers and libraries write is read, each byte once. So nothing can lie in two places,
// nothing can hide between values, and reading takes time in proportion to the bytes.

import { type Address, writeAddress } from "../eip55.ts";
import { LIMITS } from "../limits.ts";
import { fromUtf8 } from "../text.ts";
import type { AbiField, AbiType } from "./abi-types.ts";

export { type AbiField, type AbiType, readSignature, readTypes } from "./abi-types.ts";

/** Integers, truth, addresses and text as such; bytes of either kind as a view; lists and tuples by their place. */
export type AbiValue = bigint | boolean | string | Uint8Array | readonly AbiValue[];

export interface Decoded {
  /** As many as fields, in their order. */
  readonly values: readonly AbiValue[];
  /** What stands behind the values: of an honest call, nothing. */
  readonly rest: Uint8Array;
}

/** Undefined where the bytes are not what encoding the values again would give, or where there are too many values. */
export function decodeAbi(fields: readonly AbiField[], bytes: Uint8Array): Decoded | undefined {
  const reader = new Reader(bytes);
  try {
    const { values, end } = reader.sequence(
      fields.map(({ type }) => type),
      0,
    );
    return { values, rest: bytes.subarray(end) };
  } catch (error) {
    if (error instanceof NotCanonical) return undefined;
    throw error;
  }
}

class NotCanonical extends Error {}

const WORD = 32;

class Reader {
  readonly #bytes: Uint8Array;
  #values = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Heads side by side, and behind them, in the same order and without a gap, what the heads point to. */
  sequence(types: readonly AbiType[], base: number): { values: AbiValue[]; end: number } {
    let head = base;
    let end = base + types.reduce((sum, type) => sum + type.head, 0);
    must(end <= this.#bytes.length);
    const values: AbiValue[] = [];
    for (const type of types) {
      if (type.dynamic) {
        must(this.#size(head) === end - base);
        const one = this.#dynamic(type, end);
        values.push(one.value);
        end = one.end;
      } else values.push(this.#inPlace(type, head));
      head += type.head;
    }
    return { values, end };
  }

  #dynamic(type: AbiType, at: number): { value: AbiValue; end: number } {
    this.#count();
    if (type.kind === "bytes" || type.kind === "string") return this.#blob(type.kind, at);
    if (type.kind === "tuple")
      return named(
        this.sequence(
          type.fields.map((field) => field.type),
          at,
        ),
      );
    must(type.kind === "list");
    const list = type as Extract<AbiType, { kind: "list" }>;
    if (list.length !== undefined) return named(this.sequence(repeat(list.of, list.length), at));
    const length = this.#size(at);
    must(length * list.of.head <= this.#bytes.length - at - WORD && length <= LIMITS.callValues);
    return named(this.sequence(repeat(list.of, length), at + WORD));
  }

  #blob(kind: "bytes" | "string", at: number): { value: AbiValue; end: number } {
    const length = this.#size(at);
    const start = at + WORD;
    const end = start + Math.ceil(length / WORD) * WORD;
    must(end <= this.#bytes.length && this.#zeros(start + length, end));
    const bytes = this.#bytes.subarray(start, start + length);
    if (kind === "bytes") return { value: bytes, end };
    const text = fromUtf8(bytes);
    must(text !== undefined);
    return { value: text!, end };
  }

  /** A value that stands in its head. */
  #inPlace(type: AbiType, at: number): AbiValue {
    this.#count();
    if (type.kind === "tuple")
      return this.sequence(
        type.fields.map((field) => field.type),
        at,
      ).values;
    if (type.kind === "list") return this.sequence(repeat(type.of, type.length!), at).values;
    must(at + WORD <= this.#bytes.length);
    const word = this.#bytes.subarray(at, at + WORD);
    if (type.kind === "fixed") {
      must(this.#zeros(at + type.size, at + WORD));
      return word.subarray(0, type.size);
    }
    if (type.kind === "address") {
      must(this.#zeros(at, at + 12));
      return writeAddress(word.subarray(12)) satisfies Address;
    }
    const value = readWord(word);
    if (type.kind === "bool") {
      must(value <= 1n);
      return value === 1n;
    }
    must(type.kind === "uint" || type.kind === "int");
    const { bits } = type as Extract<AbiType, { kind: "uint" | "int" }>;
    const read = type.kind === "uint" ? BigInt.asUintN(bits, value) : BigInt.asIntN(bits, value);
    must(BigInt.asUintN(256, read) === value);
    return read;
  }

  /** An offset or a length: none can be larger than what was read. */
  #size(at: number): number {
    must(at + WORD <= this.#bytes.length && this.#zeros(at, at + 26));
    const size = this.#bytes.subarray(at + 26, at + WORD).reduce((sum, byte) => sum * 256 + byte, 0);
    must(size <= this.#bytes.length);
    return size;
  }

  #zeros(from: number, to: number): boolean {
    for (let i = from; i < to; i++) if (this.#bytes[i] !== 0) return false;
    return true;
  }

  #count(): void {
    must(++this.#values <= LIMITS.callValues);
  }
}

function named({ values, end }: { values: AbiValue[]; end: number }): { value: AbiValue; end: number } {
  return { value: values, end };
}

function repeat(type: AbiType, times: number): readonly AbiType[] {
  return Array.from({ length: times }, () => type);
}

function must(holds: boolean): void {
  if (!holds) throw new NotCanonical();
}

/** Up to 32 bytes, big-endian. */
export function readWord(bytes: Uint8Array): bigint {
  let value = 0n;
  for (let at = 0; at < bytes.length; at += 4) {
    const part = bytes.subarray(at, at + 4);
    value = (value << BigInt(8 * part.length)) | BigInt(part.reduce((sum, byte) => sum * 256 + byte, 0));
  }
  return value;
}
