// The code of a transaction.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { CODE_LETTERS, isCodeOf, transactionCode } from "../src/code.ts";

const TXID = "f4184fc596403b9d638783cf57adfe4c75c605f6356fbc91338530e9831e9e16";

test("a transaction's code is the first 40 bits of SHA-256 over its id, in Crockford's letters, in groups of four", () => {
  for (const txid of [TXID, "00".repeat(32), "ff".repeat(32)]) {
    const digest = createHash("sha256").update(`firn code${txid}`).digest();
    const number = BigInt(`0x${digest.subarray(0, 5).toString("hex")}`);
    const bits = number.toString(2).padStart(40, "0").match(/.{5}/g)!;
    const letters = bits.map((five) => CODE_LETTERS[Number.parseInt(five, 2)]).join("");
    assert.equal(transactionCode(txid), `${letters.slice(0, 4)} ${letters.slice(4)}`);
  }
});

test("a code is known with or without its space, in letters of any size, and for its own transaction alone", () => {
  const code = transactionCode(TXID);
  for (const typed of [code, code.replace(" ", ""), code.toUpperCase()]) assert.ok(isCodeOf(TXID, typed));
  for (const typed of ["", code.slice(0, -1), `${code}0`, transactionCode("00".repeat(32))])
    assert.ok(!isCodeOf(TXID, typed));
});
