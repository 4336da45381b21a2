// The Inflate that transport is handed: raw deflate, bounded (BBQr's encoding Z).

import { inflateRawSync } from "node:zlib";

/** Undefined where it is damaged or longer than `mostBytes`. */
export function inflate(raw: Uint8Array, mostBytes: number): Uint8Array | undefined {
  try {
    return new Uint8Array(inflateRawSync(raw, { maxOutputLength: mostBytes }));
  } catch {
    return undefined;
  }
}
