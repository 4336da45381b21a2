// UR version 2. A PSBT is written as untagged crypto-psbt, the one form that every coordinator reads.

import { concat } from "../bytes.ts";
import { writeBytewords } from "./bytewords.ts";
import { cborHead } from "./cbor.ts";
import { crc32 } from "./crc32.ts";
import { degrees, fragmentsOf } from "./fountain.ts";

/** What Firn writes: a type's name as it stands in the code. */
export type UrType =
  | "CRYPTO-PSBT"
  | "CRYPTO-SEED"
  | "CRYPTO-BIP39"
  | "CRYPTO-ACCOUNT"
  | "CRYPTO-HDKEY"
  | "CRYPTO-OUTPUT"
  | "ETH-SIGNATURE"
  | "BYTES";

/**
 * Characters of a part that are no fragment, at most: the prefix "UR:CRYPTO-PSBT/" (only what is far from having
 * 8,192 parts has a longer one), "16384-8192/", and as two letters a byte
 * the array's head, seqNum, seqLen, messageLen, crc, the fragment's head and the part's own checksum.
 */
export const UR_OVERHEAD = 15 + 11 + 2 * (1 + 3 + 3 + 5 + 5 + 3 + 4);

/** The body of crypto-psbt: a byte string without a tag. */
export function urBody(psbt: Uint8Array): Uint8Array {
  return concat(Uint8Array.from(cborHead(2, psbt.length)), psbt);
}

export function urLength(psbtBytes: number): number {
  return cborHead(2, psbtBytes).length + psbtBytes;
}

/** The text of part `seqNum`, from 1 and without end, of a body cut into fragments of `size` bytes. */
export function urParts(
  body: Uint8Array,
  size: number,
  type: UrType = "CRYPTO-PSBT",
): (seqNum: number) => string {
  const count = Math.ceil(body.length / size);
  const fragments = Array.from({ length: count }, (_, i) => body.subarray(i * size, (i + 1) * size));
  const crc = crc32(body);
  const table = degrees(count);
  const shared = [
    ...cborHead(0, count),
    ...cborHead(0, body.length),
    ...cborHead(0, crc),
    ...cborHead(2, size),
  ];
  return (seqNum) => {
    const sum = new Uint8Array(size);
    for (const index of fragmentsOf(seqNum, table, crc)) {
      const fragment = fragments[index]!;
      for (let at = 0; at < fragment.length; at++) sum[at]! ^= fragment[at]!;
    }
    const part = concat(Uint8Array.from([...cborHead(4, 5), ...cborHead(0, seqNum), ...shared]), sum);
    return `UR:${type}/${seqNum}-${count}/${writeBytewords(part).toUpperCase()}`;
  };
}

/**
 * All texts of the loop, upper case so that they fit alphanumeric codes: the fragments, then as many sums of
 * fragments. A loop of 1 to 2n serves readers that join late better than sums without end.
 */
export function urLoop(body: Uint8Array, size: number, type: UrType = "CRYPTO-PSBT"): string[] {
  if (size >= body.length) return [`UR:${type}/${writeBytewords(body).toUpperCase()}`];
  const part = urParts(body, size, type);
  return Array.from({ length: 2 * Math.ceil(body.length / size) }, (_, i) => part(i + 1));
}
