// Parts that hang or kill other readers (each was tried on five of them), made here.

import { concat } from "../../src/bytes.ts";
import { utf8 } from "../../src/text.ts";
import { writeBytewords } from "../../src/transport/bytewords.ts";
import { cborHead } from "../../src/transport/cbor.ts";
import { crc32 } from "../../src/transport/crc32.ts";
import { xoshiro } from "../../src/transport/fountain.ts";
import { urBody, urParts } from "../../src/transport/write-ur.ts";
import { psbtOf } from "./support.ts";

export interface PartFields {
  readonly seqNum: number;
  readonly seqLen: number;
  readonly messageLength: number;
  readonly crc: number;
  readonly fragment: Uint8Array;
  readonly type?: string;
}

/** Any part, honest or not, with a right checksum of its own. */
export function rawPart({
  seqNum,
  seqLen,
  messageLength,
  crc,
  fragment,
  type = "crypto-psbt",
}: PartFields): string {
  const heads = [
    ...cborHead(4, 5),
    ...cborHead(0, seqNum),
    ...cborHead(0, seqLen),
    ...cborHead(0, messageLength),
  ];
  const body = concat(
    Uint8Array.from([...heads, ...cborHead(0, crc), ...cborHead(2, fragment.length)]),
    fragment,
  );
  return `ur:${type}/${seqNum}-${seqLen}/${writeBytewords(body)}`;
}

/** A part whose body is any CBOR. */
export const bodyPart = (hex: string): string =>
  `ur:crypto-psbt/1-2/${writeBytewords(Uint8Array.from(Buffer.from(hex, "hex")))}`;

/** Sums of noise that no message has, all of one set. */
export function* junkParts(count: number, seqLen: number): Generator<string> {
  const dice = xoshiro(utf8("junk"));
  for (let i = 0; i < count; i++) {
    const fragment = Uint8Array.from({ length: 200 }, () => Math.floor(dice() * 256));
    yield rawPart({ seqNum: seqLen + 1 + i, seqLen, messageLength: 200 * seqLen, crc: 7, fragment });
  }
}

/** A whole message whose parts name another checksum. */
function wrongCrc(): string[] {
  const body = urBody(psbtOf(600));
  const crc = (crc32(body) ^ 1) >>> 0;
  return [0, 1, 2].map((i) =>
    rawPart({
      seqNum: i + 1,
      seqLen: 3,
      messageLength: body.length,
      crc,
      fragment: concat(body, new Uint8Array(3)).slice(i * 201, (i + 1) * 201),
    }),
  );
}

const few = new Uint8Array(100).fill(1);

/** By name: the texts in the order in which they are shown. */
export function hostileParts(): (readonly [string, readonly string[]])[] {
  const huge = 2 ** 31;
  return [
    [
      "seqLen 2^31, one fragment",
      [rawPart({ seqNum: 1, seqLen: huge, messageLength: 100, crc: 1, fragment: few })],
    ],
    ["seqLen 5 * 10^7", [rawPart({ seqNum: 1, seqLen: 5e7, messageLength: 4e9, crc: 1, fragment: few })]],
    [
      "seqLen 10^6, a sum",
      [rawPart({ seqNum: 1e6 + 7, seqLen: 1e6, messageLength: 1e8, crc: 1, fragment: few })],
    ],
    [
      "seqLen 60 000, three sums",
      [1, 2, 3].map((i) =>
        rawPart({ seqNum: 6e4 + i, seqLen: 6e4, messageLength: 6e6, crc: 1, fragment: few }),
      ),
    ],
    [
      "seqLen at the bound, three sums",
      [1, 2, 3].map((i) =>
        rawPart({ seqNum: 8192 + i, seqLen: 8192, messageLength: 819_200, crc: 1, fragment: few }),
      ),
    ],
    ["an array of 2^32 items", [bodyPart("9b00000000ffffffff01020304")]],
    ["a map of 2^32 entries", [bodyPart("bb00000000ffffffff01020304")]],
    ["4 GB of bytes announced", [bodyPart("5affffffff0102030405")]],
    ["an array without end", [bodyPart("9f0102030405060708")]],
    [
      "messageLen lies, 4 GB",
      [rawPart({ seqNum: 1, seqLen: 2, messageLength: 0xffffffff, crc: 1, fragment: few })],
    ],
    ["nested arrays", [`ur:crypto-psbt/${writeBytewords(new Uint8Array(2000).fill(0x81))}`]],
    ["seqLen 0", [rawPart({ seqNum: 1, seqLen: 0, messageLength: 100, crc: 1, fragment: few })]],
    ["seqNum 0", [rawPart({ seqNum: 0, seqLen: 2, messageLength: 200, crc: 1, fragment: few })]],
    [
      "an empty fragment",
      [rawPart({ seqNum: 1, seqLen: 2, messageLength: 0, crc: 1, fragment: new Uint8Array(0) })],
    ],
    ["wrong checksum of the whole", wrongCrc()],
    ["a sum of 4096 at the bounds", [urParts(urBody(psbtOf(4_000_000)), 500)(8111)]],
    ["base43 at its bound", [`9${"Z".repeat(5119)}`]],
    ["digits past the bound", ["1".repeat(7090)]],
  ];
}
