// What stands beside a message and could be a lie: amounts of coins in a proof of reserves, an amount in the message's own
// input, the kind of address that a key is asked to speak for, and a key that was derived wrongly.

import assert from "node:assert/strict";
import { test } from "node:test";
import { keyMessage, messagePsbt, psbtMessage } from "../../src/bitcoin/index.ts";
import { readPsbt } from "../../src/bitcoin/psbt/psbt.ts";
import { u32le, u64le } from "../../src/bytes.ts";
import { HARDENED as H } from "../../src/limits.ts";
import { utf8 } from "../../src/text.ts";
import {
  curve,
  encode,
  encodeOutput,
  nodeAt,
  type Parts,
  type Plan,
  plan,
  purse,
  row,
  run,
} from "./build.ts";

const own = purse("p2wpkh");
const known = {
  network: own.wallet.network,
  templates: [own.template],
  fingerprint: own.wallet.keys[0]!.fingerprint,
  curve,
  keyAt: (path: readonly number[]) => nodeAt(own.masters[0]!, path).publicKey!,
};
const asked = (parts: Parts) =>
  run(psbtMessage({ kind: "psbt", dialect: "ur", bytes: encode(parts) }, known)).review;

function proof(more: Plan): Parts {
  const message = run(readPsbt(messagePsbt("mine", own.wallet, own.template.derive(0, 3))));
  const [first] = message.tx.inputs;
  const head = [...message.inputs[0]!, row(0x0e, first!.txid), row(0x0f, u32le(0)), row(0x10, u32le(0))];
  return {
    global: [
      ...[row(0x02, u32le(2)), row(0x04, Uint8Array.of(3)), row(0x05, Uint8Array.of(1))],
      ...[row(0x09, utf8("mine")), row(0xfb, u32le(2))],
    ],
    inputs: [head, ...plan(own, { inputs: 2, version: 2, ...more }).inputs],
    outputs: [[row(0x03, u64le(0n)), row(0x04, Uint8Array.of(0x6a))]],
  };
}

test("an amount that its previous transaction proves is proven, one that is only claimed is a claim", () => {
  const proven = (more: Plan) => asked(proof(more)).coins.map((coin) => coin.proven);
  assert.deepEqual(proven({}), [true, true]);
  assert.deepEqual(proven({ previous: false }), [false, false]);
});

test("a message whose own input claims an amount is none", () => {
  const parts = proof({});
  const { scriptPubKey } = own.template.derive(0, 3);
  const claim = (sats: bigint) => {
    const rows = parts.inputs[0]!.filter(({ type }) => type > 0x01);
    return {
      ...parts,
      inputs: [[row(0x01, encodeOutput(sats, scriptPubKey)), ...rows], ...parts.inputs.slice(1)],
    };
  };
  assert.equal(asked(claim(0n)).message, "mine");
  assert.throws(() => asked(claim(1n)), { reason: "message.mismatch", detail: "input 1 holds an amount" });
});

const path = (purpose: number) => [H + purpose, H + 1, H, 0, 0];

test("a taproot key signs no text in the old form: no program could say whose it is", () => {
  for (const what of [{ path: path(86) }, { path: path(84), form: "p2tr" as never }])
    assert.throws(() => keyMessage({ message: "mine", ...what }, known), { reason: "message.no-form" });
  assert.match(keyMessage({ message: "mine", path: path(84) }, known).review.address!, /^bcrt1q/);
});

test("a key that another implementation derives otherwise signs no message", () => {
  const request = (second: number) => {
    const check = { ...curve };
    const keyAt = (_: unknown, by: unknown) => known.keyAt(path(by === check ? second : 84));
    return keyMessage({ message: "mine", path: path(84) }, { ...known, check, keyAt });
  };
  run(request(84).agree());
  assert.throws(() => run(request(49).agree()), { reason: "bitcoin.readers-disagree" });
});
