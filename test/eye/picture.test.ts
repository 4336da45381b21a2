import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { crc32, deflateSync } from "node:zlib";
import fc from "fast-check";
import { PNG } from "pngjs";
import { inOrder, picturesAt } from "../../device/eye/files.ts";
import { readPicture } from "../../device/eye/picture.ts";
import { DamagedPicture } from "../../device/eye/size.ts";
import { LIMITS } from "../../src/limits.ts";
import { drawCode } from "../../src/qr/draw.ts";
import { chance, shoot, toJpeg, toPgm, toPng } from "../pictures.ts";
import { folder } from "./support.ts";

const code = drawCode("PICTURE", { version: 1, level: "L", mode: "alphanumeric" });
const frame = shoot(code, { width: 160, height: 120, modulePixels: 4, noise: 10, blur: 0.7 });
const FILES: Record<string, Uint8Array> = { PNG: toPng(frame), JPEG: toJpeg(frame), PGM: toPgm(frame) };

/** A PNG whose header says whatever it likes. */
function png(
  width: number,
  height: number,
  pixels: Uint8Array,
  depth = 8,
  colour = 0,
  interlaced = 0,
  palette?: Uint8Array,
): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, colour, 0, 0, interlaced], 8);
  const chunk = (type: string, content: Uint8Array) => {
    const out = Buffer.alloc(12 + content.length);
    out.writeUInt32BE(content.length, 0);
    out.write(type, 4, "latin1");
    out.set(content, 8);
    out.writeUInt32BE(crc32(out.subarray(4, 8 + content.length)), 8 + content.length);
    return out;
  };
  const magic = Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]);
  const colours = palette ? [chunk("PLTE", palette)] : [];
  return Buffer.concat([
    magic,
    chunk("IHDR", header),
    ...colours,
    chunk("IDAT", pixels),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

const pgm = (header: string, ...pixels: number[]) =>
  Buffer.concat([Buffer.from(header), Uint8Array.from(pixels)]);
const damaged = (bytes: Uint8Array, why: RegExp) =>
  assert.throws(
    () => readPicture(bytes),
    (error) => error instanceof DamagedPicture && why.test(error.message),
  );

test("PNG and PGM give the very pixels, JPEG nearly", () => {
  assert.deepEqual(readPicture(FILES.PNG!), frame);
  assert.deepEqual(readPicture(FILES.PGM!), frame);
  const { width, height, luma } = readPicture(FILES.JPEG!);
  assert.deepEqual([width, height], [160, 120]);
  const off = luma.reduce((sum, pixel, at) => sum + Math.abs(pixel - frame.luma[at]!), 0) / luma.length;
  assert.ok(off < 6, `off by ${off}`);
});

test("colours become brightness, and what is transparent lies on white", () => {
  const image = new PNG({ width: 4, height: 1 });
  image.data.set([255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255, 0, 0, 0, 0]);
  const { luma } = readPicture(PNG.sync.write(image));
  assert.deepEqual([...luma], [76, 150, 29, 255]);
});

/** What another reader makes of it, brightness laid on white. */
function oracle(bytes: Buffer): number[] {
  const { data } = PNG.sync.read(bytes);
  return Array.from({ length: data.length / 4 }, (_, i) => {
    const [red, green, blue, alpha] = data.subarray(4 * i, 4 * i + 4) as unknown as [
      number,
      number,
      number,
      number,
    ];
    const bright = (306 * red + 601 * green + 117 * blue + 512) >> 10;
    return 255 - Math.round(((255 - bright) * alpha) / 255);
  });
}

test("every kind of PNG is read as another reader reads it: grey, colours, alpha, 8 and 16 bits, every filter", () => {
  const sizes = fc.integer({ min: 1, max: 24 });
  const kinds = fc.record({
    colorType: fc.constantFrom(0, 2, 4, 6) as fc.Arbitrary<0 | 2 | 4 | 6>,
    filterType: fc.integer({ min: 0, max: 4 }),
  });
  fc.assert(
    fc.property(sizes, sizes, kinds, fc.nat(), (width, height, kind, seed) => {
      const next = chance(seed);
      const image = new PNG({ width, height });
      for (let i = 0; i < image.data.length; i++) image.data[i] = next() * 256;
      const bytes = PNG.sync.write(image, { ...kind, inputColorType: 6 });
      assert.deepEqual([...readPicture(bytes).luma], oracle(bytes));
    }),
  );
});

test("small depths, 16 bits and palettes of a PNG are read as another reader reads them", () => {
  const kinds = [
    [1, 0, 1],
    [2, 0, 1],
    [4, 0, 1],
    [16, 0, 2],
    [16, 2, 6],
    [16, 4, 4],
    [16, 6, 8],
    [8, 4, 2],
  ] as const;
  for (const [depth, colour, bytesAPixel] of kinds)
    for (const width of [1, 7, 8, 13]) {
      const next = chance(width * depth + colour);
      const rowBytes = depth < 8 ? Math.ceil((width * depth) / 8) : width * bytesAPixel;
      const rows = Uint8Array.from({ length: 3 * (rowBytes + 1) }, (_, i) =>
        i % (rowBytes + 1) === 0 ? Math.floor(i / (rowBytes + 1)) : next() * 256,
      );
      const bytes = png(width, 3, deflateSync(rows), depth, colour);
      const ours = readPicture(bytes).luma;
      // Sixteen bits: the other reader rounds where this one takes the upper byte.
      const slack = depth === 16 ? 3 : 0;
      for (const [at, other] of oracle(bytes).entries())
        assert.ok(
          Math.abs(ours[at]! - other) <= slack,
          `${depth} bits, colour ${colour}: ${ours[at]} and ${other}`,
        );
    }
  const palette = Uint8Array.of(0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 0, 255);
  const coloured = png(5, 1, deflateSync(Uint8Array.of(0, 0b00011011, 0)), 2, 3, 0, palette);
  assert.deepEqual([...readPicture(coloured).luma], oracle(coloured));
});

test("every kind of PGM is read: plain and raw, one byte and two, with comments", () => {
  for (const bytes of [
    pgm("P5 2 2 255\n", 0, 51, 102, 255),
    pgm("P5\n# a comment 9 9\n2 # more\n2\n65535\n", 0, 0, 51, 51, 102, 102, 255, 255),
    pgm("P2\n2 2\n5\n0 1 2 5\n"),
    pgm("P2 2 2 255 0 51 # fifty-one\n102 255"),
    pgm("P5 2 2 5\n", 0, 1, 2, 5),
  ])
    assert.deepEqual(readPicture(bytes), { width: 2, height: 2, luma: Uint8Array.of(0, 51, 102, 255) });
});

test("a picture that was cut short is damaged, wherever the cut was", () => {
  for (const [format, bytes] of Object.entries(FILES))
    for (const length of [0, 1, 2, 3, 8, 20, 33, 40, 100, bytes.length >> 1, bytes.length - 30])
      assert.throws(
        () => readPicture(bytes.subarray(0, length)),
        DamagedPicture,
        `${format} cut at ${length}`,
      );
});

test("huge dimensions are refused before anything is allocated", () => {
  const before = process.memoryUsage().arrayBuffers;
  const little = deflateSync(new Uint8Array(10));
  damaged(png(100_000, 100_000, little), /larger/);
  damaged(png(0xffffffff, 0xffffffff, little), /larger/);
  damaged(png(0, 10, little), /without size/);
  damaged(pgm("P5 99999 99999 255\n"), /larger/);
  damaged(pgm("P5 99999999999999999999 1 255\n"), /impossible/);
  damaged(pgm("P5 0 1 255\n"), /without size/);
  damaged(pgm("P5 4000 4000 255\n", 1, 2, 3), /cut short/);
  const jpeg = Uint8Array.from(FILES.JPEG!);
  const start = jpeg.findIndex((byte, at) => byte === 0xff && jpeg[at + 1] === 0xc0);
  jpeg.set([0xff, 0xff, 0xff, 0xff], start + 5);
  damaged(jpeg, /larger/);
  damaged(new Uint8Array(LIMITS.pictureBytes + 1), /larger file/);
  assert.ok(process.memoryUsage().arrayBuffers - before < 100_000_000);
});

test("a zip bomb in a PNG unpacks no further than its header promises, and not at all where that is unbounded", () => {
  const bomb = deflateSync(new Uint8Array(200_000_000));
  const before = process.resourceUsage().maxRSS;
  damaged(png(100, 100, bomb, 8, 0, 1), /interlac/);
  damaged(png(100, 100, bomb), /damaged PNG/);
  assert.ok(process.resourceUsage().maxRSS - before < 60_000, "kilobytes");
});

test("a file that is none of the three is named as such", () => {
  damaged(Buffer.from("GIF89a"), /neither/);
  damaged(Buffer.from("ur:crypto-psbt/…"), /neither/);
  damaged(pgm("P5 1 1 0\n", 1), /depth/);
  damaged(pgm("P2 1 1 255 x"), /cut short/);
});

test("whatever is done to a picture's bytes, a frame comes out or it is damaged", () => {
  const changes = fc.array(
    fc.tuple(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fc.nat(255)),
    {
      minLength: 1,
      maxLength: 8,
    },
  );
  for (const bytes of Object.values(FILES))
    fc.assert(
      fc.property(changes, fc.double({ min: 0.2, max: 1, noNaN: true }), (changed, kept) => {
        const bad = Uint8Array.from(bytes.subarray(0, Math.ceil(bytes.length * kept)));
        // Squared: headers, where the harm is done, are hit more often.
        for (const [where, value] of changed) bad[Math.floor(where * where * bad.length)] = value;
        assertFrameOrDamaged(bad);
      }),
      { numRuns: 150 },
    );
});

test("any bytes behind the right beginning are a frame or damaged", () => {
  const begins = [
    [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10],
    [0xff, 0xd8, 0xff],
    [0x50, 0x32, 10],
    [0x50, 0x35, 10],
  ];
  fc.assert(
    fc.property(fc.constantFrom(...begins), fc.uint8Array({ maxLength: 300 }), (begin, rest) =>
      assertFrameOrDamaged(Uint8Array.from([...begin, ...rest])),
    ),
    { numRuns: 400 },
  );
});

function assertFrameOrDamaged(bytes: Uint8Array): void {
  try {
    const { width, height, luma } = readPicture(bytes);
    assert.equal(luma.length, width * height);
    assert.ok(luma.length > 0 && luma.length <= LIMITS.picturePixels);
  } catch (error) {
    assert.ok(error instanceof DamagedPicture, String(error));
  }
}

test("a folder is its pictures in the order in which people count, anything else in it is left out", async () => {
  const path = folder();
  for (const name of ["10.png", "9.jpeg", "2.PNG", "a2.pgm", "a10.jpg", "notes.txt", "1.png.txt"])
    writeFileSync(join(path, name), "");
  mkdirSync(join(path, "inner"));
  const names = (await picturesAt(path)).map((file) => file.slice(path.length + 1));
  assert.deepEqual(names, ["2.PNG", "9.jpeg", "10.png", "a2.pgm", "a10.jpg"]);
  assert.deepEqual(await picturesAt(join(path, "notes.txt")), [join(path, "notes.txt")]);
  assert.deepEqual(await picturesAt(join(path, "nothing")), []);
  assert.deepEqual(["b", "a", "a1", "10", "9"].sort(inOrder), ["9", "10", "a", "a1", "b"]);
});
