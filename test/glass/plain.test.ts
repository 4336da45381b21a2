// Goldens: one picture of each block kind, at both sizes. `UPDATE_GOLDENS=1` writes them anew.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { plainRows, plainText } from "../../device/glass/plain.ts";
import type { Block, Picture, Size } from "../../src/model.ts";
import { bodySize, wrap } from "../../src/text.ts";
import { PICTURES } from "./pictures.ts";

const SIZES: readonly Size[] = [
  { columns: 40, rows: 15 },
  { columns: 80, rows: 24 },
];

for (const size of SIZES)
  for (const [name, picture] of Object.entries(PICTURES)) {
    const label = `${name}-${size.columns}x${size.rows}`;
    test(`the picture ${label} looks as its golden says`, () => {
      const file = new URL(`goldens/${label}.txt`, import.meta.url);
      const drawn = `${plainText(picture, size)}\n`;
      if (process.env.UPDATE_GOLDENS === "1") writeFileSync(file, drawn);
      assert.equal(drawn, readFileSync(file, "utf8"));
    });
  }

function picture(blocks: readonly Block[], more: Partial<Picture> = {}): Picture {
  return { title: "A", tone: "calm", blocks, buttons: { ok: "go on" }, ...more };
}

const words = fc.string({ unit: "grapheme", maxLength: 60 });
const block: fc.Arbitrary<Block> = fc.oneof(
  fc.record({ kind: fc.constant("text" as const), text: fc.string({ maxLength: 300 }) }),
  fc.record({
    kind: fc.constant("fact" as const),
    label: words,
    value: words,
    tone: fc.constantFrom("calm" as const, "danger" as const),
  }),
  fc.record({
    kind: fc.constant("list" as const),
    items: fc.array(words, { maxLength: 40 }),
    cursor: fc.nat(45),
  }),
  fc.record({ kind: fc.constant("field" as const), label: words, value: words, masked: fc.boolean() }),
  fc.record({
    kind: fc.constant("meter" as const),
    label: words,
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    map: fc.string({ unit: fc.constantFrom("#", ".", "~"), maxLength: 400 }),
  }),
  fc.record({
    kind: fc.constant("image" as const),
    width: fc.constant(7),
    height: fc.constant(5),
    luma: fc.constant(new Uint8Array(35).fill(99)),
  }),
  fc.record({
    kind: fc.constant("code" as const),
    loop: fc.constantFrom(
      { texts: ["ABC"], version: 1, level: "L" as const, mode: "alphanumeric" as const },
      { texts: ["ABC"], version: 12, level: "L" as const, mode: "byte" as const },
    ),
    index: fc.constant(0),
  }),
  fc.record({
    kind: fc.constant("code" as const),
    loop: fc.constant({ texts: ["ABC"], version: 3, level: "L" as const, mode: "alphanumeric" as const }),
    index: fc.constant(0),
    zone: fc.record({ row: fc.nat(4), column: fc.nat(4), side: fc.constantFrom(5, 7) }),
  }),
);
const anything = fc.record(
  {
    title: words,
    tone: fc.constantFrom("calm" as const, "caution" as const, "danger" as const),
    blocks: fc.array(block, { maxLength: 5 }),
    buttons: fc.record({ ok: words, back: words, up: words, down: words }, { requiredKeys: [] }),
    step: words,
    banner: words,
    hold: words,
    page: fc.record({ index: fc.nat(99), count: fc.nat(100) }),
  },
  { requiredKeys: ["title", "tone", "blocks", "buttons"] },
);

test("any picture fills exactly the rows of any size and no more than its columns", () => {
  fc.assert(
    fc.property(
      anything,
      fc.integer({ min: 1, max: 130 }),
      fc.integer({ min: 1, max: 60 }),
      (any, columns, rows) => {
        const drawn = plainRows(any, { columns, rows });
        assert.equal(drawn.length, rows);
        for (const line of drawn) assert.ok(line.length <= Math.max(columns, 6), `${columns}: ${line}`);
      },
    ),
    { numRuns: 400 },
  );
});

