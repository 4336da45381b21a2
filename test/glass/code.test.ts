import assert from "node:assert/strict";
import { test } from "node:test";
import jsqr from "jsqr";
import { PNG } from "pngjs";
import { layout } from "../../device/glass/layout.ts";
import { paintRow } from "../../device/glass/paint.ts";
import { plainText } from "../../device/glass/plain.ts";
import { codePng, picturePng } from "../../device/glass/png.ts";
import type { CodeLoop, Picture } from "../../src/model.ts";
import { drawCode } from "../../src/qr/draw.ts";

const LOOP: CodeLoop = {
  texts: ["UR:CRYPTO-PSBT/1-2/LPADAOCFADFECY", "UR:CRYPTO-PSBT/2-2/LPAOAOCFADFECY"],
  version: 5,
  level: "L",
  mode: "alphanumeric",
};

function read(file: Uint8Array): string | undefined {
  const { data, width, height } = PNG.sync.read(Buffer.from(file));
  const found = jsqr(new Uint8ClampedArray(data), width, height, { inversionAttempts: "dontInvert" });
  return found ? String.fromCharCode(...found.binaryData) : undefined;
}

function picture(tone: Picture["tone"] = "calm", index = 0): Picture {
  return { title: "Scan", tone, blocks: [{ kind: "code", loop: LOOP, index }], buttons: { back: "back" } };
}

test("a code's file is read by a decoder, eight pixels a module, four modules of white around", () => {
  for (const [index, text] of LOOP.texts.entries()) {
    const file = codePng(LOOP, index);
    assert.equal(read(file), text);
    assert.equal(PNG.sync.read(Buffer.from(file)).width, (37 + 8) * 8);
  }
});

test("a picture of the screen holds a code that a decoder reads, with the small quiet zone too", () => {
  assert.equal(read(picturePng(picture(), { columns: 80, rows: 24 })), LOOP.texts[0]);
  assert.equal(read(picturePng(picture("danger", 1), { columns: 100, rows: 40 })), LOOP.texts[1]);
});

test("words that have no room above a code stand beside it, and the code is read all the same", () => {
  const size = { columns: 80, rows: 24 };
  const words = "Make the window larger, or choose signatures only under form, for fewer codes.";
  const blocks = [
    { kind: "text", text: "Scan this." },
    { kind: "text", text: words },
    ...picture().blocks,
  ] as const;
  const crowded = { ...picture(), banner: "TESTNET4", blocks };
  const text = plainText(crowded, size);
  assert.ok(text.replace(/[\s▀▄█]+/g, "").includes(words.replace(/\s/g, "")), text);
  assert.ok(!text.includes("more"), text);
  assert.ok(text.split("\n").every((line) => line.length <= size.columns));
  assert.equal(read(picturePng(crowded, size)), LOOP.texts[0]);
});

for (const [columns, rows] of [
  [80, 24],
  [40, 15],
  [132, 43],
] as const)
  test(`whoever copies a code zone by zone at ${columns}×${rows} has all of it, every module in its place`, () => {
    for (const [version, side] of [
      [1, 7],
      [2, 5],
      [3, 5],
    ] as const) {
      const loop: CodeLoop = { texts: ["0123456789ABCDE"], version, level: "L", mode: "alphanumeric" };
      const { size, modules } = drawCode(loop.texts[0]!, loop);
      const copied = new Uint8Array(size * size).fill(9);
      for (let row = 0; row * side < size; row++)
        for (let column = 0; column * side < size; column++) {
          const zone = { row, column, side };
          const shown = { ...picture(), blocks: [{ kind: "code", loop, index: 0, zone }] } as const;
          copy(plainText(shown, { columns, rows }), copied, size);
        }
      assert.deepEqual(copied, modules);
    }
  });

/** As a person does: the numbers along the edges say where a module belongs. */
function copy(text: string, paper: Uint8Array, size: number): void {
  const lines = text.split("\n");
  const edge = lines.findIndex((line) => /^ +\d+( +\d+)*$/.test(line));
  const across = [...lines[edge]!.matchAll(/\d+/g)];
  for (const line of lines.slice(edge + 1)) {
    const y = Number(/^ +(\d+) /.exec(line)?.[1]);
    if (Number.isNaN(y)) continue;
    for (const { 0: x, index } of across)
      paper[(y - 1) * size + Number(x) - 1] = /[█▄]/.test(line.slice(index, index + x.length)) ? 1 : 0;
  }
}

test("a code is true black on true white, whatever the tone", () => {
  for (const tone of ["calm", "danger"] as const) {
    const rows = layout(picture(tone), { columns: 80, rows: 40 });
    const paints = rows
      .filter((spans) => spans.some((span) => span.look === "code"))
      .flatMap((spans) => paintRow(spans, 80))
      .filter(({ char }) => "▀▄█".includes(char))
      .map(({ paint }) => `${paint.ink} on ${paint.ground}`);
    assert.deepEqual([...new Set(paints)], ["16 on 231"]);
  }
});

test("tones and banner have colours of their own", () => {
  const ground = (made: Picture, line: number) => {
    const cells = paintRow(layout(made, { columns: 40, rows: 15 })[line]!, 40);
    return `${cells[2]!.paint.ink} on ${cells[2]!.paint.ground}`;
  };
  const titles = (["calm", "caution", "danger"] as const).map((tone) => ground(picture(tone), 0));
  assert.equal(new Set(titles).size, 3);
  assert.equal(ground({ ...picture(), banner: "REGTEST" }, 1), "16 on 220");
});

test("text in a picture of the screen has ink for each letter", () => {
  const file = picturePng({ ...picture(), blocks: [], title: "MMMM" }, { columns: 40, rows: 15 });
  const { data, width } = PNG.sync.read(Buffer.from(file));
  for (let letter = 1; letter <= 4; letter++) {
    let ink = 0;
    for (let y = 0; y < 16; y++)
      for (let x = 0; x < 8; x++) if (data[4 * (y * width + letter * 8 + x)]! > 200) ink++;
    assert.ok(ink > 10, `letter ${letter}`);
  }
});
