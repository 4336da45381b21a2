// Firn's own texts and block headers: known by their mark, whichever way they come.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { packagedWasm } from "../../device/eye/wasm.ts";
import { concat, fromHex, toHex } from "../../src/bytes.ts";
import { LIMITS } from "../../src/limits.ts";
import type { Density, Message } from "../../src/model.ts";
import { drawCode, paint } from "../../src/qr/draw.ts";
import { openJsqr } from "../../src/qr/jsqr.ts";
import { openZxing } from "../../src/qr/zxing.ts";
import { utf8 } from "../../src/text.ts";
import { writeBytewords } from "../../src/transport/bytewords.ts";
import { cborHead } from "../../src/transport/cbor.ts";
import { encodeBase64 } from "../../src/transport/digits.ts";
import { messageOfFile, splitBytes, splitText } from "../../src/transport/index.ts";
import { collect, readBytes } from "./support.ts";

const zxing = await openZxing(packagedWasm()!);
const density = fc.constantFrom<Density>("least", "low", "medium", "high");

const firnText = fc
  .tuple(
    fc.string({ maxLength: 40 }),
    fc.array(fc.string({ unit: "grapheme", maxLength: 90 }), { maxLength: 60 }),
  )
  .map(([first, lines]) => `Firn ${first.replaceAll(/[\r\n]/g, " ")}\n${lines.join("\n")}\n`)
  .filter((text) => Buffer.from(text).toString() === text && !text.includes("\r"));

const document = (text: string) => (message: Message | undefined) => {
  assert.equal(message?.kind, "document");
  assert.equal(message.text, text);
};

test("a text that Firn shows as codes is read back letter for letter, in every density", () => {
  fc.assert(
    fc.property(firnText, density, (text, dense) => {
      const { texts } = splitText(text, dense);
      document(text)(collect(texts.toReversed()));
    }),
    { numRuns: 150 },
  );
});

test("the same text comes by every way, and from a stick, with foreign line ends and a byte order mark as well", () => {
  const text = "Firn policy 2\nNumber 7\n\nFor everything\nNot more than three for Bärbel\n";
  const bytes = utf8(text);
  const is = document(text);
  is(collect([text]));
  is(collect([readBytes(bytes)]));
  // A decoder that guesses letters wrongly changes nothing: the bytes count.
  is(collect([{ text: text.replace("ä", "\u00c3\u00a4"), bytes }]));
  is(collect([`ur:bytes/${writeBytewords(concat(Uint8Array.from(cborHead(2, bytes.length)), bytes))}`]));
  is(collect([`B$HU0100${toHex(bytes).toUpperCase()}`]));
  is(collect([`p2of2 ${text.slice(20)}`, `p1of2 ${text.slice(0, 20)}`]));
  is(messageOfFile(bytes));
  is(messageOfFile(utf8(`\uFEFF${text.replaceAll("\n", "\r\n")}`)));
});

test("both decoders read a document's code, its line ends and letters, and headers as bytes", () => {
  for (const decode of [openJsqr(), zxing]) {
    const text = "Firn policy 2\nNumber 7\n\nList bärbel\n";
    const { texts, version, level, mode } = splitText(text, "medium");
    assert.deepEqual(texts, [text]);
    document(text)(collect([decode(paint(drawCode(text, { version, level, mode }), 4))!]));
    const bytes = drawCode(Buffer.from(CHAIN).toString("latin1"), {
      version: 15,
      level: "L",
      mode: "binary",
    });
    isChain(collect([decode(paint(bytes, 4))!]));
  }
});

test("what only looks like a document is none, and one that is too long or no UTF-8 is refused by name", () => {
  assert.throws(() => collect(["firn policy 2"]), { reason: "transport.unknown" });
  assert.throws(() => collect(["Firnpolicy 2"]), { reason: "transport.unknown" });
  const long = utf8(`Firn ${"x".repeat(LIMITS.documentBytes - 5)}`);
  assert.equal(messageOfFile(long).kind, "document");
  assert.throws(() => messageOfFile(concat(long, utf8("y"))), { reason: "transport.too-large" });
  assert.throws(() => messageOfFile(concat(utf8("Firn "), Uint8Array.of(0xc3))), {
    reason: "transport.damaged",
  });
});

