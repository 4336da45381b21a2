import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { toHex } from "../../src/bytes.ts";
import { type Cbor, readCborMap, readMapAt, writeCbor } from "../../src/factors/cbor.ts";
import { Refusal } from "../../src/refusal.ts";
import { bytes, VECTORS } from "./vectors.ts";

function broken(hex: string): void {
  assert.throws(
    () => readCborMap(bytes(hex)),
    (error) => error instanceof Refusal && error.reason === "factor.broken",
    hex,
  );
}

// biome-ignore lint/suspicious/noExplicitAny: as it stands in the file.
function valueFrom(row: any): Cbor {
  if (typeof row !== "object") return row;
  if (Array.isArray(row)) return row.map(valueFrom);
  if ("bytes" in row) return bytes(row.bytes);
  return new Map(row.map.map(([key, item]: [string | number, unknown]) => [key, valueFrom(item)]));
}

/** A value within a map, as replies carry it: one level is the map's own. */
const within = (hex: string) => `a101${hex}`;

test("published values are read as what they are, and written in the canonical form", () => {
  for (const row of VECTORS.cbor.rows) {
    const value = valueFrom(row.value);
    assert.deepEqual(readCborMap(bytes(within(row.hex))).get(1), value, row.hex);
    const large = typeof value === "number" && Math.abs(value) > 65_535;
    if (!large && !row.hex.startsWith("a5")) assert.equal(toHex(writeCbor(value)), row.hex);
  }
  // The published row of five has capitals for values; written sorted by key whatever the order was.
  const shuffled = new Map<string, Cbor>([..."cadbe"].map((key) => [key, key.toUpperCase()]));
  assert.equal(toHex(writeCbor(shuffled)), "a56161614161626142616361436164614461656145");
});

test("maps are written in CTAP2's order: numbers before texts, short before long, then byte by byte", () => {
  const keys = ["bb", "a", -1, 24, "ab", 3, 1, -30, "c"];
  const written = toHex(writeCbor(new Map(keys.map((key) => [key, 0]))));
  assert.equal(
    written,
    "a9" + "0100" + "0300" + "181800" + "2000" + "381d00" + "616100" + "616300" + "62616200" + "62626200",
  );
});

test("a length that is not the shortest is read, as keys in the field wrote it", () => {
  const map = readCborMap(bytes(VECTORS.nonCanonical.made));
  assert.equal((map.get(2) as Uint8Array).length, 196);
});

test("what CTAP2 does not have is refused: endless lengths, tags, floats, undefined, numbers beyond 2^53", () => {
  for (const hex of [
    "5f42010243030405ff",
    "9fff",
    "bf6161016162820203ff",
    "c11a514b67b0",
    "f93c00",
    "fb3ff199999999999a",
  ])
    broken(within(hex));
  for (const hex of ["f7", "f0", "f818", "1c", "1d", "1e", "1f", ...VECTORS.cbor.tooLarge])
    broken(within(hex));
});

test("bytes behind it, ends before it, keys twice, keys that are no names, and too deep is refused", () => {
  broken("a1010200");
  broken("a10102".slice(0, 4));
  broken("a1");
  broken("");
  broken("8101");
  broken("a201020103");
  broken("a1f501");
  broken("a14101" + "01");
  broken(within("45010203"));
  broken(within("62c328"));
  broken(within("9b0000000100000000"));
  broken(within("bb001fffffffffffff"));
  assert.ok(readCborMap(bytes(within("81818101"))));
  broken(within("8181818101"));
});

test("a map within bytes tells where it ends", () => {
  assert.deepEqual(readMapAt(bytes("ffa10102ee"), 1), { map: new Map([[1, 2]]), end: 4 });
});

const leaf = fc.oneof(
  fc.integer({ min: -65_536, max: 65_535 }),
  fc.boolean(),
  fc.string({ unit: "grapheme", maxLength: 30 }),
  fc.uint8Array({ maxLength: 300 }),
  fc.constant(null),
);
const tree = fc.letrec<{ value: Cbor }>((tie) => ({
  value: fc.oneof({ maxDepth: 2 }, leaf, fc.array(tie("value"), { maxLength: 4 })),
})).value;
const map = fc
  .array(fc.tuple(fc.oneof(fc.integer({ min: -300, max: 300 }), fc.string({ maxLength: 5 })), tree), {
    maxLength: 8,
  })
  .map((rows) => new Map(rows));

test("whatever is written is read as it was", () => {
  fc.assert(fc.property(map, (value) => assert.deepEqual(readCborMap(writeCbor(value)), new Map(value))));
});

test("any bytes are a map or a refusal", () => {
  const near = fc.tuple(map, fc.nat(), fc.nat(255)).map(([value, at, byte]) => {
    const written = writeCbor(value);
    written[at % written.length] = byte;
    return written;
  });
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 60 }), near), (any) => {
      try {
        assert.ok(readCborMap(any) instanceof Map);
      } catch (error) {
        assert.ok(error instanceof Refusal && error.reason === "factor.broken", String(error));
      }
    }),
    { numRuns: 500 },
  );
});
