import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { inflate } from "../../device/eye/inflate.ts";
import { packagedWasm } from "../../device/eye/wasm.ts";
import type { Frame } from "../../src/qr/frame.ts";
import { openZxing } from "../../src/qr/zxing.ts";
import { A4, LETTER, layOut, type PaperSheet, type WalletPage } from "../../src/screens/page/layout.ts";
import { writePdf } from "../../src/screens/page/pdf.ts";
import { writeSvg } from "../../src/screens/page/svg.ts";
import { fromUtf8 } from "../../src/text.ts";
import { openAssembly, printedCodes, push } from "../../src/transport/index.ts";
import { chance } from "../pictures.ts";

const zxing = await openZxing(packagedWasm()!);

/** As long as a descriptor of so many keys, with letters of one. */
function descriptorOf(keys: number): string {
  const next = chance(keys);
  const letters = (count: number) =>
    Array.from({ length: count }, () => "abcdefghijkmnopqrstuvwxyz123456789"[Math.floor(next() * 34)]).join(
      "",
    );
  const key = () => `[${letters(8)}/48h/0h/0h/2h]xpub${letters(107)}/<0;1>/*`;
  return `wsh(sortedmulti(2,${Array.from({ length: keys }, key).join(",")}))#${letters(8)}`;
}

function page(keys: number): WalletPage {
  const descriptor = descriptorOf(keys);
  return {
    name: "Savings",
    about: "A backup of the wallet's descriptor. It holds public keys only: nothing can be spent with it.",
    facts: [
      { label: "Network", value: "mainnet" },
      { label: "To spend", value: `2 of ${keys} now` },
      { label: "Wallet fingerprint", value: "0123abcd" },
    ],
    keys: Array.from({ length: keys }, (_, i) => ({
      name: `Anna (${i})`,
      origin: "73c5da0a m/48h/0h/0h/2h",
      extended: `xpub${"A1b2".repeat(26)}xyz`,
    })),
    recovery: ["Any 1 lost: the other 2 still spend.", "2 or more lost: the money is gone."],
    descriptor,
    codes: printedCodes(descriptor),
    foot: "Savings 0123abcd",
  };
}

const SIZES = [1, 3, 5, 15, 20];

// ---------------------------------------------------------------- readers of their own

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface ReadSheet {
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
function readPdf(bytes: Uint8Array): readonly ReadSheet[] {
  const all = fromUtf8(bytes)!;
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
      texts.push({ x, y: A4.height - y, size, text: text[4]!.replace(/\\(.)/g, "$1") });
    } else if (box) {
      const [x, y, width, height] = box.slice(1).map(Number) as [number, number, number, number];
      boxes.push({ x, y: A4.height - y - height, width, height });
    } else if (line === "f") {
      codes.push(boxes);
      boxes = [];
    } else assert.equal(line, "0 g");
  }
  return { texts, codes };
}

function readSvg(bytes: Uint8Array): readonly ReadSheet[] {
  const all = fromUtf8(bytes)!;
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

function read(codes: readonly (readonly Box[])[]): string {
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

// ---------------------------------------------------------------- tests

for (const [what, write, readBack] of [
  ["PDF", writePdf, readPdf],
  ["SVG", writeSvg, readSvg],
] as const)
  for (const keys of SIZES)
    test(`a wallet of ${keys} keys is printed as ${what}: its descriptor is read back from the codes, and letter by letter`, () => {
      const wallet = page(keys);
      const sheets = readBack(write(layOut(wallet)));
      assert.equal(read(sheets.flatMap(({ codes }) => codes)), wallet.descriptor);
      const lines = sheets.flatMap(({ texts }) =>
        texts.filter(({ size }) => size === 9).map(({ text }) => text),
      );
      const from = lines.indexOf("Descriptor, with its checksum") + 1;
      const to = lines.findIndex((line) => line.startsWith("The descriptor"));
      assert.equal(lines.slice(from, to).join("").replaceAll(" ", ""), wallet.descriptor);
      for (const { extended } of wallet.keys)
        assert.ok(lines.join("").replaceAll(" ", "").includes(extended));
      for (const sentence of wallet.recovery) assert.ok(lines.includes(sentence));
    });

test("a wallet of three keys takes one sheet", () => {
  assert.equal(layOut(page(3)).length, 1);
});

/** What a text or a code covers. */
function boxOf(mark: PaperSheet[number]): Box {
  if (mark.kind === "text")
    return {
      x: mark.x,
      y: mark.y - mark.size * 0.75,
      width: mark.text.length * mark.size * LETTER,
      height: mark.size,
    };
  const side = mark.code.side * mark.module;
  return { x: mark.x, y: mark.y, width: side, height: side };
}

test("nothing stands on the margin or on anything else, whatever the wallet", () => {
  const text = fc.string({ minLength: 1, maxLength: 90, size: "max", unit: "grapheme-ascii" });
  fc.assert(
    fc.property(
      fc.constantFrom(...SIZES),
      text,
      fc.array(text, { maxLength: 30 }),
      (keys, name, recovery) => {
        const sheets = layOut({ ...page(keys), name, recovery });
        for (const sheet of sheets) {
          const boxes = sheet.map(boxOf);
          for (const [i, a] of boxes.entries()) {
            assert.ok(a.x >= 40 && a.x + a.width <= A4.width - 38, "within the margins");
            assert.ok(a.y >= 30 && a.y + a.height <= A4.height - 20, "on the sheet");
            for (const b of boxes.slice(i + 1)) {
              const apart =
                a.x + a.width <= b.x + 0.01 ||
                b.x + b.width <= a.x + 0.01 ||
                a.y + a.height <= b.y + 0.01 ||
                b.y + b.height <= a.y + 0.01;
              assert.ok(apart, "beside each other");
            }
          }
        }
      },
    ),
    { numRuns: 40 },
  );
});

test("foreign letters, brackets and tags in a name harm neither file", () => {
  const name = 'A(\\)<b>&"\u202e水';
  const sheets = layOut({ ...page(1), name });
  const said = 'Wallet A(\\)<b>&"<U+202E><U+6C34>';
  assert.equal(readPdf(writePdf(sheets))[0]!.texts[0]!.text, said);
  assert.equal(readSvg(writeSvg(sheets))[0]!.texts[0]!.text, said);
});

test("the same wallet gives the same bytes", () => {
  assert.deepEqual(writePdf(layOut(page(3))), writePdf(layOut(page(3))));
});