test("a text of words and a wallet inside of a document stay a document", () => {
  const words = "Firn abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";
  document(words)(collect([words]));
  const wallet = "Firn fleet 1\nPolicy: 2 of 3\n0F056943: xpub6DFekS5zvPSdW6W\n";
  document(wallet)(collect([wallet]));
});

// ---------------------------------------------------------------- block headers

const FIRST_BLOCKS: readonly string[] = JSON.parse(
  readFileSync(new URL("../vectors/headers/mainnet-0.json", import.meta.url), "utf8"),
).headers;
const CHAIN = fromHex(FIRST_BLOCKS.join(""))!;

const isChain = (message: Message | undefined, bytes = CHAIN) => {
  assert.equal(message?.kind, "headers");
  assert.deepEqual(message.bytes, bytes);
};

test("block headers come as hex with and without line ends, base64, bytes, UR, BBQr, text parts, and on a stick", () => {
  const hex = FIRST_BLOCKS.join("");
  isChain(collect([hex]));
  isChain(collect([hex.toUpperCase()]));
  isChain(collect([`${FIRST_BLOCKS.join("\r\n")}\n`]));
  isChain(collect([encodeBase64(CHAIN)]));
  isChain(collect([readBytes(CHAIN)]));
  isChain(collect([`ur:bytes/${writeBytewords(concat(Uint8Array.from(cborHead(2, CHAIN.length)), CHAIN))}`]));
  for (const dense of ["least", "medium"] as const) isChain(collect(splitBytes(CHAIN, dense).texts));
  isChain(collect([`B$HU0100${toHex(utf8(FIRST_BLOCKS.join("\n"))).toUpperCase()}`]));
  isChain(collect([`p1of2 ${hex.slice(0, 333)}`, `p2of2 ${hex.slice(333)}`]));
  for (const file of [CHAIN, utf8(hex), utf8(FIRST_BLOCKS.join("\r\n")), utf8(encodeBase64(CHAIN))])
    isChain(messageOfFile(file));
});

test("one header alone and a chain that breaks off are still told for headers; other bytes of that length are not", () => {
  isChain(collect([FIRST_BLOCKS[0]!]), CHAIN.slice(0, 80));
  const broken = CHAIN.slice();
  broken[330]! ^= 1;
  isChain(collect([toHex(broken)]), broken);
  const nothing = CHAIN.slice();
  nothing[0]! ^= 1;
  assert.throws(() => collect([readBytes(nothing)]), { reason: "transport.unknown" });
});

test("more headers than are taken at once are refused as too large", () => {
  const many = (count: number) => concat(...Array.from({ length: count }, () => CHAIN.subarray(0, 80)));
  isChain(messageOfFile(many(LIMITS.headers)), many(LIMITS.headers));
  const lines = utf8(`${FIRST_BLOCKS[0]}\r\n`.repeat(LIMITS.headers));
  isChain(messageOfFile(lines), many(LIMITS.headers));
  assert.throws(() => messageOfFile(many(LIMITS.headers + 1)), { reason: "transport.too-large" });
});

test("a file of ERC 7730 is known by its schema, on a stick and in codes, and other JSON stays what it was", () => {
  const file = JSON.stringify(
    { $schema: "../specs/erc7730-v2.schema.json", context: {}, display: {} },
    undefined,
    2,
  );
  document(file)(messageOfFile(utf8(file), ["document"]));
  document(file)(messageOfFile(concat(Uint8Array.of(0xef, 0xbb, 0xbf), utf8(file)), ["document"]));
  document(file)(collect(splitText(file, "medium").texts, ["document"]));
  const other = file.replace("erc7730-v2", "erc20-v2");
  assert.throws(() => messageOfFile(utf8(other), ["document"]));
  const huge = file.replace("{}", `{"x":"${"y".repeat(LIMITS.descriptorChars)}"}`);
  assert.throws(() => messageOfFile(utf8(huge), ["document"]));
});
