// For tests: what a printed page says, by readers that know PDF and SVG and nothing of the program that wrote them.

import assert from "node:assert/strict";
import { inflate } from "../device/eye/inflate.ts";
import { packagedWasm } from "../device/eye/wasm.ts";
import type { Frame } from "../src/qr/frame.ts";
import { openZxing } from "../src/qr/zxing.ts";
import { openAssembly, push } from "../src/transport/index.ts";

const zxing = await openZxing(packagedWasm()!);
const SHEET_HEIGHT = 841.89;

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface ReadSheet {
  readonly texts: readonly {
    readonly x: number;
    readonly y: number;
    readonly size: number;
    readonly text: string;
  }[];
  /** One list a code. */
  readonly codes: readonly (readonly Box[])[];
}

/** A reader of PDF that follows the cross-reference table and every length, and knows no more than is drawn. */
export function readPdf(bytes: Uint8Array): readonly ReadSheet[] {
  const all = Buffer.from(bytes).toString("utf8");
  assert.ok(/^[\x20-\x7e\n]*$/.test(all), "nothing but ASCII");
  const start = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(all)![1]);
  const [, count] = /^xref\n0 (\d+)\n/.exec(all.slice(start))!;
  const table = all
    .slice(start)
    .split("\n")
    .slice(2, 2 + Number(count));
  assert.ok(
    table.every((line) => line.length === 19),
    "20 bytes an entry, its line end among them",
  );
  const object = (number: number) => {
    const at = Number(table[number]!.slice(0, 10));
    const head = `${number} 0 obj\n`;
    assert.equal(all.slice(at, at + head.length), head);
    return all.slice(at + head.length, all.indexOf("\nendobj\n", at));
  };
  assert.match(all, new RegExp(`trailer\\n<< /Size ${count} /Root 1 0 R >>`));
  assert.match(object(1), /\/Type \/Catalog \/Pages 2 0 R/);
  const kids = [...object(2).matchAll(/(\d+) 0 R/g)].map(([, number]) => Number(number));
  assert.equal(Number(/\/Count (\d+)/.exec(object(2))![1]), kids.length);
  return kids.map((kid) => {
    const pageText = object(kid);
    assert.match(pageText, /\/MediaBox \[0 0 595\.28 841\.89\]/);
    for (const [, font] of pageText.matchAll(/\/F\d (\d+) 0 R/g))
      assert.match(object(Number(font)), /\/BaseFont \/Courier/);
    const contents = object(Number(/\/Contents (\d+) 0 R/.exec(pageText)![1]));
    const [head, length] = /^<< \/Length (\d+) >>\nstream\n/.exec(contents)!;
    const body = contents.slice(head.length, head.length + Number(length));
    assert.equal(contents.slice(head.length + Number(length)), "endstream");
    return readStream(body);
  });
}

function readStream(body: string): ReadSheet {
  const texts: ReadSheet["texts"][number][] = [];
  const codes: Box[][] = [];
  let boxes: Box[] = [];
  for (const line of body.trimEnd().split("\n")) {
    const text = /^BT \/F[12] (\S+) Tf (\S+) (\S+) Td \((.*)\) Tj ET$/.exec(line);
    const box = /^(\S+) (\S+) (\S+) (\S+) re$/.exec(line);
    if (text) {
      const [size, x, y] = text.slice(1, 4).map(Number) as [number, number, number];
      texts.push({ x, y: SHEET_HEIGHT - y, size, text: text[4]!.replace(/\\(.)/g, "$1") });
    } else if (box) {
      const [x, y, width, height] = box.slice(1).map(Number) as [number, number, number, number];
      boxes.push({ x, y: SHEET_HEIGHT - y - height, width, height });
    } else if (line === "f") {
      codes.push(boxes);
      boxes = [];
    } else assert.equal(line, "0 g");
  }
  return { texts, codes };
}

export function readSvg(bytes: Uint8Array): readonly ReadSheet[] {
  const all = Buffer.from(bytes).toString("utf8");
  // Nothing but the elements that are drawn with, and no letter that XML takes for its own.
  assert.ok(!/<(?!\?xml |\/?svg\b|rect |\/?g\b|\/?text\b|path )/.test(all));
  assert.ok(!/&(?!amp;|lt;|gt;)/.test(all));
  const groups = all.split("<g ").slice(1);
  assert.equal(groups.length, (all.match(/<\/g>/g) ?? []).length);
  return groups.map((group) => ({
    texts: [...group.matchAll(/<text x="(\S+)" y="(\S+)" .*?font-size="(\d+)".*?>(.*?)<\/text>/g)].map(
      ([, x, y, size, text]) => ({
        ...{ x: Number(x), y: Number(y), size: Number(size) },
        text: text!.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&"),
      }),
    ),
    codes: [...group.matchAll(/ d="(.*?)"/g)].map(([, path]) =>
      [...path!.matchAll(/M(\S+) (\S+)h(\S+?)v(\S+?)h-(\S+?)z/g)].map(([, x, y, width, height, back]) => {
        assert.equal(width, back);
        return { x: Number(x), y: Number(y), width: Number(width), height: Number(height) };
      }),
    ),
  }));
}

/** Paper as a scanner sees it, at so many pixels a point. */
function scanned(boxes: readonly Box[], scale: number): Frame {
  const [left, top] = [Math.min(...boxes.map(({ x }) => x)) - 20, Math.min(...boxes.map(({ y }) => y)) - 20];
  const far = Math.max(
    ...boxes.map(({ x, width }) => x + width),
    ...boxes.map(({ y, height }) => y + height),
  );
  const side = Math.ceil((far - Math.min(left, top) + 20) * scale);
  const luma = new Uint8Array(side * side).fill(255);
  for (const { x, y, width, height } of boxes)
    for (let row = Math.round((y - top) * scale); row < Math.round((y + height - top) * scale); row++)
      luma.fill(
        0,
        row * side + Math.round((x - left) * scale),
        row * side + Math.round((x + width - left) * scale),
      );
  return { width: side, height: side, luma };
}

export function readCodes(codes: readonly (readonly Box[])[]): string {
  const assembly = openAssembly(["wallet"], inflate);
  for (const boxes of codes) {
    // 300 dots an inch, as printers have them.
    const seen = zxing(scanned(boxes, 300 / 72));
    assert.ok(seen, "a code on the paper can be read");
    const pushed = push(assembly, seen);
    if (pushed.kind === "message" && pushed.message.kind === "wallet") return pushed.message.text;
  }
  assert.fail("the codes on the paper are not whole");
}

/** The descriptor as it is printed, letter by letter. */
export function printedDescriptor(sheets: readonly ReadSheet[]): string {
  const lines = linesOf(sheets);
  const from = lines.indexOf("Descriptor, with its checksum") + 1;
  const to = lines.findIndex((line) => line.startsWith("The descriptor"));
  return lines.slice(from, to).join("").replaceAll(" ", "");
}

export function linesOf(sheets: readonly ReadSheet[]): readonly string[] {
  return sheets.flatMap(({ texts }) => texts.filter(({ size }) => size === 9).map(({ text }) => text));
}
