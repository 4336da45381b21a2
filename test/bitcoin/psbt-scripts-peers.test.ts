// Other programs beside rust-miniscript: @scure/btc-signer signs and finalises a quorum's leaf, bitcoinjs-lib verifies,
// combines and finalises, @bitcoinerlab's descriptors make the witness of a miniscript from our signature.

import assert from "node:assert/strict";
import { test } from "node:test";
import { networks as labNetworks, Output } from "@bitcoinerlab/descriptors-scure";
import { Psbt as Rust } from "@bitgo/wasm-miniscript";
import { Transaction as Other } from "@scure/btc-signer/transaction.js";
import { initEccLib, Psbt as Js, Transaction as JsTransaction, networks } from "bitcoinjs-lib";
import * as tiny from "tiny-secp256k1";
import { writeExtended } from "../../src/bitcoin/index.ts";
import { INPUT } from "../../src/bitcoin/psbt/fields.ts";
import { readPsbt } from "../../src/bitcoin/psbt/psbt.ts";
import { concat, fromHex, toHex } from "../../src/bytes.ts";
import { HARDENED } from "../../src/limits.ts";
import { anyPurse, MASTERS, POINT_H, peerPsbt, signedByPeer } from "./any-wallet.ts";
import { COIN_SATS, nodeAt, type Purse, psbt, request, run, signed } from "./build.ts";

initEccLib(tiny);

const AUX = new Uint8Array(32);
const OPEN = {
  allowUnknownOutputs: true,
  allowUnknownInputs: true,
  unknown: "ignore",
  proprietary: "ignore",
} as const;

/** The private key of a master's account at branch and index. */
function secretOf(master: number, branch: number, index: number): Uint8Array {
  const path = [48, 1, 0, 2].map((step) => step + HARDENED);
  return nodeAt(MASTERS[master]!, [...path, branch, index]).privateKey!;
}

const rowsOf = (bytes: Uint8Array, input: number, type: number) =>
  run(readPsbt(bytes)).inputs[input]!.filter((row) => row.type === type);

/** The digest of a leaf, as bitcoinjs-lib has it. */
function leafDigest(raw: Uint8Array, own: Purse, input: number, inputs: number, leaf: number): Uint8Array {
  const coins = Array.from({ length: inputs }, (_, index) => own.template.derive(0, index));
  return JsTransaction.fromBuffer(raw).hashForWitnessV1(
    input,
    coins.map(({ scriptPubKey }) => scriptPubKey),
    coins.map(() => COIN_SATS),
    0,
    coins[input]!.taproot!.leaves[leaf]!.hash,
  );
}

/** What Firn reckons that the finished transaction will have, in virtual bytes. */
function saidOf(own: Purse, bytes: Uint8Array): number {
  const { feeSats, feeRate } = request(own, bytes).review;
  return Number(feeSats) / feeRate;
}

for (const sighash of [0, 1] as const)
  test(`a leaf's size is reckoned to the byte, control block and all, with signature type ${sighash}`, async () => {
    const own = anyPurse(
      `tr(${POINT_H},{and_v(v:pk(@3/<0;1>/*),older(1000)),multi_a(2,@0/<0;1>/*,@1/<0;1>/*,@2/<0;1>/*)})`,
    );
    const bytes = psbt(own, { inputs: 3, sighash });
    const tx = Other.fromPSBT((await signed(own, bytes)).whole.bytes, OPEN);
    for (let i = 0; i < 3; i++) tx.signIdx(secretOf(1, 0, i), i, [sighash], AUX);
    tx.finalize();
    assert.ok(Math.abs(saidOf(own, bytes) - tx.vsize) < 0.5, `said ${saidOf(own, bytes)}, is ${tx.vsize}`);
  });

for (const multi of ["multi_a", "sortedmulti_a"])
  test(`${multi}: @scure/btc-signer makes our very signatures, adds a cosigner's and finishes what bitcoinjs-lib verifies`, async () => {
    const own = anyPurse(`tr(${POINT_H},${multi}(2,@0/<0;1>/*,@1/<0;1>/*,@2/<0;1>/*))`);
    const bytes = psbt(own, { inputs: 3 });
    const { whole } = await signed(own, bytes);
    const theirs = Other.fromPSBT(bytes, OPEN);
    for (let i = 0; i < 3; i++) theirs.signIdx(secretOf(0, 0, i), i, undefined, AUX);
    for (let i = 0; i < 3; i++) {
      const [mine, ...more] = rowsOf(whole.bytes, i, INPUT.tapScriptSignature);
      const [other] = rowsOf(theirs.toPSBT(), i, INPUT.tapScriptSignature);
      assert.equal(more.length, 0);
      assert.equal(toHex(mine!.raw), toHex(other!.raw));
    }
    const tx = Other.fromPSBT(whole.bytes, OPEN);
    for (let i = 0; i < 3; i++) tx.signIdx(secretOf(2, 0, i), i, undefined, AUX);
    tx.finalize();
    const raw = JsTransaction.fromBuffer(tx.extract());
    for (let i = 0; i < 3; i++) {
      const { publicKeys, taproot } = own.template.derive(0, i);
      const [leaf] = taproot!.leaves;
      const stack = raw.ins[i]!.witness;
      assert.deepEqual(stack.slice(-2).map(toHex), [toHex(leaf!.script), toHex(leaf!.control)]);
      // The last key's signature stands first: the script takes them from the top.
      const inScript = publicKeys
        .slice(1)
        .map((key) => key.subarray(1))
        .sort((a, b) => toHex(leaf!.script).indexOf(toHex(a)) - toHex(leaf!.script).indexOf(toHex(b)));
      const digest = leafDigest(tx.unsignedTx, own, i, 3, 0);
      const valid = stack
        .slice(0, -2)
        .reverse()
        .filter((signature, place) => {
          if (signature.length === 0) return false;
          assert.ok(tiny.verifySchnorr(digest, inScript[place]!, signature));
          return true;
        });
      assert.equal(valid.length, 2);
    }
  });

