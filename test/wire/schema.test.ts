import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decodeLine, encodeLine } from "../../device/wire/channel.ts";
import {
  readFromEye,
  readFromGlass,
  readGlassReport,
  readPicture,
  readToEye,
  readToGlass,
} from "../../device/wire/lines.ts";
import { Breach, bytes, decimal, type Reader } from "../../device/wire/schema.ts";
import { LIMITS } from "../../src/limits.ts";
import { PICTURES } from "../glass/pictures.ts";

const READERS: readonly Reader<unknown>[] = [
  readFromEye,
  readFromGlass,
  readToEye,
  readToGlass,
  readGlassReport,
  readPicture,
];

/** Values that come near what the readers expect: their keys, their types, and hostile leaves. */
const keys = fc.constantFrom(
  ...[
    "t",
    "kind",
    "message",
    "picture",
    "seq",
    "blocks",
    "buttons",
    "title",
    "tone",
    "texts",
    "loop",
    "index",
  ],
  ...["width", "height", "luma", "button", "char", "columns", "rows", "__proto__", "constructor", "toString"],
);
const words = fc.constantFrom(
  "press",
  "show",
  "message",
  "psbt",
  "seed",
  "code",
  "list",
  "calm",
  "ok",
  "AAAA",
);
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5 },
    words,
    fc.string(),
    fc.double(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("tree"), { maxLength: 4 }),
    fc.dictionary(keys, tie("tree"), { maxKeys: 6 }),
  ),
}));

function breachOrValue(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    assert.ok(error instanceof Breach, String(error));
  }
}

test("a reader answers or breaks with Breach, on any value", () => {
  fc.assert(
    fc.property(tree, (value) => {
      for (const read of READERS) breachOrValue(() => read(value, ""));
    }),
    { numRuns: 500 },
  );
});

test("a line of any bytes gives a value or Breach", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (line) => {
      for (const read of READERS) breachOrValue(() => decodeLine(line, read));
    }),
    { numRuns: 300 },
  );
});

test("a picture comes through the wire as it was, whatever block it holds", () => {
  for (const [name, picture] of Object.entries(PICTURES)) {
    const line = Buffer.from(encodeLine({ t: "show", seq: 1, picture }));
    assert.deepEqual(decodeLine(line, readToGlass), { t: "show", seq: 1, picture }, name);
  }
});

test("a code is shown from within its loop: the place behind its last is a breach", () => {
  const loop = { texts: ["A", "B"], version: 1, level: "L", mode: "alphanumeric" };
  const at = (index: number) => ({
    t: "show",
    seq: 1,
    picture: { title: "", tone: "calm", blocks: [{ kind: "code", loop, index }], buttons: {} },
  });
  for (const index of [0, 1]) assert.deepEqual(readToGlass(at(index), ""), at(index));
  for (const index of [2, -1, 0.5]) assert.throws(() => readToGlass(at(index), ""), Breach);
});

test("a zone lies within its code: one that begins behind the last module is a breach", () => {
  const loop = { texts: ["A"], version: 2, level: "L", mode: "alphanumeric" };
  const at = (zone: unknown) => ({
    t: "show",
    seq: 1,
    picture: { title: "", tone: "calm", blocks: [{ kind: "code", loop, index: 0, zone }], buttons: {} },
  });
  for (const zone of [
    { row: 0, column: 4, side: 5 },
    { row: 24, column: 0, side: 1 },
    { row: 1, column: 1, side: 16 },
  ])
    assert.deepEqual(readToGlass(at(zone), ""), at(zone));
  for (const zone of [
    { row: 5, column: 0, side: 5 },
    { row: 0, column: 25, side: 1 },
    { row: 0, column: 0, side: 17 },
    { row: 0, column: 0, side: 0 },
    { row: 0, column: 0 },
  ])
    assert.throws(() => readToGlass(at(zone), ""), Breach);
});

test("the eye is told to look for messages or for chance, never for both", () => {
  for (const kinds of [["psbt"], ["psbt", "wallet", "seed"], ["chance"]])
    assert.deepEqual(readToEye({ t: "watch", kinds }, ""), { t: "watch", kinds });
  for (const kinds of [[], ["chance", "seed"], ["seed", "chance"], ["chance", "chance"], ["pixels"]])
    assert.throws(() => readToEye({ t: "watch", kinds }, ""), Breach);
});

test("a document and block headers cross the pipe as they are, and no part of a header does", () => {
  const document = { kind: "document", dialect: "plain", text: "Firn policy 2\n" } as const;
  const headers = { kind: "headers", dialect: "hex", bytes: new Uint8Array(480).fill(7) } as const;
  for (const message of [document, headers]) {
    const line = { t: "message", message } as const;
    assert.deepEqual(readFromEye(JSON.parse(encodeLine(line)), ""), line);
  }
  for (const bytes of [new Uint8Array(479), new Uint8Array(0), new Uint8Array(80 * (LIMITS.headers + 1))]) {
    const line = encodeLine({ t: "message", message: { ...headers, bytes } });
    assert.throws(() => readFromEye(JSON.parse(line), ""), Breach);
  }
  const long = { ...document, text: "F".repeat(LIMITS.documentBytes + 1) };
  assert.throws(() => readFromEye({ t: "message", message: long }, ""), Breach);
});

test("one changed, missing or added key anywhere in a picture is a breach", () => {
  const walk = (value: unknown, change: (object: Record<string, unknown>) => void): void => {
    if (typeof value !== "object" || value === null || value instanceof Uint8Array) return;
    if (!Array.isArray(value)) change(value as Record<string, unknown>);
    for (const inner of Object.values(value)) walk(inner, change);
  };
  const whole = JSON.parse(encodeLine(PICTURES.fact)) as object;
  let objects = 0;
  walk(whole, () => objects++);
  assert.ok(objects >= 5);
  for (let target = 0; target < objects; target++) {
    const copy = structuredClone(whole);
    let at = 0;
    walk(copy, (object) => {
      if (at++ === target) object.extra = 1;
    });
    assert.throws(() => readPicture(copy, ""), Breach);
  }
});

test("what a reader makes is its own: later changes to what it read change nothing", () => {
  const line = { t: "press", button: "ok" };
  const made = readFromGlass(line, "");
  line.button = "back";
  assert.deepEqual(made, { t: "press", button: "ok" });
});

test("base64 and decimals are read in one spelling only", () => {
  const read = bytes(1, 4);
  assert.deepEqual(read("AAEC", ""), Uint8Array.of(0, 1, 2));
  for (const wrong of ["AAEC\n", " AAEC", "AA-C", "AAE", "", "AAECAwQ=", 5, null])
    assert.throws(() => read(wrong, ""), Breach);
  const amount = decimal(16);
  assert.equal(amount("2100000000000000", ""), 2_100_000_000_000_000n);
  for (const wrong of ["01", "-0", "1e3", "0x10", " 1", "", "99999999999999999999", 5])
    assert.throws(() => amount(wrong, ""), Breach);
});
