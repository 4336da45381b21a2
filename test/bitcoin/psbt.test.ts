import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { mapsOf, type Psbt, readPsbt } from "../../src/bitcoin/psbt/psbt.ts";
import { encodeMaps } from "../../src/bitcoin/psbt/rows.ts";
import { fromHex, toHex } from "../../src/bytes.ts";
import type { Work } from "../../src/request.ts";

function run<T>(work: Work<T>): T {
  let step = work.next();
  while (!step.done) step = work.next();
  return step.value;
}

interface Vector {
  readonly section: string;
  readonly case: string;
  readonly hex: string;
}

function vectors(name: string): Vector[] {
  const url = new URL(`../vectors/psbt/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, "utf8")).vectors;
}

const read = (hex: string): Psbt => run(readPsbt(fromHex(hex)!));

for (const bip of ["bip174", "bip370", "bip371"])
  for (const vector of vectors(bip)) {
    const name = `${bip}, ${vector.section}: ${vector.case}`;
    if (vector.section === "invalid")
      test(`is refused by name: ${name}`, () => {
        assert.throws(() => read(vector.hex), { name: "Refusal", reason: "bitcoin.psbt-malformed" });
      });
    else if (vector.section === "lock none")
      test(`is refused by name: ${name}`, () => {
        assert.throws(() => read(vector.hex), { reason: "bitcoin.lock-times-disagree" });
      });
    else
      test(`is written as it was read: ${name}`, () => {
        const psbt = read(vector.hex);
        assert.equal(toHex(encodeMaps(mapsOf(psbt))), vector.hex);
        const lock = /^lock (\d+)$/.exec(vector.section)?.[1];
        if (lock !== undefined) assert.equal(psbt.tx.lockTime, Number(lock));
      });
  }
