// PNG straight to brightness (W3C PNG, third edition). Own, because a general reader makes eight bytes of
// every pixel and unpacks interlaced files without a bound; here all that is unpacked is what the header
// promises. Not taken: interlaced files. Not looked at: colour profiles and gamma.

import { crc32, inflateSync } from "node:zlib";
import type { Frame } from "../../src/qr/frame.ts";
import { brightness, checkedSize, DamagedPicture } from "./size.ts";

interface Header {
  readonly width: number;
  readonly height: number;
  /** Bits a sample. */
  readonly depth: number;
  readonly colour: number;
}

/** Samples a pixel, and the depths allowed, by colour type: grey, RGB, palette, grey + alpha, RGB + alpha. */
const COLOURS: Readonly<Record<number, { readonly samples: number; readonly depths: readonly number[] }>> = {
  0: { samples: 1, depths: [1, 2, 4, 8, 16] },
  2: { samples: 3, depths: [8, 16] },
  3: { samples: 1, depths: [1, 2, 4, 8] },
  4: { samples: 2, depths: [8, 16] },
  6: { samples: 4, depths: [8, 16] },
};

const HEADER = 0x49484452;
const PALETTE = 0x504c5445;
const ALPHA = 0x74524e53;
const PIXELS = 0x49444154;
const END = 0x49454e44;

/** Bytes that begin with the PNG signature. Throws DamagedPicture. */
export function readPng(bytes: Uint8Array): Frame {
  const chunks = chunksOf(bytes);
  const header = headerOf(chunks);
  const { samples } = COLOURS[header.colour]!;
  const pixelBytes = Math.max(1, (samples * header.depth) / 8);
  const rowBytes = Math.ceil((header.width * samples * header.depth) / 8);
  const packed = chunks.filter(({ type }) => type === PIXELS).map(({ body }) => body);
  const rows = unpacked(packed, (rowBytes + 1) * header.height);
  unfilter(rows, rowBytes, pixelBytes);
  return {
    width: header.width,
    height: header.height,
    luma: lumaOf(rows, rowBytes, header, paletteOf(chunks)),
  };
}

interface Chunk {
  readonly type: number;
  readonly body: Uint8Array;
}

function chunksOf(bytes: Uint8Array): readonly Chunk[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const chunks: Chunk[] = [];
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at);
    const end = at + 8 + length;
    if (end + 4 > bytes.length) break;
    const type = view.getUint32(at + 4);
    if (crc32(bytes.subarray(at + 4, end)) !== view.getUint32(end)) break;
    if (type === END) return chunks;
    if ([HEADER, PALETTE, ALPHA, PIXELS].includes(type))
      chunks.push({ type, body: bytes.subarray(at + 8, end) });
    at = end + 4;
  }
  throw new DamagedPicture("a damaged PNG");
}

function headerOf(chunks: readonly Chunk[]): Header {
  const [first] = chunks;
  if (first?.type !== HEADER || first.body.length !== 13) throw new DamagedPicture("a PNG without header");
  const view = new DataView(first.body.buffer, first.body.byteOffset, 13);
  const width = view.getUint32(0);
  const height = view.getUint32(4);
  checkedSize(width, height);
  const [depth, colour, , , interlaced] = first.body.subarray(8);
  if (!COLOURS[colour!]?.depths.includes(depth!)) throw new DamagedPicture("a PNG of an unknown kind");
  if (interlaced !== 0) throw new DamagedPicture("an interlaced PNG: save it without interlacing");
  return { width, height, depth: depth!, colour: colour! };
}

/** Exactly `length` bytes. */
function unpacked(packed: readonly Uint8Array[], length: number): Uint8Array {
  try {
    const [only = new Uint8Array()] = packed;
    const all = packed.length === 1 ? only : Buffer.concat(packed);
    const rows = inflateSync(all, { maxOutputLength: length, chunkSize: Math.max(64, length) });
    if (rows.length === length) return rows;
  } catch {
    // Damaged, or longer than its header promises.
  }
  throw new DamagedPicture("a damaged PNG");
}

/** Undoes each row's filter in place; the first byte of a row names it (section 9). */
function unfilter(rows: Uint8Array, rowBytes: number, pixelBytes: number): void {
  for (let start = 0; start < rows.length; start += rowBytes + 1) {
    const filter = rows[start]!;
    if (filter > 4) throw new DamagedPicture("a damaged PNG");
    if (filter === 0) continue;
    for (let i = 1; i <= rowBytes; i++) {
      const at = start + i;
      const left = i > pixelBytes ? rows[at - pixelBytes]! : 0;
      const up = start > 0 ? rows[at - rowBytes - 1]! : 0;
      const corner = i > pixelBytes && start > 0 ? rows[at - rowBytes - 1 - pixelBytes]! : 0;
      rows[at] = rows[at]! + predicted(filter, left, up, corner);
    }
  }
}

function predicted(filter: number, left: number, up: number, corner: number): number {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  const guess = left + up - corner;
  const [byLeft, byUp, byCorner] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  if (byLeft <= byUp && byLeft <= byCorner) return left;
  return byUp <= byCorner ? up : corner;
}

/** Brightness of each palette entry, transparency laid on white. */
function paletteOf(chunks: readonly Chunk[]): Uint8Array {
  const colours = chunks.find(({ type }) => type === PALETTE)?.body ?? new Uint8Array();
  const alphas = chunks.find(({ type }) => type === ALPHA)?.body ?? new Uint8Array();
  return Uint8Array.from({ length: Math.floor(colours.length / 3) }, (_, i) =>
    brightness(colours[3 * i]!, colours[3 * i + 1]!, colours[3 * i + 2]!, alphas[i] ?? 255),
  );
}

function lumaOf(rows: Uint8Array, rowBytes: number, header: Header, palette: Uint8Array): Uint8Array {
  const { width, height, depth, colour } = header;
  const { samples } = COLOURS[colour]!;
  const luma = new Uint8Array(width * height);
  const step = Math.max(1, depth >> 3);
  const most = (1 << Math.min(depth, 8)) - 1;
  for (let y = 0, out = 0; y < height; y++) {
    const row = y * (rowBytes + 1) + 1;
    for (let x = 0; x < width; x++, out++) {
      // The upper byte of a 16 bit sample is enough.
      const at = row + x * samples * step;
      if (samples >= 3)
        luma[out] = brightness(
          rows[at]!,
          rows[at + step]!,
          rows[at + 2 * step]!,
          samples === 4 ? rows[at + 3 * step]! : 255,
        );
      else if (samples === 2) luma[out] = brightness(rows[at]!, rows[at]!, rows[at]!, rows[at + step]!);
      else {
        const sample =
          depth >= 8
            ? rows[at]!
            : (rows[row + ((x * depth) >> 3)]! >> (8 - depth - ((x * depth) & 7))) & most;
        luma[out] = colour === 3 ? (palette[sample] ?? 0) : (sample * 255) / most;
      }
    }
  }
  return luma;
}
