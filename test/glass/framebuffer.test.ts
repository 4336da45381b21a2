// The framebuffer as the kernel describes it, and who draws on it when: console and pixels share one memory.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { Canvas } from "../../device/glass/canvas.ts";
import { fontCell } from "../../device/glass/console.ts";
import { Framebuffer, type Geometry, readGeometry, type Turned } from "../../device/glass/framebuffer.ts";
import type { Picture } from "../../src/model.ts";
import { openJsqr } from "../../src/qr/jsqr.ts";
import { PICTURES } from "./pictures.ts";
import { SCREENS } from "./screens.ts";
import { openStage } from "./stage.ts";

const jsqr = openJsqr();

function described(t: TestContext, files: Readonly<Record<string, string>>): string {
  const at = mkdtempSync(join(tmpdir(), "firn-graphics-"));
  t.after(() => rmSync(at, { recursive: true, force: true }));
  for (const folder of ["fb0", "fbcon"]) mkdirSync(join(at, folder));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(at, name), text);
  return at;
}

const PANEL = {
  "fb0/virtual_size": "240,240\n",
  "fb0/bits_per_pixel": "16\n",
  "fb0/stride": "480\n",
  "fb0/name": "fb_st7789v\n",
};

test("what the kernel says of a framebuffer is read, and how its console is turned counts before the board's data", (t) => {
  const expected = { width: 240, height: 240, stride: 480, bits: 16 };
  assert.deepEqual(readGeometry(described(t, PANEL), 270), { ...expected, turned: 270 });
  for (const [said, turned] of [
    ["0", 0],
    ["1", 90],
    ["2", 180],
    ["3", 270],
  ])
    assert.deepEqual(readGeometry(described(t, { ...PANEL, "fbcon/rotate": `${said}\n` }), 90), {
      ...expected,
      turned,
    });
});

test("a framebuffer that is none of the two kinds is none, and is said to be", (t) => {
  const wrong: readonly (readonly [Readonly<Record<string, string>>, RegExp])[] = [
    [{ "fb0/bits_per_pixel": "24\n" }, /fb_st7789v has 240,240 pixels of 24 bits/],
    [{ "fb0/bits_per_pixel": "1\n" }, /of 1 bits/],
    [{ "fb0/virtual_size": "0,240\n" }, /has 0,240/],
    [{ "fb0/virtual_size": "240,99999\n" }, /99999/],
    [{ "fb0/virtual_size": "240\n" }, /no framebuffer/],
    [{ "fb0/virtual_size": "-240,240\n" }, /no framebuffer/],
    [{ "fb0/stride": "479\n" }, /479 bytes a row/],
    [{ "fb0/stride": "99999999\n" }, /bytes a row/],
    [{ "fb0/stride": "480.5\n" }, /bytes a row/],
    [{ "fb0/stride": "\u001b[2J\n" }, /NaN bytes a row/],
    [{ "fb0/name": "\u001b[2J", "fb0/stride": "" }, /framebuffer \?\[2J has/],
  ];
  for (const [files, why] of wrong) {
    const geometry = readGeometry(described(t, { ...PANEL, ...files }), 0);
    assert.ok(typeof geometry === "string" && why.test(geometry), JSON.stringify([files, geometry]));
  }
  assert.equal(readGeometry("/nowhere", 0), "there is no framebuffer");
});

test("each of the four ways of turning puts every pixel where the console puts its text, and touches no other", (t) => {
  const [width, height] = [5, 3];
  for (const bits of [16, 32] as const)
    for (const turned of [0, 90, 180, 270] as const) {
      const at = described(t, {});
      const node = join(at, "node");
      const geometry: Geometry = { width: 11, height: 9, stride: (11 * bits) / 8 + 6, bits, turned };
      writeFileSync(node, Buffer.alloc(geometry.stride * 9, 0x5a));
      const before = readFileSync(node);
      const screen = new Framebuffer(node, geometry);
      assert.deepEqual(screen.size, turned % 180 === 0 ? { width: 11, height: 9 } : { width: 9, height: 11 });
      const luma = Uint8Array.from({ length: width * height }, (_, i) => i * 17);
      screen.write(screen.raster({ width, height, luma }, 3, 2));
      screen.close();
      const expected = Buffer.from(before);
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++)
          putAt(expected, geometry, cornered(turned, x + 3, y + 2), luma[y * width + x]!);
      assert.deepEqual(readFileSync(node), expected, `${bits} bits, ${turned} degrees`);
    }
});

