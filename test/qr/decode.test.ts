import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import * as reader from "zxing-wasm/reader";
import { readPicture } from "../../device/eye/picture.ts";
import { packagedWasm } from "../../device/eye/wasm.ts";
import { fromHex, toHex } from "../../src/bytes.ts";
import { readOf } from "../../src/qr/decode.ts";
import { drawCode, type Matrix, matrixOfBytes, paint } from "../../src/qr/draw.ts";
import { type Frame, inverted, mean3, reduced, thumbnail } from "../../src/qr/frame.ts";
import { openJsqr } from "../../src/qr/jsqr.ts";
import { openZxing, readerOptions } from "../../src/qr/zxing.ts";
import { utf8 } from "../../src/text.ts";
import { shoot, toJpeg, toPgm, toPng } from "../pictures.ts";

const wasm = packagedWasm()!;
const jsqr = openJsqr();
const zxing = await openZxing(wasm);
const file = new URL("../vectors/transport/seedqr.json", import.meta.url);
const vectors: { seedqr: string; compactseedqr_hex: string }[] = JSON.parse(
  readFileSync(file, "utf8"),
).vectors;

/** Versions as SeedSigner's specification gives them for 12 and 24 words. */
function seedCodes(): { bytes: Uint8Array; code: Matrix }[] {
  return vectors.flatMap(({ seedqr, compactseedqr_hex }) => {
    const compact = fromHex(compactseedqr_hex)!;
    return [
      {
        bytes: utf8(seedqr),
        code: drawCode(seedqr, { version: seedqr.length === 48 ? 2 : 3, level: "L", mode: "numeric" }),
      },
      {
        bytes: compact,
        code: matrixOfBytes(compact, { version: compact.length === 16 ? 1 : 2, level: "L" }),
      },
    ];
  });
}

const same = (frame: Frame) => frame;

test("the nine SeedQR vectors come back byte for byte, zeros included, from both decoders", () => {
  assert.equal(seedCodes().length, 18);
  assert.ok(seedCodes().some(({ bytes }) => bytes.includes(0)));
  for (const { bytes, code } of seedCodes())
    for (const decode of [zxing, jsqr])
      assert.equal(toHex(decode(paint(code, 6))?.bytes ?? new Uint8Array()), toHex(bytes));
});

test("the SeedQR vectors survive PNG, JPEG and PGM, inversion, rotation, perspective and low contrast", () => {
  const ways: [string, Parameters<typeof shoot>[1], (frame: Frame) => Frame][] = [
    ["PNG", { blur: 0.8, noise: 6 }, (frame) => readPicture(toPng(frame))],
    ["JPEG", { blur: 0.8, noise: 6 }, (frame) => readPicture(toJpeg(frame, 60))],
    ["PGM", { blur: 0.8, noise: 6 }, (frame) => readPicture(toPgm(frame))],
    ["inverted", { inverted: true, noise: 6 }, inverted],
    ["rotated", { rotationDegrees: 33, noise: 6 }, same],
    ["upside down", { rotationDegrees: 180, blur: 1 }, same],
    ["perspective", { tiltX: 0.25, tiltY: -0.15, noise: 6 }, same],
    ["low contrast", { dark: 110, light: 140, noise: 1 }, same],
    ["glare", { glare: 120, noise: 6 }, same],
  ];
  for (const [name, shot, change] of ways)
    for (const [at, { bytes, code }] of seedCodes().entries()) {
      const frame = change(shoot(code, { width: 300, height: 300, modulePixels: 7, seed: at, ...shot }));
      assert.equal(toHex(zxing(frame)?.bytes ?? new Uint8Array()), toHex(bytes), `${name}, vector ${at}`);
    }
});

test("both decoders give the same bytes and the same text, whatever the bytes are", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 60 }), (bytes) => {
      const frame = paint(matrixOfBytes(bytes, { version: 4, level: "L" }), 4);
      const first = zxing(frame);
      assert.deepEqual(first?.bytes, bytes);
      assert.deepEqual(jsqr(frame), first);
    }),
    { numRuns: 60 },
  );
});

test("a text is the strict UTF-8 of its bytes, or else one character a byte", () => {
  assert.equal(readOf(utf8("₿ ok")).text, "₿ ok");
  assert.equal(readOf(Uint8Array.of(0xc3, 0x28, 0)).text, "Ã(\0");
});

test("pictures without a code, of any size down to one pixel, are misses", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 90 }),
      fc.integer({ min: 1, max: 90 }),
      fc.nat(),
      (width, height, seed) => {
        const luma = Uint8Array.from(
          { length: width * height },
          (_, i) => Math.imul(i + seed, 2654435761) >>> 24,
        );
        assert.equal(zxing({ width, height, luma }), undefined);
        assert.equal(jsqr({ width, height, luma }), undefined);
      },
    ),
    { numRuns: 150 },
  );
});

// ---------------------------------------------------------------- nothing is fetched

