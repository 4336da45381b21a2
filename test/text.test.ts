import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fromUtf8, utf8 } from "../src/text.ts";

const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 9_000 }),
  fc.string({ unit: "binary-ascii", maxLength: 9_000 }),
);

test("any text is written as Node writes it, and comes back", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      assert.deepEqual(Buffer.from(utf8(text)), Buffer.from(text));
      assert.equal(fromUtf8(utf8(text)), Buffer.from(text).toString());
    }),
  );
});

test("any bytes are read as a strict reader reads them, or not at all", () => {
  const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const bytes = fc.uint8Array({ maxLength: 40, max: 255 });
  const near = fc
    .tuple(anyText, bytes)
    .map(([text, noise]) => Buffer.concat([Buffer.from(text.slice(0, 20)), noise]));
  fc.assert(
    fc.property(fc.oneof(bytes, near), (some) => {
      let expected: string | undefined;
      try {
        expected = strict.decode(some);
      } catch {
        expected = undefined;
      }
      assert.equal(fromUtf8(some), expected);
    }),
    { numRuns: 2_000 },
  );
});