test("bitcoinjs-lib takes the signatures alone, verifies and finishes a leaf with them", async () => {
  const own = anyPurse("tr(@1/<0;1>/*,{pk(@0/<0;1>/*),pk(@2/<0;1>/*)})");
  const bytes = psbt(own, { inputs: 2 });
  const { signaturesOnly } = await signed(own, bytes);
  const js = Js.fromBuffer(bytes, { network: networks.regtest });
  js.combine(Js.fromBuffer(signaturesOnly.bytes));
  const valid = (key: Uint8Array, digest: Uint8Array, signature: Uint8Array) =>
    tiny.verifySchnorr(digest, key, signature);
  assert.ok(js.validateSignaturesOfAllInputs(valid));
  js.finalizeAllInputs();
  for (const [i, { witness }] of js.extractTransaction(true).ins.entries()) {
    const [leaf] = own.template.derive(0, i).taproot!.leaves;
    assert.deepEqual(witness.slice(1).map(toHex), [toHex(leaf!.script), toHex(leaf!.control)]);
  }
});

test("a key hash in a leaf, which other finalisers do not know, is signed as bitcoinjs-lib's digest has it", async () => {
  const own = anyPurse(`tr(${POINT_H},{pk(@1/<0;1>/*),and_v(v:pkh(@0/<0;1>/*),older(12))})`);
  const bytes = psbt(own, { inputs: 2, sequence: 12 });
  const { whole } = await signed(own, bytes);
  for (const i of [0, 1]) {
    const [row] = rowsOf(whole.bytes, i, INPUT.tapScriptSignature);
    const { publicKeys, taproot } = own.template.derive(0, i);
    const leaf = taproot!.leaves[1]!;
    assert.equal(toHex(row!.key), toHex(concat(publicKeys[2]!.subarray(1), leaf.hash)));
    const digest = leafDigest(run(readPsbt(bytes)).unsigned, own, i, 2, 1);
    assert.ok(tiny.verifySchnorr(digest, publicKeys[2]!.subarray(1), row!.value));
    assert.equal(toHex(tiny.signSchnorr(digest, secretOf(0, 0, i), AUX)), toHex(row!.value));
  }
});

const MINISCRIPTS = [
  ["wsh(or_d(pk(@1/<0;1>/*),and_v(v:pkh(@0/<0;1>/*),older(144))))", 144],
  ["wsh(andor(pk(@0/<0;1>/*),older(10),pk(@1/<0;1>/*)))", 10],
  ["wsh(and_v(v:pk(@0/<0;1>/*),or_d(pk(@1/<0;1>/*),older(20))))", 20],
] as const;
for (const [text, sequence] of MINISCRIPTS)
  test(`@bitcoinerlab's descriptors and rust-miniscript make the same witness of our signature: ${text}`, async () => {
    const own = anyPurse(text);
    const bytes = peerPsbt({ text, inputs: 2, sequence }).serialize();
    const { whole } = await signed(own, bytes);
    const rust = Rust.deserialize(whole.bytes);
    rust.finalize();
    for (const i of [0, 1]) {
      const [row] = rowsOf(whole.bytes, i, INPUT.partialSignature);
      const descriptor = own.wallet.descriptor
        .replace(/#.*/, "")
        .replaceAll("<0;1>", "0")
        .replaceAll(/(\d)h/g, "$1'");
      const lab = new Output({
        descriptor,
        index: i,
        network: labNetworks.regtest,
        signersPubKeys: [row!.key],
      });
      const made = lab.getScriptSatisfaction([{ pubkey: row!.key, signature: row!.value }]);
      assert.equal(made.nSequence, sequence);
      const final = rowsOf(rust.serialize(), i, INPUT.finalWitness)[0]!.value;
      const stack = made.scriptSatisfaction;
      assert.ok(toHex(final).includes(toHex(row!.value)));
      assert.ok(stack.length > 0 && toHex(stack).includes(toHex(row!.value)));
      // Pushes of a script, and items of a witness, that are shorter than 76 bytes are written alike; an empty one too.
      assert.equal(toHex(final).slice(2, 2 + 2 * stack.length), toHex(stack));
    }
  });

test("an internal key that is nobody's, as an extended key without an origin, leaves the leaves to be signed", async () => {
  const extended = writeExtended(
    {
      depth: 0,
      parentFingerprint: "00000000",
      childNumber: 0,
      chainCode: new Uint8Array(32).fill(5),
      publicKey: concat(Uint8Array.of(2), fromHex(POINT_H)!),
    },
    "regtest",
  );
  const text = `tr(${extended}/<0;1>/*,{and_v(v:pk(@0/<0;1>/*),pk(@1/<0;1>/*)),and_v(v:pk(@0/<2;3>/*),older(10))})`;
  const own = anyPurse(text);
  const bytes = peerPsbt({ text }).serialize();
  const { review, count } = request(own, bytes);
  assert.equal(count, 2);
  assert.equal(review.outputs[1]!.owner, "change");
  assert.deepEqual(
    review.quorums[0]!.ways.map(({ leaf }) => leaf),
    [0],
  );
  signedByPeer(Rust.deserialize((await signed(own, bytes)).whole.bytes), [1]).finalize();
});
