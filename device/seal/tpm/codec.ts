// TPM 2.0 structures as bytes: big-endian integers, and byte strings behind a 16-bit length (TPM2B).

import { concat, readU32be, u32be } from "../../../src/bytes.ts";

/** What stands at the other end does not answer as a TPM must. Never holds what was sent or read. */
export class TpmBroken extends Error {}

export function u8(value: number): Uint8Array {
  return Uint8Array.of(value);
}

export function u16(value: number): Uint8Array {
  return Uint8Array.of(value >>> 8, value);
}

export const u32 = u32be;

/** A TPM2B: length, then the bytes. */
export function sized(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  return concat(u16(length), ...parts);
}

/** Reads from the front; throws TpmBroken where bytes are missing. What it gives are views. */
export class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  take(length: number): Uint8Array {
    if (length > this.#bytes.length - this.#at) throw new TpmBroken("its answer is too short");
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  u8(): number {
    return this.take(1)[0]!;
  }

  u16(): number {
    const [high, low] = this.take(2);
    return (high! << 8) | low!;
  }

  u32(): number {
    return readU32be(this.take(4), 0);
  }

  u64(): bigint {
    return (BigInt(this.u32()) << 32n) | BigInt(this.u32());
  }

  sized(): Uint8Array {
    return this.take(this.u16());
  }

  rest(): Uint8Array {
    return this.take(this.#bytes.length - this.#at);
  }

  end(): void {
    if (this.#at !== this.#bytes.length) throw new TpmBroken("its answer is too long");
  }
}
