// A console font (PSF 1 or 2, gzipped or not): each glyph's points, and the character that it stands for.

import { gunzipSync } from "node:zlib";

export interface Font {
  readonly width: number;
  readonly height: number;
  /** A glyph's points, row by row, as a text of "1" and "0" → its character. */
  readonly glyphs: ReadonlyMap<string, string>;
}

interface Head {
  readonly at: number;
  readonly count: number;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  readonly table: boolean;
}

/** Throws where it is no such font, or tells no characters. */
export function readFont(file: Uint8Array): Font {
  const bytes = file[0] === 0x1f && file[1] === 0x8b ? gunzipSync(file) : Buffer.from(file);
  const second = bytes.readUInt32LE(0) === 0x864ab572;
  const head = second ? headOf2(bytes) : headOf1(bytes);
  if (!head.table) throw new Error("the font does not say which characters it has");
  const table = bytes.subarray(head.at + head.count * head.bytes);
  const characters = second ? charactersOf2(table) : charactersOf1(table);
  const glyphs = new Map<string, string>();
  for (let glyph = 0; glyph < head.count; glyph++) {
    const points = pointsOf(bytes.subarray(head.at + glyph * head.bytes), head);
    const character = plainest(characters[glyph] ?? []);
    if (character !== undefined) glyphs.set(points, plainest([glyphs.get(points) ?? character, character])!);
  }
  return { width: head.width, height: head.height, glyphs };
}

function headOf2(bytes: Buffer): Head {
  const [at, flags, count, size, height, width] = [8, 12, 16, 20, 24, 28].map((place) =>
    bytes.readUInt32LE(place),
  ) as [number, number, number, number, number, number];
  return { at, count, bytes: size, height, width, table: (flags & 1) === 1 };
}

function headOf1(bytes: Buffer): Head {
  if (bytes.readUInt16LE(0) !== 0x0436) throw new Error("not a console font");
  const [mode, size] = [bytes[2]!, bytes[3]!];
  const table = (mode & 6) !== 0;
  return { at: 4, count: mode & 1 ? 512 : 256, bytes: size, height: size, width: 8, table };
}

function pointsOf(glyph: Buffer, { width, height }: Head): string {
  const across = Math.ceil(width / 8);
  let points = "";
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) points += (glyph[y * across + (x >> 3)]! >> (7 - (x & 7))) & 1;
  return points;
}

/** UTF-8 with 0xff at the end of each glyph's; what follows 0xfe are sequences, which no console shows. */
function charactersOf2(table: Buffer): string[][] {
  const out: string[][] = [];
  for (let from = 0; from < table.length; ) {
    const end = table.indexOf(0xff, from);
    const own = table.subarray(from, end < 0 ? table.length : end);
    const plain = own.includes(0xfe) ? own.subarray(0, own.indexOf(0xfe)) : own;
    out.push([...plain.toString("utf8")]);
    from = end < 0 ? table.length : end + 1;
  }
  return out;
}

function charactersOf1(table: Buffer): string[][] {
  const out: string[][] = [[]];
  let sequence = false;
  for (let at = 0; at + 1 < table.length; at += 2) {
    const code = table.readUInt16LE(at);
    if (code === 0xffff) {
      out.push([]);
      sequence = false;
    } else if (code === 0xfffe) sequence = true;
    else if (!sequence) out.at(-1)!.push(String.fromCharCode(code));
  }
  return out;
}

/** Letters that look alike share a glyph: the one with the lowest number is meant. */
function plainest(characters: readonly string[]): string | undefined {
  return characters.toSorted((one, other) => one.codePointAt(0)! - other.codePointAt(0)!)[0];
}
