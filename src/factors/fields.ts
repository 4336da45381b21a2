// What a key's replies must hold, field by field. Everything else is factor.broken, naming the field.

import { refuse } from "../refusal.ts";
import type { Cbor, CborMap } from "./cbor.ts";

function missing(what: string): never {
  return refuse("factor.broken", `its reply has no proper ${what}`);
}

/** Bytes, of `least` to `most`. */
export function bytesIn(map: CborMap, key: number | string, what: string, least: number, most = least) {
  const value = map.get(key);
  if (!(value instanceof Uint8Array) || value.length < least || value.length > most) return missing(what);
  return value;
}

export function mapIn(map: CborMap, key: number | string, what: string): CborMap {
  const value = map.get(key);
  return value instanceof Map ? value : missing(what);
}

/** A whole number from 0 to `most`. */
export function countIn(map: CborMap, key: number | string, what: string, most: number): number {
  const value = map.get(key);
  return typeof value === "number" && value >= 0 && value <= most ? value : missing(what);
}

/** Undefined where it is not there. */
export function listIn(map: CborMap, key: number | string, what: string): readonly Cbor[] | undefined {
  const value = map.get(key);
  if (value === undefined) return undefined;
  return Array.isArray(value) ? value : missing(what);
}

export function isTrue(map: CborMap, key: string): boolean {
  return map.get(key) === true;
}
