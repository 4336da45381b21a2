// Keys of cosigners, by every way in which programs give them: known as such, and written as one text.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { toHex } from "../../src/bytes.ts";
import { LIMITS } from "../../src/limits.ts";
import { Refusal } from "../../src/refusal.ts";
import { utf8 } from "../../src/text.ts";
import { keysOfAccount } from "../../src/transport/account.ts";
import { writeBytewords } from "../../src/transport/bytewords.ts";
import { readCbor } from "../../src/transport/cbor.ts";
import { messageOfFile } from "../../src/transport/index.ts";
import { array, bool, byteString, map, tag, textString, uint } from "../../src/transport/write-cbor.ts";
import { collect } from "./support.ts";

const { papers } = JSON.parse(
  readFileSync(join(import.meta.dirname, "../vectors/transport/ur-registry-bcr.json"), "utf8"),
) as { papers: { paper: string; vectors: { ur?: string; cbor?: string; descriptors?: string[] }[] }[] };

/** What a paper prints: a descriptor a key, and the code that holds them all. */
function printed(name: string) {
  const { vectors } = papers.find(({ paper }) => paper.startsWith(name))!;
  const lines = vectors.flatMap(({ descriptors = [] }) => descriptors).filter((line) => line.includes("["));
  return { lines, ur: vectors.find(({ ur }) => ur)!.ur! };
}

/** As the paper's, in our spelling: h, no cosigner(), both branches where a path of children is left out. */
const ours = (line: string) =>
  line
    .replaceAll("'", "h")
    .replace(/cosigner\(([^()]*)\)/, "$1")
    .replace(/(xpub[0-9A-Za-z]+)/, "$1/<0;1>/*");

for (const paper of ["bcr-2020-015", "bcr-2023-019"])
  test(`the account that ${paper} prints is read with all its seven keys, in the forms in which they stand`, () => {
    const { lines, ur } = printed(paper);
    const message = collect([ur], ["key"])!;
    assert.equal(lines.length, 7);
    assert.equal(message.kind === "key" && message.text, lines.map(ours).join("\n"));
  });

test("a crypto-hdkey is one key, the one that the paper writes in base58", () => {
  const { vectors } = papers.find(({ paper }) => paper.startsWith("bcr-2020-007"))!;
  const message = collect([vectors[1]!.ur!], ["key"]);
  // The paper's own: a testnet key whose origin names no fingerprint.
  const key =
    "tpubDHW3GtnVrTatx38EcygoSf9UhUd9Dx1rht7FAL8unrMo8r2NWhJuYNqDFS7cZFVbDaxJkV94MLZAr86XFPsAPYcoHWJ7sWYsrmHDw5sKQ2K";
  assert.deepEqual(message, { kind: "key", dialect: "ur", text: `${key}/<0;1>/*` });
});

test("crypto-multi-accounts gives its keys, each with its origin", () => {
  const keypath = tag(304, map({ 1: array([uint(84), bool(true)]), 2: uint(0x73c5da0a), 3: uint(1) }));
  const point = Uint8Array.from({ length: 33 }, (_, i) => (i === 0 ? 2 : i));
  const key = tag(303, map({ 3: byteString(point), 4: byteString(new Uint8Array(32)), 6: keypath }));
  const accounts = map({ 1: uint(0x73c5da0a), 2: array([key, key]), 3: textString("Keystone") });
  const text = `UR:CRYPTO-MULTI-ACCOUNTS/${writeBytewords(accounts)}`;
  const message = collect([text], ["key"])!;
  assert.match(message.kind === "key" ? message.text : "", /^(\[73c5da0a\/84h\]xpub[^\n]*\n?){2}$/);
});

const KEY =
  "[73c5da0a/48h/0h/0h/2h]xpub6DkFAXWQ2dHxq2vatrt9qyA3bXYU4ToWQwCHbf5XB2mSTexcHZCeKS1VZYcPoBd5X8yVcbXFHJR9R8UCVpt82VX1VhR28mCyxUFL4r6KFrf";

const TEXTS: Readonly<Record<string, string>> = {
  "a key with its origin": KEY,
  "a key of SLIP-132": KEY.replace(/^.*\]xpub/, "Zpub"),
  "several, a line each": `${KEY}\n${KEY}`,
  "a key with its branches": `${KEY}/<0;1>/*`,
  "Coldcard's JSON": JSON.stringify({ chain: "BTC", xfp: "73C5DA0A", bip48_2: {} }),
  "BlueWallet's cosigner": JSON.stringify({ xfp: "73C5DA0A", xpub: "xpub", path: "m/48'/0'/0'/2'" }),
  "Cobo's JSON": JSON.stringify({ ExtPubKey: "zpub", MasterFingerprint: "73C5DA0A" }),
  "a key record of BSMS": `BSMS 1.0\n00\n${KEY}\nAlice\nsignature`,
};

for (const [what, text] of Object.entries(TEXTS))
  test(`${what} is told for keys, by code and on a stick`, () => {
    for (const message of [collect([text], ["key"]), messageOfFile(utf8(text))])
      assert.deepEqual(message, { kind: "key", dialect: "plain", text });
  });

test("private keys are no keys of cosigners, and a text that only begins like one is none", () => {
  const secret = KEY.replace("xpub", "xprv");
  for (const [text, reason] of [
    [secret, "transport.wrong-kind"],
    [`[73c5da0a/48h]${"xpub".padEnd(30, "1")}`, "transport.unknown"],
    ['{"xfp": 5}', "transport.unknown"],
  ] as const)
    assert.throws(
      () => collect([text], ["key"]),
      (problem) => problem instanceof Refusal && problem.reason === reason,
      text,
    );
});

test("keys that are longer than any program writes are refused", () => {
  assert.throws(
    () => messageOfFile(utf8(`${KEY}\n`.repeat(1 + LIMITS.keyTextChars / (KEY.length + 1)))),
    (problem) => problem instanceof Refusal && problem.reason === "transport.too-large",
  );
});

test("whatever an account's CBOR holds, it is read or refused", () => {
  const { cbor } = papers
    .find(({ paper }) => paper.startsWith("bcr-2020-015"))!
    .vectors.find(({ cbor }) => cbor)!;
  const good = Uint8Array.from(cbor!.match(/../g)!, (two) => Number.parseInt(two, 16));
  const outcomes = { read: 0, refused: 0 };
  fc.assert(
    fc.property(fc.nat(good.length - 1), fc.nat(255), (at, byte) => {
      const bytes = good.with(at, byte);
      try {
        keysOfAccount(readCbor(bytes));
        outcomes.read++;
      } catch (problem) {
        assert.ok(problem instanceof Refusal, `${toHex(bytes)}: ${problem}`);
        outcomes.refused++;
      }
    }),
    { numRuns: 2000 },
  );
  assert.ok(outcomes.read > 0 && outcomes.refused > 0);
});
