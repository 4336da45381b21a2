// The codec's own edges, and what happens where the two readers do not see the same.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Coin } from "../../src/bitcoin/coins.ts";
import { readCoins } from "../../src/bitcoin/coins.ts";
import { INPUT } from "../../src/bitcoin/psbt/fields.ts";
import { type Psbt, readPsbt } from "../../src/bitcoin/psbt/psbt.ts";
import type { Row } from "../../src/bitcoin/psbt/rows.ts";
import { readAgain } from "../../src/bitcoin/second.ts";
import { concat, u32le } from "../../src/bytes.ts";
import { LIMITS } from "../../src/limits.ts";
import {
  encode,
  encodeOutput,
  FORMS,
  foreignScript,
  type Parts,
  plan,
  previousTx,
  psbt,
  purse,
  reasonOf,
  request,
  row,
  run,
  txidOf,
  unsignedTx,
} from "./build.ts";

const own = purse("p2wpkh");

function malformed(bytes: Uint8Array, detail: RegExp): void {
  assert.throws(() => run(readPsbt(bytes)), { name: "Refusal", reason: "bitcoin.psbt-malformed", detail });
}

function changed(change: (parts: Parts) => void, version: 0 | 2 = 0): Uint8Array {
  const parts = plan(own, { version, inputs: 2 });
  change(parts);
  return encode(parts);
}

// ---------------------------------------------------------------- one reader

test("a row that stands there twice is found wherever it stands", () => {
  const twice = changed(({ inputs }) => inputs[1]!.push(inputs[1]![1]!));
  malformed(twice, /^input 2: spent output stands there twice$/);
  const unknown = changed(({ outputs }) => {
    outputs[0]!.push(row(0x99, u32le(1), u32le(7)), row(0x98, u32le(1)), row(0x99, u32le(2), u32le(7)));
  });
  malformed(unknown, /^output 1: a field stands there twice$/);
});

test("the same type with another key is another row", () => {
  const fine = changed(({ outputs }) =>
    outputs[0]!.push(row(0x99, u32le(1), u32le(7)), row(0x99, u32le(1), u32le(6))),
  );
  assert.equal(reasonOf(own, fine), "understood");
});

test("bytes after the last map are refused, a lone zero too", () => {
  for (const more of [Uint8Array.of(0), Uint8Array.of(1, 2, 3)])
    malformed(concat(psbt(own), more), /goes on after its end/);
});

test("a number in a longer form than it needs is refused", () => {
  const bytes = psbt(own);
  malformed(concat(bytes.slice(0, 5), Uint8Array.of(0xfd, 1, 0), bytes.slice(6)), /shortest form/);
  const counts = changed(({ global }) => {
    global[2]!.value = Uint8Array.of(0xfd, 2, 0);
  }, 2);
  malformed(counts, /input count: a number is not in its shortest form/);
});

test("a length beyond the end is refused before anything is taken", () => {
  const bytes = psbt(own);
  malformed(concat(bytes.slice(0, 7), Uint8Array.of(0xfe, 0xff, 0xff, 0xff, 0xff)), /ends in the middle/);
  malformed(concat(bytes.slice(0, 7), new Uint8Array(9).fill(0xff)), /larger than anything/);
});

test("a global extended key must be as deep as its path is long", () => {
  const key = new Uint8Array(78);
  key[4] = 2;
  const at = (steps: number) =>
    changed(({ global }) => global.push(row(0x01, new Uint8Array(4 + 4 * steps), key)));
  malformed(at(1), /extended public key/);
  malformed(at(3), /extended public key/);
  run(readPsbt(at(2)));
});

test("a previous transaction that is no transaction is refused with its input named", () => {
  for (const value of [new Uint8Array(0), new Uint8Array(60), Uint8Array.of(2, 0, 0, 0, 0xff)]) {
    const bytes = changed(({ inputs }) => {
      inputs[1]![0]!.value = value;
    });
    assert.throws(() => request(own, bytes), {
      reason: /bitcoin\.(psbt-malformed|previous-mismatch)/,
      detail: /^input 2: /,
    });
  }
});

test("a previous transaction larger than nodes relay is refused before it is read", () => {
  const large = encodeOutput(1n, new Uint8Array(LIMITS.previousBytes));
  const previous = previousTx(5, [encodeOutput(100_000n, own.template.derive(0, 0).scriptPubKey), large]);
  const parts = plan(own, {});
  const coin = { txid: txidOf(previous), index: 0, sequence: 0 };
  parts.global = [row(0x00, unsignedTx(2, [coin], [{ amountSats: 1_000n, script: foreignScript(1) }], 0))];
  parts.inputs[0]![0]!.value = previous;
  parts.outputs = [[]];
  assert.equal(reasonOf(own, encode(parts)), "bitcoin.too-large");
});

// ---------------------------------------------------------------- two readers

function read(bytes: Uint8Array): { psbt: Psbt; coins: Coin[] } {
  const read = run(readPsbt(bytes));
  return { psbt: read, coins: run(readCoins(read)) };
}

/** A row whose bytes say one signature type, and whose value another: NONE. */
const asNone = (row: Row): Row => (row.type === INPUT.sighash ? { ...row, value: u32le(2) } : row);

const disagrees = { name: "Refusal", reason: "bitcoin.readers-disagree" };

test("both readers see the same in every form and version, in any order of rows", () => {
  for (const form of FORMS)
    for (const version of [0, 2] as const) {
      const parts = plan(purse(form), { version, inputs: 9 });
      for (const map of [...parts.inputs, ...parts.outputs]) map.reverse();
      const { psbt, coins } = read(encode(parts));
      run(readAgain(psbt, coins));
    }
});

test("whatever one reader saw otherwise than the other is refused", () => {
  for (const version of [0, 2] as const) {
    const { psbt: seen, coins } = read(psbt(own, { version, inputs: 9, sighash: 1 }));
    const { tx } = seen;
    const script = foreignScript(3);
    const other: Psbt[] = [
      { ...seen, tx: { ...tx, version: 1 } },
      { ...seen, tx: { ...tx, lockTime: 1 } },
      { ...seen, unsigned: seen.unsigned.map((byte, i) => (i === 60 ? byte ^ 1 : byte)) },
      { ...seen, inputs: seen.inputs.slice(1) },
      { ...seen, inputs: [...seen.inputs.slice(0, 8), seen.inputs[0]!] },
      { ...seen, inputs: [...seen.inputs.slice(0, 8), seen.inputs[8]!.map(asNone)] },
    ];
    for (const [i, one] of other.entries())
      assert.throws(() => run(readAgain(one, coins)), disagrees, `psbt ${i}`);
    const last = coins[8]!;
    for (const coin of [
      { ...last, amountSats: last.amountSats + 1n },
      { ...last, script },
      { ...last, outpoint: coins[0]!.outpoint },
    ])
      assert.throws(() => run(readAgain(seen, [...coins.slice(0, 8), coin])), disagrees);
    run(readAgain(seen, coins));
  }
});

test("what the second reader refuses is refused, in printable words", () => {
  const offCurve = concat(Uint8Array.of(2), new Uint8Array(32).fill(0xff));
  const bytes = changed(({ inputs }) => inputs[1]!.push(row(0x06, new Uint8Array(8), offCurve)));
  const of = request(own, bytes);
  assert.throws(() => run(of.agree()), { ...disagrees, detail: /^one of them refuses it: [\x20-\x7e]+$/ });
  assert.throws(() => of.approve({ txid: of.spend.txid, outcome: "allow", rules: [] }, "approve"), /agreed/);
});
