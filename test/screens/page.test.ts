import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { A4, LETTER, layOut, type PaperSheet, type WalletPage } from "../../src/screens/page/layout.ts";
import { writePdf } from "../../src/screens/page/pdf.ts";
import { writeSvg } from "../../src/screens/page/svg.ts";
import { printedCodes } from "../../src/transport/index.ts";
import { chance } from "../pictures.ts";
import { type Box, linesOf, printedDescriptor, readCodes, readPdf, readSvg } from "../wallet-page.ts";

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

// ---------------------------------------------------------------- tests

for (const [what, write, readBack] of [
  ["PDF", writePdf, readPdf],
  ["SVG", writeSvg, readSvg],
] as const)
  for (const keys of SIZES)
    test(`a wallet of ${keys} keys is printed as ${what}: its descriptor is read back from the codes, and letter by letter`, () => {
      const wallet = page(keys);
      const sheets = readBack(write(layOut(wallet)));
      assert.equal(readCodes(sheets.flatMap(({ codes }) => codes)), wallet.descriptor);
      assert.equal(printedDescriptor(sheets), wallet.descriptor);
      const lines = linesOf(sheets);
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