/** drivers/video/fbdev/core/fbcon_cw.c, fbcon_ud.c and fbcon_ccw.c, for points of an 11 by 9 screen. */
function cornered(turned: Turned, x: number, y: number): readonly [number, number] {
  return { 0: [x, y], 90: [11 - 1 - y, x], 180: [11 - 1 - x, 9 - 1 - y], 270: [y, 9 - 1 - x] }[
    turned
  ] as never;
}

function putAt(
  memory: Buffer,
  { stride, bits }: Geometry,
  [x, y]: readonly [number, number],
  luma: number,
): void {
  const at = y * stride + (x * bits) / 8;
  if (bits === 32) memory.set([luma, luma, luma, 255], at);
  else memory.writeUInt16LE(((luma >> 3) << 11) | ((luma >> 2) << 5) | (luma >> 3), at);
}

test("a font's name says its cell", () => {
  assert.deepEqual(fontCell("Vietnamese-Terminus32x16.psf.gz"), { wide: 16, high: 32 });
  assert.deepEqual(fontCell("Vietnamese-Terminus12x6.psf.gz"), { wide: 6, high: 12 });
  assert.deepEqual(fontCell("Vietnamese-Terminus14.psf.gz"), { wide: 8, high: 14 });
  assert.equal(fontCell("default"), undefined);
});

test("where a screen is no whole number of cells the font's own measure counts, if the console has it", () => {
  const screen = { size: { width: 1024, height: 600 }, close: () => undefined } as unknown as Framebuffer;
  const cellOf = (font: { wide: number; high: number } | undefined, columns: number, rows: number) =>
    new Canvas({ open: () => screen, font }).cell({ columns, rows });
  const large = { wide: 16, high: 32 };
  assert.deepEqual(cellOf(large, 64, 18), large);
  // The kernel's own font is there instead of it.
  assert.deepEqual(cellOf(large, 128, 37), { wide: 8, high: 16 });
  assert.deepEqual(cellOf(undefined, 64, 18), { wide: 16, high: 33 });
  // A console that is not on this screen.
  assert.equal(cellOf(large, 200, 150), undefined);
  assert.equal(cellOf(large, 1000, 1000), undefined);
});

/** Every byte that was written to the framebuffer's file, by position. */
function watchWrites(node: string) {
  const before = readFileSync(node);
  return () => {
    const after = readFileSync(node);
    let changed = 0;
    for (let at = 0; at < after.length; at++) if (after[at] !== before[at]) changed++;
    return changed;
  };
}

const SMALL = SCREENS["240x240"]!;
const code = PICTURES.code!;
const second: Picture = {
  ...code,
  blocks: code.blocks.map((block) => (block.kind === "code" ? { ...block, index: 1 } : block)),
};

test("the size line says how large a code may be, and the same picture again writes nothing", async (t) => {
  const { terminal, show, made, output } = await openStage(t, SMALL);
  assert.deepEqual(terminal.size(), { columns: 40, rows: 20, codeModules: 40 });
  await show(code);
  assert.equal(jsqr(made.seen())?.text, "FIRN");
  const changed = watchWrites(made.node);
  const { mtimeMs } = statSync(made.node);
  const { written } = output;
  await show(structuredClone(code));
  assert.equal(changed(), 0);
  assert.equal(output.written, written);
  assert.equal(statSync(made.node).mtimeMs, mtimeMs);
});

