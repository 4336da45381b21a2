// What the home keeps of a TPM's seal, as bytes.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { blobBytes, disclose, enclose, isUnder, markNameOf, readBlob } from "../../device/seal/tpm-blob.ts";
import { concat } from "../../src/bytes.ts";
import { Refusal } from "../../src/refusal.ts";
import { some } from "./stage.ts";

const KEY = some();
const MARK = some();
const PLAIN = some();
const front = {
  primaryName: some(34),
  markName: markNameOf(MARK),
  object: { area: some(46), encrypted: some(190) },
};
const blob = enclose(front, PLAIN, KEY, MARK);

test("what was enclosed is disclosed by key and mark together, and by neither alone", () => {
  assert.deepEqual(disclose(blob, KEY, MARK), PLAIN);
  assert.equal(disclose(blob, KEY, some()), undefined);
  assert.equal(disclose(blob, some(), MARK), undefined);
  assert.ok(isUnder(blob, MARK));
  assert.ok(!isUnder(blob, some()));
});

test("no part of it can be exchanged", () => {
  const other = enclose({ ...front, object: { area: some(46), encrypted: some(190) } }, PLAIN, KEY, MARK);
  for (const changed of [
    { ...blob, primaryName: some(34) },
    { ...blob, markName: some(8) },
    { ...blob, object: other.object },
    { ...blob, enclosed: other.enclosed },
  ])
    assert.equal(disclose(changed, KEY, MARK), undefined);
});

test("a blob is read as it was written, and in no other length", () => {
  const bytes = blobBytes(blob);
  assert.deepEqual(readBlob(bytes), blob);
  for (let length = 0; length < bytes.length; length++) refuses(bytes.subarray(0, length));
  refuses(concat(bytes, Uint8Array.of(0)));
  refuses(concat(Uint8Array.of(2), bytes.subarray(1)));
});

test("other bytes are refused, whatever they are", () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 500 }),
    fc.uint8Array({ minLength: 40, maxLength: 500 }).map((rest) => concat(Uint8Array.of(1), rest)),
  );
  fc.assert(
    fc.property(bytes, (any) => {
      try {
        assert.deepEqual(blobBytes(readBlob(any)), any);
      } catch (problem) {
        assert.ok(problem instanceof Refusal, String(problem));
        assert.equal(problem.reason, "seal.foreign");
      }
    }),
  );
});

function refuses(bytes: Uint8Array): void {
  assert.throws(
    () => readBlob(bytes),
    (problem) => problem instanceof Refusal && problem.reason === "seal.foreign",
  );
}
