import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { interpolate, product } from "../../../src/keys/forms/gf256.ts";

/** By long division of polynomials: the definition, slowly. */
function slowProduct(a: number, b: number): number {
  let wide = 0;
  for (let bit = 0; bit < 8; bit++) if ((b >> bit) & 1) wide ^= a << bit;
  for (let bit = 14; bit >= 8; bit--) if ((wide >> bit) & 1) wide ^= 0x11b << (bit - 8);
  return wide;
}

test("products are those of FIPS 197, and all others follow from the definition", () => {
  assert.equal(product(0x57, 0x83), 0xc1);
  assert.equal(product(0x57, 0x13), 0xfe);
  for (let a = 0; a < 256; a++) for (let b = 0; b < 256; b++) assert.equal(product(a, b), slowProduct(a, b));
});

test("a polynomial of any degree up to 15 is found again from any of its points", () => {
  const byte = fc.integer({ min: 0, max: 255 });
  const someX = fc.uniqueArray(byte, { minLength: 1, maxLength: 16 });
  fc.assert(
    fc.property(someX, fc.array(byte, { minLength: 16, maxLength: 16 }), byte, (xs, coefficients, at) => {
      const valueAt = (x: number) =>
        coefficients.slice(0, xs.length).reduceRight((sum, factor) => product(sum, x) ^ factor, 0);
      const points = xs.map((x) => ({ x, y: Uint8Array.of(valueAt(x), 0) }));
      assert.deepEqual(interpolate(points, at), Uint8Array.of(valueAt(at), 0));
      assert.deepEqual(interpolate(points, xs[0]!), points[0]!.y);
    }),
  );
});

test("a point twice, or points of several lengths, are a bug", () => {
  const y = new Uint8Array(2);
  assert.throws(
    () =>
      interpolate(
        [
          { x: 1, y },
          { x: 1, y },
        ],
        255,
      ),
    /a point twice/,
  );
  assert.throws(
    () =>
      interpolate(
        [
          { x: 1, y },
          { x: 2, y: new Uint8Array(3) },
        ],
        255,
      ),
    /several lengths/,
  );
});
