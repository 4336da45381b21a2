// A PSBT as UR version 2: untagged crypto-psbt, the one form that every coordinator reads.

import { concat } from "../bytes.ts";
import { writeBytewords } from "./bytewords.ts";
import { cborHead } from "./cbor.ts";
import { crc32 } from "./crc32.ts";
import { degrees, fragmentsOf } from "./fountain.ts";

const PREFIX = "UR:CRYPTO-PSBT/";

/**
 * Characters of a part that are no fragment, at most: the prefix, "16384-8192/", and as two letters a byte
 * the array's head, seqNum, seqLen, messageLen, crc, the fragment's head and the part's own checksum.
 */
export const UR_OVERHEAD = PREFIX.length + 11 + 2 * (1 + 3 + 3 + 5 + 5 + 3 + 4);

/** The body of crypto-psbt: a byte string without a tag. */
export function urBody(psbt: Uint8Array): Uint8Array {
  return concat(Uint8Array.from(cborHead(2, psbt.length)), psbt);
}

export function urLength(psbtBytes: number): number {
  return cborHead(2, psbtBytes).length + psbtBytes;
}

/**
 * All texts of the loop, upper case so that they fit alphanumeric codes. `count` fragments of `size` bytes, then as many
 * sums of fragments: a loop of 1 to 2n serves readers that join late better than sums without end.
 */
export function writeUr(
  body: Uint8Array,
  { count, size }: { readonly count: number; readonly size: number },
): string[] {
  if (count === 1) return [PREFIX + writeBytewords(body).toUpperCase()];
  const fragments = Array.from({ length: count }, (_, i) => {
    const fragment = new Uint8Array(size);
    fragment.set(body.subarray(i * size, (i + 1) * size));
    return fragment;
  });
  const crc = crc32(body);
  const table = degrees(count);
  return Array.from({ length: 2 * count }, (_, i) => {
    const sum = new Uint8Array(size);
    for (const index of fragmentsOf(i + 1, table, crc)) {
      const fragment = fragments[index]!;
      for (let at = 0; at < size; at++) sum[at]! ^= fragment[at]!;
    }
    return PREFIX + partText(i + 1, count, body.length, crc, sum);
  });
}

/** [seqNum, seqLen, messageLen, crc, fragment] */
function partText(seqNum: number, count: number, length: number, crc: number, fragment: Uint8Array): string {
  const heads = [...cborHead(4, 5), ...cborHead(0, seqNum), ...cborHead(0, count), ...cborHead(0, length)];
  const crcHead = cborHead(0, crc);
  const part = concat(Uint8Array.from([...heads, ...crcHead, ...cborHead(2, fragment.length)]), fragment);
  return `${seqNum}-${count}/${writeBytewords(part).toUpperCase()}`;
}
