import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isTextSignedBy, signText, textKeyOf } from "../../src/keys/index.ts";
import {
  type FleetDocument,
  firstPolicy,
  readAdministrators,
  readCard,
  readFleet,
  withSignature,
  writeAdministrators,
  writeCard,
  writeFleet,
} from "../../src/policy/index.ts";
import { Refusal } from "../../src/refusal.ts";
import { refusesWith } from "../keys/make.ts";

const SECRET = Uint8Array.from({ length: 32 }, (_, i) => i + 1);
const OTHER = Uint8Array.from({ length: 32 }, (_, i) => 200 - i);

const DOCUMENT: FleetDocument = {
  fleet: "acme",
  number: 7,
  network: "signet",
  wallets: [{ name: "Cold savings", descriptor: "wpkh(xpub)#00000000" }],
  policy: { ...firstPolicy("signet", "simulator")!, number: 7 },
};

test("a fleet's document is read back as it was written, with every signature under it", () => {
  const body = writeFleet(DOCUMENT);
  const text = withSignature(withSignature(body, "anna", "ab".repeat(64)), "bert b", "cd".repeat(64));
  assert.deepEqual(readFleet(text), {
    document: DOCUMENT,
    body,
    signatures: [
      { name: "anna", signature: "ab".repeat(64) },
      { name: "bert b", signature: "cd".repeat(64) },
    ],
  });
});

test("a signature holds for the very text, by the very key, and under no other label", () => {
  const body = writeFleet(DOCUMENT);
  const signature = signText(SECRET, body);
  assert.ok(isTextSignedBy(textKeyOf(SECRET), body, signature));
  assert.ok(!isTextSignedBy(textKeyOf(OTHER), body, signature));
  assert.ok(!isTextSignedBy(textKeyOf(SECRET), `${body} `, signature));
  assert.ok(!isTextSignedBy("00".repeat(32), body, signature));
  assert.ok(!isTextSignedBy("zz", body, signature) && !isTextSignedBy(textKeyOf(SECRET), body, "zz"));
});

test("any byte of a document that is changed makes it another document, or none", () => {
  const body = writeFleet(DOCUMENT);
  const signature = signText(SECRET, body);
  const text = withSignature(body, "anna", signature);
  fc.assert(
    fc.property(fc.nat(text.length - 1), fc.integer({ min: 9, max: 126 }), (at, code) => {
      const changed = text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1);
      if (changed === text) return;
      try {
        const read = readFleet(changed);
        const [first] = read.signatures;
        const holds = first?.name === "anna" && isTextSignedBy(textKeyOf(SECRET), read.body, first.signature);
        assert.ok(!holds, `taken as signed by anna: ${JSON.stringify(changed.slice(at - 9, at + 9))}`);
      } catch (problem) {
        assert.ok(problem instanceof Refusal, String(problem));
      }
    }),
    { numRuns: 2000 },
  );
});

test("a document that is written otherwise than it must be, or signed twice by one, is refused", () => {
  const body = writeFleet(DOCUMENT);
  const signature = "ab".repeat(64);
  for (const wrong of [
    "",
    body.replace("Firn fleet 1", "Firn fleet 2"),
    body.replace("Number 7\nNetwork", "Number 07\nNetwork"),
    body.replace("Network signet\nWallet", "Network mainnet\nWallet"),
    body.replace("Wallet ", "wallet "),
    body.replace("\n\nFirn policy", "\n\n\nFirn policy"),
    `${body}\n`,
    withSignature(withSignature(body, "anna", signature), "anna", signature),
    withSignature(body, "Anna", signature),
    `${withSignature(body, "anna", signature)}more`,
  ])
    assert.throws(() => readFleet(wrong), Refusal, wrong);
});

test("administrators and their cards are read back, and refused where one stands twice or too few are named", () => {
  const [anna, bert] = [
    { name: "anna", publicKey: textKeyOf(SECRET) },
    { name: "bert", publicKey: textKeyOf(OTHER) },
  ];
  assert.deepEqual(readCard(writeCard(anna)), anna);
  assert.throws(() => readCard(writeCard(anna).replace("anna", "Anna")), refusesWith("fleet.malformed"));
  assert.throws(() => readCard(writeCard(anna).replace("anna", "anna ")), refusesWith("fleet.malformed"));
  const all = { fleet: "acme", need: 2, admins: [anna, bert] };
  assert.deepEqual(readAdministrators(writeAdministrators(all)), all);
  for (const wrong of [
    { ...all, need: 3 },
    { ...all, admins: [anna, anna] },
    { ...all, admins: [anna, { ...bert, name: "anna" }] },
    { ...all, admins: [anna, { ...bert, publicKey: anna.publicKey }] },
  ])
    assert.throws(() => readAdministrators(writeAdministrators(wrong)), refusesWith("fleet.malformed"));
});