/** The network, and a browser's looks, for as long as `act` runs; how often it was asked for. */
async function bombed(act: () => Promise<unknown>): Promise<number> {
  let calls = 0;
  const bomb = () => {
    calls++;
    throw new Error("the network was asked for");
  };
  const names = ["fetch", "XMLHttpRequest", "WorkerGlobalScope", "window"] as const;
  const world = globalThis as Record<string, unknown>;
  const before = names.map((name) => Object.getOwnPropertyDescriptor(world, name));
  const { error } = console;
  console.error = () => {};
  for (const name of names) Object.defineProperty(world, name, { value: bomb, configurable: true });
  try {
    await act();
  } finally {
    console.error = error;
    for (const [at, name] of names.entries()) {
      delete world[name];
      if (before[at]) Object.defineProperty(world, name, before[at]);
    }
  }
  return calls;
}

test("zxing looks for one QR code and nothing else, tries harder, gives plain text, and leaves inversion to the ladder", () => {
  const { formats, maxNumberOfSymbols, tryHarder, tryInvert, textMode } = readerOptions() as Record<
    string,
    unknown
  >;
  assert.deepEqual(
    { formats, maxNumberOfSymbols, tryHarder, tryInvert, textMode },
    {
      formats: reader.encodeFormats(["QRCode"]),
      maxNumberOfSymbols: 1,
      tryHarder: true,
      tryInvert: false,
      textMode: reader.textModes.indexOf("Plain"),
    },
  );
  assert.notEqual(reader.textModes.indexOf("Plain"), -1);
  const code = paint(drawCode("DARK ON LIGHT", { version: 2, level: "L", mode: "alphanumeric" }), 6);
  assert.equal(zxing(code)?.text, "DARK ON LIGHT");
  assert.equal(zxing(inverted(code)), undefined);
  assert.equal(zxing(inverted(inverted(code)))?.text, "DARK ON LIGHT");
});

test("zxing opens and reads while every way to the network is a bomb", async () => {
  const calls = await bombed(async () => {
    const decode = await openZxing(wasm);
    const frame = paint(drawCode("OFFLINE", { version: 1, level: "L", mode: "alphanumeric" }), 4);
    assert.equal(decode(frame)?.text, "OFFLINE");
  });
  assert.equal(calls, 0);
});

test("without its bytes, or with damaged ones, zxing refuses by itself and asks nobody", async () => {
  for (const bytes of [new Uint8Array(), wasm.slice(0, 1000), new Uint8Array(1000)])
    assert.equal(await bombed(() => assert.rejects(openZxing(bytes))), 0);
});

test("the bomb is real: the package left to itself asks the network", async () => {
  // Its own defaults, as any program that only imports it would use them.
  const alone = reader as unknown as {
    prepareZXingModule(options: { fireImmediately: true }): Promise<unknown>;
    purgeZXingModule(): void;
  };
  alone.purgeZXingModule();
  const calls = await bombed(() => assert.rejects(alone.prepareZXingModule({ fireImmediately: true })));
  alone.purgeZXingModule();
  assert.ok(calls > 0);
});

// ---------------------------------------------------------------- looks

const frames = fc
  .record({ width: fc.integer({ min: 1, max: 20 }), height: fc.integer({ min: 1, max: 20 }) })
  .chain(({ width, height }) =>
    fc
      .uint8Array({ minLength: width * height, maxLength: width * height })
      .map((luma): Frame => ({ width, height, luma })),
  );

test("the 3×3 mean is the mean of the nine pixels around, edges repeated", () => {
  fc.assert(
    fc.property(frames, (frame) => {
      const { width, height, luma } = frame;
      const at = (x: number, y: number) =>
        luma[Math.min(Math.max(y, 0), height - 1) * width + Math.min(Math.max(x, 0), width - 1)]!;
      const mean = mean3(frame).luma;
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++) {
          let sum = 0;
          for (const dy of [-1, 0, 1]) for (const dx of [-1, 0, 1]) sum += at(x + dx, y + dy);
          assert.ok(Math.abs(mean[y * width + x]! - sum / 9) <= 1);
        }
    }),
  );
});

test("inverted twice is the frame itself", () => {
  fc.assert(fc.property(frames, (frame) => assert.deepEqual(inverted(inverted(frame)), frame)));
});

test("a reduced frame and a thumbnail stay within their bounds and keep a flat picture flat", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 300 }),
      fc.integer({ min: 1, max: 300 }),
      fc.nat(255),
      (width, height, value) => {
        const frame = { width, height, luma: new Uint8Array(width * height).fill(value) };
        const small = reduced(frame, 500);
        const thumb = thumbnail(frame, 16, 12);
        assert.ok(small.width * small.height <= 500 && thumb.width <= 16 && thumb.height <= 12);
        for (const one of [small, thumb]) {
          assert.equal(one.luma.length, one.width * one.height);
          assert.ok(one.luma.every((pixel) => pixel === value));
        }
      },
    ),
  );
});
