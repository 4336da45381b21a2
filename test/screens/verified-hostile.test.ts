import assert from "node:assert/strict";
import { test } from "node:test";
import { readPayment } from "../../src/bitcoin/index.ts";
import { notFoundSheets } from "../../src/screens/verified.ts";

test("whatever a payment request calls what it adds, a screen gets words", () => {
  for (const name of ["constructor", "__proto__", "%63onstructor", "hasOwnProperty", ""]) {
    const request = readPayment("bc1q", `${name}=1`);
    const blocks = notFoundSheets("bc1q", { wallets: [], count: 1 }, request).flatMap(
      (sheet) => sheet.blocks,
    );
    const facts = blocks.flatMap((block) => (block.kind === "fact" ? [block] : []));
    assert.equal(facts.length, 3);
    for (const { label, value } of facts)
      assert.deepEqual([typeof label, typeof value], ["string", "string"]);
  }
});
