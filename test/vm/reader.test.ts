// The screen reader itself, on pictures drawn here: it must never take one glyph for another.

import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { drawCode, paint } from "../../src/qr/draw.ts";
import { framesOf } from "./camera.ts";
import { type Font, readFont } from "./font.ts";
import { DRAWN, openCodeReader, type Pixels, readPpm, textOf } from "./screen.ts";

const WIDTH = 6;
const HEIGHT = 8;
/** Points of each glyph, and the characters that share it. */
const GLYPHS: readonly (readonly [string, string])[] = [
  ["A\u0410", "......|.###..|#...#.|#####.|#...#.|#...#.|......|......"],
  ["l", ".##...|..#...|..#...|..#...|..#...|.###..|......|......"],
  ["1", "..#...|.##...|..#...|..#...|..#...|.###..|......|......"],
  ["\u2588", Array.from({ length: HEIGHT }, () => "######").join("|")],
  ["\u2502", Array.from({ length: HEIGHT }, () => "..##..").join("|")],
  [" \u00a0", Array.from({ length: HEIGHT }, () => "......").join("|")],
];

function bitsOf(points: string): number[] {
  return points
    .split("|")
    .map((row) => Number.parseInt(row.replace(/./g, (p) => (p === "#" ? "1" : "0")).padEnd(8, "0"), 2));
}

function psf2(): Buffer {
  const head = Buffer.alloc(32);
  for (const [place, value] of [0x864ab572, 0, 32, 1, GLYPHS.length, HEIGHT, HEIGHT, WIDTH].entries())
    head.writeUInt32LE(value, 4 * place);
  const table = GLYPHS.map(([characters]) => Buffer.concat([Buffer.from(characters), Buffer.of(0xff)]));
  return Buffer.concat([head, Buffer.from(GLYPHS.flatMap(([, points]) => bitsOf(points))), ...table]);
}

/** Cells of the font's size; "!" before a character swaps its two colours. */
function drawn(lines: readonly (readonly string[])[], font: Font, spare = 3): Pixels {
  const columns = Math.max(...lines.map((line) => line.length));
  const width = columns * WIDTH + spare;
  const height = lines.length * HEIGHT + spare;
  const rgb = new Uint8Array(3 * width * height).fill(8);
  const points = new Map([...font.glyphs].map(([bits, character]) => [character, bits]));
  for (const [row, line] of lines.entries())
    for (const [column, cell] of line.entries())
      for (const [at, point] of [...points.get(cell.at(-1)!)!].entries()) {
        const lit = (point === "1") !== cell.startsWith("!");
        const place = (row * HEIGHT + Math.floor(at / WIDTH)) * width + column * WIDTH + (at % WIDTH);
        rgb.set(lit ? [220, 200, 40] : [8, 8, 8], 3 * place);
      }
  return { width, height, rgb };
}

test("a font in either form gives the plainest character of each glyph", () => {
  for (const file of [psf2(), gzipSync(psf2())]) {
    const { width, height, glyphs } = readFont(file);
    assert.deepEqual([width, height], [WIDTH, HEIGHT]);
    assert.deepEqual([...glyphs.values()], ["A", "l", "1", "\u2588", "\u2502", " "]);
  }
  const first = Buffer.concat([
    Buffer.of(0x36, 0x04, 2, 8),
    Buffer.alloc(256 * 8),
    Buffer.from(Uint16Array.from({ length: 512 }, (_, at) => (at % 2 === 0 ? 0x21 + at / 2 : 0xffff)).buffer),
  ]);
  assert.equal(readFont(first).glyphs.size, 1, "all glyphs are blank: one character");
  assert.throws(() => readFont(Buffer.alloc(64)), /not a console font/);
});

test("text is read glyph by glyph, in both polarities, and a letter is never its neighbour", () => {
  const font = readFont(psf2());
  const lines = [
    ["A", "l", "1", " ", " ", "\u2502"],
    ["!A", "!l", "!1", "! ", " ", " "],
  ];
  assert.deepEqual(textOf(drawn(lines, font), font), ["Al1  \u2502", "Al1"]);
});

test("one point more or less, or a third colour, is no letter", () => {
  const font = readFont(psf2());
  const pixels = drawn([["A", "l", "1"]], font);
  const at = (x: number, y: number) => 3 * (y * pixels.width + x);
  pixels.rgb.set([220, 200, 40], at(3, 6));
  pixels.rgb.set([220, 201, 40], at(WIDTH + 2, 3));
  assert.deepEqual(textOf(pixels, font), [`${DRAWN}${DRAWN}1`]);
});

test("a screendump that is cut off is none", () => {
  const whole = Buffer.concat([Buffer.from("P6\n2 1\n255\n"), Buffer.of(1, 2, 3, 4, 5, 6)]);
  assert.deepEqual([...readPpm(whole).rgb], [1, 2, 3, 4, 5, 6]);
  assert.throws(() => readPpm(whole.subarray(0, -1)), /not whole/);
  assert.throws(() => readPpm(Buffer.from("P5 1 1 255 a")), /not a screendump/);
});

test("a code on the display is read to its exact bytes, and what the camera is shown holds the code", async () => {
  const read = await openCodeReader();
  const loop = { texts: ["UR:BYTES/HDCXLKAHSSQZ"], version: 3, level: "L", mode: "alphanumeric" } as const;
  const frames = [paint(drawCode(loop.texts[0], loop), 5), framesOf(loop, { width: 320, height: 240 })[0]!];
  for (const { width, height, luma } of frames) {
    const rgb = Uint8Array.from({ length: 3 * luma.length }, (_, at) => luma[Math.floor(at / 3)]!);
    assert.equal(read({ width, height, rgb })?.text, loop.texts[0]);
  }
  assert.equal(read({ width: 64, height: 64, rgb: new Uint8Array(3 * 64 * 64) }), undefined);
});
