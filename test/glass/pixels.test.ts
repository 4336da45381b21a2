// Codes and previews in pixels, on the screens that boards have: seen as people see them, read by our own decoder.

import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { PNG } from "pngjs";
import { findHole, modulePixels, modulesOf } from "../../device/glass/holes.ts";
import { layout } from "../../device/glass/layout.ts";
import type { CodeLoop, Picture } from "../../src/model.ts";
import type { Frame } from "../../src/qr/frame.ts";
import { openJsqr } from "../../src/qr/jsqr.ts";
import { codes } from "../../src/screens/codes.ts";
import { splitText } from "../../src/transport/index.ts";
import { PICTURES } from "./pictures.ts";
import { consoleOf, SCREENS } from "./screens.ts";
import { openStage } from "./stage.ts";

const jsqr = openJsqr();
const TEXT = "UR:CRYPTO-PSBT/1-2/LPADAOCFADFECY";

function loopOf(version: number): CodeLoop {
  return { texts: [TEXT, TEXT.replace("1-2", "2-2")], version, level: "L", mode: "alphanumeric" };
}

function leaving(version: number, index = 0): Picture {
  return {
    title: "Signed: 1 signature added",
    step: `code ${index + 1} of 2`,
    banner: "TESTNET4",
    tone: "calm",
    blocks: [
      { kind: "text", text: "Scan this with your wallet program." },
      { kind: "code", loop: loopOf(version), index },
    ],
    buttons: { up: "size small", down: "speed 2/4", ok: "done", back: "form" },
  };
}

/** The rectangle that all such pixels lie in. */
function boxIn({ width, height, luma }: Frame, is: (x: number, y: number, grey: number) => boolean) {
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      if (is(x, y, luma[y * width + x]!))
        [left, top, right, bottom] = [
          Math.min(left, x),
          Math.min(top, y),
          Math.max(right, x),
          Math.max(bottom, y),
        ];
  return { left, top, width: right - left + 1, height: bottom - top + 1 };
}

for (const [name, screen] of Object.entries(SCREENS)) {
  test(`on ${name} a code is black on white, in whole pixels a module, with its quiet zone, and is read`, async (t) => {
    const { show, made } = await openStage(t, screen);
    for (const [version, index] of [
      [5, 0],
      [5, 1],
      [10, 0],
    ] as const) {
      await show(leaving(version, index));
      const frame = made.seen();
      const white = boxIn(frame, (_x, _y, grey) => grey === 255);
      const modules = modulesOf(version) + 8;
      const each = white.width / modules;
      assert.ok(Number.isInteger(each) && each >= 2 && white.height === white.width, JSON.stringify(white));
      const at = (x: number, y: number) => frame.luma[(white.top + y) * frame.width + white.left + x]!;
      for (let y = 0; y < white.height; y++)
        for (let x = 0; x < white.width; x++) {
          const [column, row] = [Math.floor(x / each), Math.floor(y / each)];
          const quiet = Math.min(column, row, modules - 1 - column, modules - 1 - row) < 4;
          const luma = at(x, y);
          if (quiet ? luma !== 255 : luma !== 0 && luma !== 255)
            assert.fail(`a grey or dark pixel at ${x}, ${y}`);
          if (luma !== at(column * each, row * each))
            assert.fail(`a module that is not one colour at ${x}, ${y}`);
        }
      assert.equal(jsqr(frame)?.text, loopOf(version).texts[index]);
    }
  });

  test(`on ${name} a code is as large as the room beside or below its words allows`, () => {
    const size = consoleOf(screen);
    for (const version of [1, 5, 10, 20, 27]) {
      const hole = findHole(layout(leaving(version), { ...size, cell: screen.font }));
      assert.ok(hole);
      const drawn = modulePixels(version, hole, screen.font);
      const below = modulePixels(version, { columns: size.columns, rows: size.rows - 4 }, screen.font);
      const beside = modulePixels(version, { columns: size.columns - 20, rows: size.rows - 3 }, screen.font);
      assert.ok(drawn >= Math.max(below, beside), `version ${version}: ${drawn}, not ${below} or ${beside}`);
    }
  });

  test(`on ${name} Firn picks a density whose modules are read at ease`, async (t) => {
    const { terminal } = await openStage(t, screen);
    const size = terminal.size();
    const content = "Firn keeps what it was given. ".repeat(60);
    const options = { title: "Signed", caption: "Scan this.", loop: (d: "least") => splitText(content, d) };
    const picture = codes(options as Parameters<typeof codes>[0], size).draw(size);
    const block = picture.blocks.find((one) => one.kind === "code")!;
    const hole = findHole(layout({ ...picture, banner: "TESTNET4" }, { ...size, cell: screen.font }))!;
    const least = Math.min(screen.width, screen.height) < 300 ? 4 : 3;
    const pixels = modulePixels(block.loop.version, hole, screen.font);
    // The smallest codes are what there is where even they are too large.
    assert.ok(pixels >= least || block.loop.version === 5, `${pixels} pixels, version ${block.loop.version}`);
    assert.ok(size.codeModules !== undefined && size.codeModules >= 33);
  });
}