test("a second code's words keep to the narrow column beside the first", () => {
  const code = (version: number) =>
    ({ kind: "code", loop: { texts: ["ABC"], version, level: "L", mode: "byte" }, index: 0 }) as const;
  for (let columns = 80; columns <= 100; columns++) {
    for (let rows = 34; rows <= 44; rows++) {
      const drawn = plainRows(picture([code(12), code(1)]), { columns, rows });
      assert.ok(drawn.every((line) => line.length <= columns));
      assert.ok(drawn.length === rows);
    }
  }
});

test("nothing that could move a terminal's cursor or turn its text around is ever drawn", () => {
  fc.assert(
    fc.property(anything, (any) => {
      const drawn = plainText(any, { columns: 60, rows: 20 });
      assert.doesNotMatch(
        drawn,
        /[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202f\u2066-\u2069\ufeff]/u,
      );
    }),
    { numRuns: 200 },
  );
});

test("what a body holds is drawn whole, and what it does not hold is marked", () => {
  for (const size of SIZES) {
    const { columns, rows } = bodySize(size);
    const lines = (count: number) => Array.from({ length: count }, (_, at) => `line ${at}.`).join("\n");
    const fits = plainText(picture([{ kind: "text", text: lines(rows) }], { banner: "REGTEST" }), size);
    assert.ok(fits.includes(`line ${rows - 1}.`) && !fits.includes("… more"));
    const over = plainText(picture([{ kind: "text", text: lines(rows + 1) }]), size);
    assert.ok(!over.includes(`line ${rows}.`) && over.includes("… more"));
    const value = "word ".repeat(200).trim();
    const height = 1 + wrap(value, columns - 2).length;
    const fact = plainText(picture([{ kind: "fact", label: "Fact", value }]), size);
    assert.equal(fact.includes("… more"), height > rows);
  }
});

test("the groups of an address stay whole", () => {
  for (const size of SIZES) {
    const drawn = plainRows(PICTURES.fact!, size);
    const groups = drawn
      .slice(drawn.findIndex((line) => line.trim() === "To") + 1)
      .join(" ")
      .match(/\b[0-9a-z]{1,4}\b/g);
    assert.ok(groups?.slice(0, 16).join("").endsWith("ccfmv3"));
  }
});

test("the chosen item is always there, with marks for what is above and below", () => {
  const items = Array.from({ length: 30 }, (_, at) => `Item ${at + 1}.`);
  const text = { kind: "text", text: "Many words. ".repeat(60) } as const;
  for (let cursor = 0; cursor < items.length; cursor++)
    for (const before of [[], [text]]) {
      const drawn = plainRows(picture([...before, { kind: "list", items, cursor }]), SIZES[0]!);
      assert.ok(drawn.includes(` > Item ${cursor + 1}.`), `${cursor}`);
      const seen = drawn.flatMap((line) => /Item (\d+)\./.exec(line)?.[1] ?? []).map(Number);
      const above = /↑ (\d+) more/.exec(drawn.join("\n"))?.[1] ?? "0";
      const below = /↓ (\d+) more/.exec(drawn.join("\n"))?.[1] ?? "0";
      assert.deepEqual([Number(above), Number(below)], [seen[0]! - 1, items.length - seen.at(-1)!]);
    }
});

test("a masked field shows how many characters it holds, and none of them", () => {
  const drawn = plainText(
    picture([{ kind: "field", label: "PIN", value: "739146", masked: true }]),
    SIZES[0]!,
  );
  assert.ok(drawn.includes("> ******_") && !/\d/.test(drawn));
});

test("a code that is too large says how large the window must be, and that size is enough", () => {
  const code: Block = {
    kind: "code",
    loop: { texts: ["A"], version: 15, level: "L", mode: "alphanumeric" },
    index: 0,
  };
  for (const banner of [undefined, "REGTEST"]) {
    const shown = picture([code], banner === undefined ? {} : { banner });
    const words = plainText(shown, { columns: 80, rows: 24 }).replace(/\s+/g, " ");
    const match = /needs (\d+) columns and (\d+) rows; here are 80 and 24/.exec(words);
    assert.ok(match, words);
    const [columns, rows] = [Number(match[1]), Number(match[2])];
    assert.match(plainText(shown, { columns, rows }), /█▀▀▀▀▀█/);
    assert.doesNotMatch(plainText(shown, { columns, rows: rows - 1 }), /█▀▀▀▀▀█/);
    assert.doesNotMatch(plainText(shown, { columns: columns - 1, rows }), /█▀▀▀▀▀█/);
  }
});
