import assert from "node:assert/strict";
import { test } from "node:test";
import { packagedWasm } from "../../device/eye/wasm.ts";
import { drawCode, matrixOfBytes, paint } from "../../src/qr/draw.ts";
import { openJsqr } from "../../src/qr/jsqr.ts";
import { openZxing } from "../../src/qr/zxing.ts";
import { capacity } from "../../src/transport/capacity.ts";
import { chance } from "../pictures.ts";

const jsqr = openJsqr();
const zxing = await openZxing(packagedWasm()!);
const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

function textOf(length: number, seed: number): string {
  const next = chance(seed);
  return Array.from({ length }, () => ALPHABET[Math.floor(next() * 45)]).join("");
}

test("a code of every version, filled to its last character, is read back by both decoders", () => {
  for (let version = 1; version <= 40; version++) {
    if (version === 23) continue;
    const text = textOf(capacity(version, "alphanumeric"), version);
    const frame = paint(drawCode(text, { version, level: "L", mode: "alphanumeric" }), 3);
    assert.equal(zxing(frame)?.text, text, `version ${version}, zxing`);
    assert.equal(jsqr(frame)?.text, text, `version ${version}, jsqr`);
  }
});

test("every level and every mode is read back", () => {
  for (const level of ["L", "M", "Q", "H"] as const)
    for (const [mode, text] of [
      ["numeric", "0115132511540127"],
      ["alphanumeric", "B$2P0100 OK"],
      ["byte", "grün, 水 and ₿"],
    ] as const) {
      const frame = paint(drawCode(text, { version: 4, level, mode }), 4);
      assert.equal(zxing(frame)?.text, text, `${level} ${mode}`);
    }
});

test("a binary text is drawn as one byte a character, whatever the byte, and nothing else is binary", () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  const options = { version: 10, level: "L", mode: "binary" } as const;
  assert.deepEqual(drawCode(text, options), matrixOfBytes(bytes, options));
  const frame = paint(drawCode(text, options), 4);
  for (const decode of [jsqr, zxing]) assert.deepEqual(decode(frame)?.bytes, bytes);
  assert.throws(() => drawCode("\u0100", options), /not binary/);
  assert.throws(() => drawCode("", options), /without content/);
});

test("version 23 at level L is never drawn, at level M it is", () => {
  assert.throws(() => drawCode("A", { version: 23, level: "L", mode: "alphanumeric" }), /23-L/);
  assert.throws(() => matrixOfBytes(Uint8Array.of(1), { version: 23, level: "L" }), /23-L/);
  assert.equal(drawCode("A", { version: 23, level: "M", mode: "alphanumeric" }).size, 4 * 23 + 17);
});

test("a text that does not fit its version, or is not of its mode, is not drawn", () => {
  const full = textOf(capacity(5, "alphanumeric"), 5);
  assert.equal(drawCode(full, { version: 5, level: "L", mode: "alphanumeric" }).size, 37);
  assert.throws(() => drawCode(`${full}A`, { version: 5, level: "L", mode: "alphanumeric" }));
  assert.throws(
    () => drawCode("ur:lower", { version: 5, level: "L", mode: "alphanumeric" }),
    /not alphanumeric/,
  );
  assert.throws(() => drawCode("12A", { version: 5, level: "L", mode: "numeric" }), /not numeric/);
  for (const mode of ["alphanumeric", "byte", "numeric"] as const)
    assert.throws(() => drawCode("", { version: 5, level: "L", mode }));
  for (const version of [0, 41, 1.5, Number.NaN])
    assert.throws(() => drawCode("1", { version, level: "L", mode: "numeric" }), /no such QR version/);
});

test("a painted code has four light modules around it, dark on light", () => {
  const code = drawCode("HELLO", { version: 1, level: "L", mode: "alphanumeric" });
  const { width, height, luma } = paint(code, 3);
  assert.deepEqual([width, height, luma.length], [87, 87, 87 * 87]);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const u = Math.floor(x / 3) - 4;
      const v = Math.floor(y / 3) - 4;
      const inside = u >= 0 && v >= 0 && u < 21 && v < 21;
      assert.equal(luma[y * width + x], inside && code.modules[v * 21 + u] === 1 ? 0 : 255);
    }
});