const GOLDENS: readonly (readonly [string, string, Picture])[] = [
  ["240x240", "code", leaving(5)],
  ["240x240", "image", PICTURES.image!],
  ["240x240", "zone", PICTURES.zone!],
  ["240x320 turned", "code", leaving(10)],
  ["480x320 overhead", "code", PICTURES.code!],
  ["1024x600", "code", leaving(20)],
];

for (const [name, what, picture] of GOLDENS)
  test(`the ${what} on ${name} looks as its golden picture`, async (t) => {
    const { show, made } = await openStage(t, SCREENS[name]!);
    await show(picture);
    const { width, height, luma } = made.seen();
    const file = new URL(`goldens/pixels-${what}-${name.replace(" ", "-")}.png`, import.meta.url);
    if (process.env.UPDATE_GOLDENS === "1") {
      const png = new PNG({ width, height, colorType: 0 });
      for (let at = 0; at < luma.length; at++) png.data.set([luma[at]!, luma[at]!, luma[at]!, 255], 4 * at);
      writeFileSync(file, PNG.sync.write(png, { colorType: 0 }));
    }
    assert.ok(existsSync(file));
    const golden = PNG.sync.read(readFileSync(file));
    assert.deepEqual([golden.width, golden.height], [width, height]);
    assert.ok(
      luma.every((grey, at) => golden.data[4 * at] === grey),
      "another picture",
    );
  });

test("the camera's small picture has every one of its pixels, in its proportions, in the middle", async (t) => {
  const { show, made } = await openStage(t, SCREENS["800x480"]!);
  const luma = Uint8Array.from({ length: 160 * 120 }, (_, at) => 40 + ((at * 7) % 200));
  await show({ ...PICTURES.image!, blocks: [{ kind: "image", width: 160, height: 120, luma }] });
  const frame = made.seen();
  // Between the title's row and the buttons' there is nothing else.
  const inner = boxIn(frame, (_x, y, grey) => grey >= 40 && y >= 16 && y < 27 * 16);
  const scale = inner.height / 120;
  assert.ok(inner.height === 400 && inner.width === Math.floor(160 * scale), JSON.stringify(inner));
  assert.ok(Math.abs(2 * inner.left + inner.width - 800) <= 16, JSON.stringify(inner));
  for (let y = 0; y < 120; y++)
    for (let x = 0; x < 160; x++) {
      const across = inner.left + Math.floor((x + 0.5) * scale);
      const down = inner.top + Math.floor((y + 0.5) * scale);
      assert.equal(frame.luma[down * frame.width + across], luma[y * 160 + x], `pixel ${x}, ${y}`);
    }
});

test("any picture on any screen fills exactly its rows, and its hole lies within them", () => {
  const image = fc
    .record({ width: fc.integer({ min: 1, max: 900 }), height: fc.integer({ min: 1, max: 900 }) })
    .map(({ width, height }) => ({
      kind: "image" as const,
      width,
      height,
      luma: new Uint8Array(width * height),
    }));
  const code = fc
    .record({
      version: fc.integer({ min: 2, max: 40 }).filter((version) => version !== 23),
      zone: fc.boolean(),
    })
    .map(({ version, zone }) => ({
      kind: "code" as const,
      loop: loopOf(version),
      index: 0,
      ...(zone ? { zone: { row: 0, column: 0, side: 7 } } : {}),
    }));
  const text = fc.string({ maxLength: 400 }).map((words) => ({ kind: "text" as const, text: words }));
  const block = fc.oneof(image, code, text);
  const sheet = fc.record({
    columns: fc.integer({ min: 40, max: 240 }),
    rows: fc.integer({ min: 15, max: 90 }),
    cell: fc.constantFrom({ wide: 6, high: 12 }, { wide: 8, high: 16 }, { wide: 16, high: 32 }),
  });
  fc.assert(
    fc.property(fc.array(block, { maxLength: 5 }), sheet, (blocks, size) => {
      const rows = layout({ ...leaving(1), blocks }, size);
      assert.equal(rows.length, size.rows);
      for (const row of rows) assert.ok(row.reduce((sum, { text }) => sum + text.length, 0) <= size.columns);
      const hole = findHole(rows);
      if (!hole) return;
      assert.ok(hole.row + hole.rows < size.rows && hole.column + hole.columns <= size.columns);
      const block = hole.hole;
      if (block.kind === "code") assert.ok(modulePixels(block.loop.version, hole, size.cell) >= 1);
    }),
    { numRuns: 400 },
  );
});

test("a code with more modules than a screen has pixels says so", () => {
  const rows = layout(leaving(40), { columns: 40, rows: 15, cell: { wide: 6, high: 12 } });
  const text = rows.map((row) => row.map((span) => span.text).join("")).join("");
  assert.match(text.replace(/ +/g, " "), /This code needs 185 pixels a side; here are 240 and \d+\./);
  assert.equal(findHole(rows), undefined);
});
