// Scripts without an address: hex always, text only where all of it is printable.

import assert from "node:assert/strict";
import { test } from "node:test";
import { toHex } from "../../src/bytes.ts";
import { scriptFacts } from "../../src/screens/script.ts";
import { utf8 } from "../../src/text.ts";

const values = (script: readonly number[]) =>
  scriptFacts(toHex(Uint8Array.from(script))).map((block) => (block.kind === "fact" ? block.value : ""));

test("data that is all printable is shown as text beside its hex", () => {
  assert.deepEqual(values([0x6a, 5, ...utf8("Hello")]), ["6a05 4865 6c6c 6f", "Hello"]);
  assert.deepEqual(values([0x6a, 2, ...utf8("ab"), 1, ...utf8("c")]).at(-1), "ab\nc");
  assert.equal(values([0x6a, 0x4c, 100, ...utf8("x".repeat(100))]).at(-1), "x".repeat(100));
  assert.equal(values([0x6a, 0x4d, 0x2c, 0x01, ...utf8("y".repeat(300))]).at(-1), "y".repeat(300));
});

test("one byte that is not printable, a push that is cut short, or anything but pushes: hex only", () => {
  for (const script of [
    [0x6a],
    [],
    [0x6a, 5, 0x48, 0x65, 0x6c, 0x6c],
    [0x6a, 2, 0x48, 0x0a],
    [0x6a, 0x4c],
    [0x6a, 0x4d, 0x01],
    [0x6a, 0x51],
    [0x6a, 0x4e, 1, 0, 0, 0, 0x41],
    [0x6a, 1, 0x41, 0xac],
    [0x51, 1, 0x41],
  ])
    assert.equal(values(script).length, 1, toHex(Uint8Array.from(script)));
});
