// Large requests for a Safe are told whole.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ethers } from "ethers";
import { actsOfSafeTx } from "../../src/ethereum/safe/index.ts";
import { readTyped } from "../../src/ethereum/typed/index.ts";
import { utf8 } from "../../src/text.ts";
import { addressOf, contextOf, txFields, typedText } from "./safe-stage.ts";

const BATCH = new ethers.Interface(["function multiSend(bytes)"]);

function told(calls: number, bytes: number): number {
  const one = (i: number) =>
    ethers.solidityPacked(
      ["uint8", "address", "uint256", "uint256", "bytes"],
      [0, addressOf(i + 1), 1n, bytes, `0x${"5a".repeat(bytes)}`],
    );
  const packed = ethers.concat(Array.from({ length: calls }, (_, i) => one(i)));
  const data = BATCH.encodeFunctionData("multiSend", [packed]);
  const text = utf8(
    typedText({ ...txFields({ to: "0x9641d764fc13c8B624c04430C7356C1C7C8102e2", data, operation: 1 }) }),
  );
  return actsOfSafeTx(readTyped(text), contextOf())?.length ?? 0;
}

test("of a batch of 100 KB, of a few large calls or of many small ones, each call is told", () => {
  for (const [calls, bytes] of [
    [5, 20_000],
    [200, 400],
  ] as const)
    assert.equal(told(calls, bytes), calls + 2);
});
