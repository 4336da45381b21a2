// The authenticator's CBOR (CTAP 2.1, section 8): canonical both ways. What a platform sends in another form is
// refused, as the standard allows.

import { STATUS, Status } from "./status.ts";

export type Value = number | boolean | string | Buffer | readonly Value[] | Fields;
export type Fields = ReadonlyMap<number | string, Value>;

const MOST_DEPTH = 4;

export function encode(value: Value): Buffer {
  if (typeof value === "boolean") return Buffer.from([value ? 0xf5 : 0xf4]);
  if (typeof value === "number") return value < 0 ? start(1, -1 - value) : start(0, value);
  if (typeof value === "string")
    return Buffer.concat([start(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (Buffer.isBuffer(value)) return Buffer.concat([start(2, value.length), value]);
  if (value instanceof Map) {
    const pairs = [...value].map(([key, item]) => [encode(key), encode(item)] as const);
    pairs.sort(([a], [b]) => (a[0]! >> 5) - (b[0]! >> 5) || a.length - b.length || Buffer.compare(a, b));
    return Buffer.concat([start(5, pairs.length), ...pairs.flat()]);
  }
  const list = value as readonly Value[];
  return Buffer.concat([start(4, list.length), ...list.map(encode)]);
}

function start(major: number, count: number): Buffer {
  if (count < 24) return Buffer.from([(major << 5) | count]);
  if (count < 0x100) return Buffer.from([(major << 5) | 24, count]);
  const long = Buffer.alloc(count < 0x10000 ? 3 : 5);
  long[0] = (major << 5) | (count < 0x10000 ? 25 : 26);
  long.writeUIntBE(count, 1, long.length - 1);
  return long;
}

/** The parameters of a command. Throws Status: they must be one canonical map, or nothing. */
export function decodeFields(bytes: Buffer): Fields {
  if (bytes.length === 0) return new Map();
  const reader = new Decoder(bytes);
  const value = reader.value(0);
  if (!reader.ended) throw new Status(STATUS.invalidCbor);
  if (!(value instanceof Map)) throw new Status(STATUS.unexpectedType);
  if (!encode(value).equals(bytes)) throw new Status(STATUS.invalidCbor);
  return value;
}

class Decoder {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get ended(): boolean {
    return this.#at === this.#bytes.length;
  }

  value(depth: number): Value {
    const first = this.#take(1)[0]!;
    const major = first >> 5;
    if (first === 0xf4 || first === 0xf5) return first === 0xf5;
    if (major > 5 || depth > MOST_DEPTH) throw new Status(STATUS.invalidCbor);
    const count = this.#count(first & 31);
    if (major === 0) return count;
    if (major === 1) return -1 - count;
    if (major === 2) return Buffer.from(this.#take(count));
    if (major === 3) return this.#take(count).toString("utf8");
    if (count > this.#bytes.length - this.#at) throw new Status(STATUS.invalidCbor);
    if (major === 4) return Array.from({ length: count }, () => this.value(depth + 1));
    return this.#map(count, depth);
  }

  #map(count: number, depth: number): Fields {
    const map = new Map<number | string, Value>();
    for (let i = 0; i < count; i++) {
      const key = this.value(depth + 1);
      if (typeof key !== "number" && typeof key !== "string") throw new Status(STATUS.invalidCbor);
      map.set(key, this.value(depth + 1));
    }
    if (map.size !== count) throw new Status(STATUS.invalidCbor);
    return map;
  }

  #count(low: number): number {
    if (low < 24) return low;
    if (low > 26) throw new Status(STATUS.invalidCbor);
    return this.#take(1 << (low - 24)).readUIntBE(0, 1 << (low - 24));
  }

  #take(length: number): Buffer {
    if (length > this.#bytes.length - this.#at) throw new Status(STATUS.invalidCbor);
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}

/** Of the kind that the standard says, or a Status: missing, or of another type. */
export function bytesOf(fields: Fields, key: number | string, length?: number): Buffer {
  const value = need(fields, key);
  if (!Buffer.isBuffer(value)) throw new Status(STATUS.unexpectedType);
  if (length !== undefined && value.length !== length) throw new Status(STATUS.invalidParameter);
  return value;
}

export function textOf(fields: Fields, key: number | string): string {
  const value = need(fields, key);
  if (typeof value !== "string") throw new Status(STATUS.unexpectedType);
  return value;
}

export function numberOf(fields: Fields, key: number | string): number {
  const value = need(fields, key);
  if (typeof value !== "number") throw new Status(STATUS.unexpectedType);
  return value;
}

export function fieldsOf(fields: Fields, key: number | string): Fields {
  return asFields(need(fields, key));
}

export function listOf(fields: Fields, key: number | string): readonly Value[] {
  const value = need(fields, key);
  if (!Array.isArray(value)) throw new Status(STATUS.unexpectedType);
  return value;
}

export function asFields(value: Value): Fields {
  if (!(value instanceof Map)) throw new Status(STATUS.unexpectedType);
  return value;
}

function need(fields: Fields, key: number | string): Value {
  const value = fields.get(key);
  if (value === undefined) throw new Status(STATUS.missingParameter);
  return value;
}