test("the next code of a loop changes modules alone: no letter is written, no cell of the hole is touched", async (t) => {
  const { show, made, output } = await openStage(t, SMALL);
  await show(code);
  const { written } = output;
  await show(second);
  assert.equal(output.written, written);
  assert.equal(jsqr(made.seen())?.text, "NRIF");
});

test("after a code nothing of it stays, whatever comes: words, an image, a code of another size", async (t) => {
  for (const next of [PICTURES.text!, PICTURES.list!, PICTURES.image!, PICTURES.zone!, code]) {
    const fresh = await openStage(t, SMALL);
    await fresh.show(next);
    const expected = fresh.made.seen();
    const used = await openStage(t, SMALL);
    const large = { texts: ["X"], version: 20, level: "L", mode: "alphanumeric" } as const;
    await used.show({ ...code, blocks: [{ kind: "code", loop: large, index: 0 }] });
    assert.notDeepEqual(used.made.seen(), expected);
    await used.show(next);
    assert.deepEqual(used.made.seen(), expected, next.title);
  }
});

test("a code that the console wrote over stands again when it is looked at", async (t) => {
  for (const turned of [0, 90, 180, 270] as const) {
    const { show, made, output, canvas } = await openStage(t, { ...SMALL, turned });
    await show(code);
    const whole = made.seen();
    output.scribble(9, 0, "[  123.456] usb 1-1: a message of the k");
    assert.notDeepEqual(made.seen(), whole);
    canvas.mend();
    assert.equal(jsqr(made.seen())?.text, "FIRN");
    const { mtimeMs } = statSync(made.node);
    canvas.mend();
    assert.equal(statSync(made.node).mtimeMs, mtimeMs);
  }
});

test("a console of another size is told and drawn for anew, and a font that changed has other cells", async (t) => {
  const { show, made, output, lines, settle } = await openStage(t, SMALL);
  await show(code);
  output.font = { wide: 5, high: 8 };
  Object.assign(output, { columns: 48, rows: 30 });
  output.emit("resize");
  await settle();
  assert.deepEqual(lines.at(-1), { t: "size", columns: 48, rows: 30, codeModules: 44 });
  assert.equal(jsqr(made.seen())?.text, "FIRN");
});

test("of many pictures at once only the last is drawn, text and pixels", async (t) => {
  const { terminal, settle, made, output } = await openStage(t, SMALL);
  terminal.show(PICTURES.list!);
  terminal.show(code);
  await settle();
  terminal.show(PICTURES.image!);
  terminal.show(second);
  await settle();
  assert.equal(jsqr(made.seen())?.text, "NRIF");
  assert.ok(output.text.includes("Scan this") && !output.written.includes("Show the"));
});

test("where the framebuffer fails the code is drawn in characters, and Firn is told that pixels are gone", async (t) => {
  const parts: Framebuffer[] = [];
  const { show, lines, output, canvas } = await openStage(t, SMALL, (screen) => {
    parts.push(screen);
    return screen;
  });
  await show(PICTURES.text!);
  // As a panel does that was unplugged: the descriptor is dead.
  parts[0]!.write = () => {
    throw Object.assign(new Error("no such device"), { code: "ENODEV" });
  };
  await show(code);
  assert.deepEqual(lines.at(-1), { t: "size", columns: 40, rows: 20 });
  assert.match(output.text, /█▀▀▀▀▀█ ▀▀/);
  assert.equal(canvas.cell({ columns: 40, rows: 20 }), undefined);
});

test("where there are eight colours the banner is black on its ground, not grey, and words that stand out are bright", async (t) => {
  const { show, output } = await openStage(t, SMALL);
  await show(PICTURES.fact!);
  assert.match(output.written, /\x1b\[43;30m[^\x1b]*\[ TESTNET4 \]/);
  await show(PICTURES.warning!);
  assert.match(output.written, /\x1b\[1;41;37m/);
});

test("at the end the console is black, whatever stood there", async (t) => {
  const { show, made, terminal, settle } = await openStage(t, SMALL);
  await show(code);
  terminal.close();
  await settle();
  assert.ok(made.seen().luma.every((grey) => grey === 0));
});
