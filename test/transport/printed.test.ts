import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import qrcode from "qrcode/lib/core/qrcode.js";
import { inflate } from "../../device/eye/inflate.ts";
import { packagedWasm } from "../../device/eye/wasm.ts";
import { type Matrix, paint } from "../../src/qr/draw.ts";
import { openJsqr } from "../../src/qr/jsqr.ts";
import { openZxing } from "../../src/qr/zxing.ts";
import { utf8 } from "../../src/text.ts";
import { openAssembly, push } from "../../src/transport/index.ts";
import { type PrintedCode, printedCode, printedCodes } from "../../src/transport/printed.ts";
import { blocksOf } from "../../src/transport/printed-blocks.ts";
import { penalty } from "../../src/transport/printed-grid.ts";
import { chance } from "../pictures.ts";

const jsqr = openJsqr();
const zxing = await openZxing(packagedWasm()!);
const matrix = ({ side, modules }: PrintedCode): Matrix => ({ size: side, modules });

/** Byte mode at level M holds so many (ISO/IEC 18004, table 7). */
const HOLDS = [
  14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362, 412, 450, 504, 560, 624, 666, 711, 779,
  857, 911, 997, 1059, 1125, 1190, 1264, 1370, 1452, 1538, 1628, 1722, 1809, 1911, 1989, 2099, 2213, 2331,
];

function textOf(length: number, seed: number): string {
  const next = chance(seed);
  return Array.from({ length }, () => String.fromCharCode(33 + Math.floor(next() * 94))).join("");
}

test("a printed code of every version, filled to its last byte, has the very modules that another encoder draws, under each mask", () => {
  for (const [i, length] of HOLDS.entries()) {
    const version = i + 1;
    const text = textOf(length, version);
    for (let mask = 0; mask < 8; mask++) {
      const options = { version, errorCorrectionLevel: "M", maskPattern: mask } as const;
      const { modules } = qrcode.create([{ data: utf8(text), mode: "byte" }], options);
      const ours = printedCode(text, mask);
      assert.equal(ours.side, 4 * version + 17);
      assert.deepEqual(ours.modules, Uint8Array.from(modules.data), `version ${version}, mask ${mask}`);
    }
    assert.equal(blocksOf(version).data, length + (version < 10 ? 2 : 3));
  }
});

test("a text one byte longer takes the next version, and beyond the last there is none", () => {
  for (const [i, length] of HOLDS.slice(0, 39).entries())
    assert.equal(printedCode(textOf(length + 1, i), 0).side, 4 * (i + 2) + 17);
  assert.throws(() => printedCode(textOf(2332, 1), 0), /2332 bytes in one code/);
});

test("printed codes of any text are read back by both decoders", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 300, unit: "grapheme" }), (text) => {
      const frame = paint(matrix(printedCode(text)), 3);
      assert.deepEqual(zxing(frame)?.bytes, utf8(text));
      assert.deepEqual(jsqr(frame)?.bytes, utf8(text));
    }),
    { numRuns: 40 },
  );
});

test("a printed code is read back with a stain on it", () => {
  const text = textOf(440, 7);
  const code = printedCode(text);
  // A stain of 12 × 12 modules.
  for (let y = 40; y < 52; y++) code.modules.fill(1, y * code.side + 40, y * code.side + 52);
  assert.equal(zxing(paint(matrix(code), 3))?.text, text);
});

test("a descriptor too long for one code is printed as several, which Firn reads together", () => {
  const text = `wsh(sortedmulti(2,${textOf(3000, 9).replaceAll(/[^a-z0-9]/g, "x")}))#00000000`;
  const codes = printedCodes(text);
  assert.ok(codes.length > 1);
  const assembly = openAssembly(["wallet"], inflate);
  const read = codes.map((code) => {
    const seen = zxing(paint(matrix(code), 3))!;
    return push(assembly, seen);
  });
  const last = read.at(-1)!;
  assert.ok(last.kind === "message" && last.message.kind === "wallet");
  assert.equal(last.message.text, text);
});

test("no other mask has less penalty than the one that is chosen", () => {
  for (const text of ["A".repeat(100), textOf(300, 3), "0".repeat(500)]) {
    const { side, modules } = printedCode(text);
    const version = (side - 17) / 4;
    const all = Array.from({ length: 8 }, (_, mask) => printedCode(text, mask).modules);
    const of = (one: Uint8Array) => penalty({ version, side, modules: one });
    assert.ok(all.every((one) => of(one) >= of(modules)));
    assert.ok(new Set(all.map(of)).size > 1);
  }
});
