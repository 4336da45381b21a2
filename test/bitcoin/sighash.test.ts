// The digests, against BIP 143, BIP 341, the signatures of BIP 174 and 371, and two other programs; DER both ways.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { tapLeafHash } from "@scure/btc-signer/payment.js";
import { Transaction as Other } from "@scure/btc-signer/transaction.js";
import { Transaction as JsTransaction } from "bitcoinjs-lib";
import fc from "fast-check";
import { readCoins } from "../../src/bitcoin/coins.ts";
import { readPsbt } from "../../src/bitcoin/psbt/psbt.ts";
import { fieldOf } from "../../src/bitcoin/psbt/rows.ts";
import { commonOf, legacyDigester, segwitDigester, taprootDigester } from "../../src/bitcoin/sighash.ts";
import { fromDer, toDer } from "../../src/bitcoin/signatures.ts";
import { readUnsigned, type TxOutput } from "../../src/bitcoin/transaction.ts";
import { fromHex, toHex } from "../../src/bytes.ts";
import { curve, run } from "./build.ts";

const vectors = (name: string) =>
  JSON.parse(readFileSync(new URL(`../vectors/psbt/${name}.json`, import.meta.url), "utf8"));
const bytes = (hex: string): Uint8Array => fromHex(hex)!;
const unsigned = (hex: string) =>
  readUnsigned(bytes(hex), (what) => {
    throw new Error(what);
  });

for (const vector of vectors("bip143").vectors)
  test(`BIP 143 gives this digest, and its signature verifies: ${vector.case}`, () => {
    const tx = unsigned(vector.unsigned);
    const spent = tx.inputs.map(
      (): TxOutput => ({ amountSats: BigInt(vector.amountSats), script: bytes("") }),
    );
    const digest = segwitDigester(commonOf(tx, spent))(vector.input, bytes(vector.scriptCode));
    assert.equal(toHex(digest), vector.digest);
    const signature = fromDer(bytes(vector.signature).slice(0, -1))!;
    assert.ok(curve.verifyEcdsa(digest, bytes(vector.publicKey), signature));
    assert.equal(`${toHex(toDer(signature))}01`, vector.signature);
  });

test("BIP 341 gives these hashes, and these digests for DEFAULT and ALL", () => {
  const [{ given, intermediary, inputSpending }] = vectors("bip341").keyPathSpending;
  const spent = given.utxosSpent.map((utxo: { scriptPubKey: string; amountSats: number }) => ({
    amountSats: BigInt(utxo.amountSats),
    script: bytes(utxo.scriptPubKey),
  }));
  const common = commonOf(unsigned(given.rawUnsignedTx), spent);
  assert.equal(toHex(common.prevouts), intermediary.hashPrevouts);
  assert.equal(toHex(common.sequences), intermediary.hashSequences);
  assert.equal(toHex(common.outputs), intermediary.hashOutputs);
  let checked = 0;
  for (const { given: spending, intermediary: middle } of inputSpending) {
    if (spending.hashType > 1) continue;
    const digest = taprootDigester(common, spending.hashType)(spending.txinIndex);
    assert.equal(toHex(digest), middle.sigHash, `input ${spending.txinIndex}`);
    checked++;
  }
  assert.equal(checked, 2);
});

test("BIP 371's own signatures of leaves verify under BIP 342's digest", () => {
  let verified = 0;
  for (const { hex } of vectors("bip371").vectors.filter(
    (one: { section: string }) => one.section === "valid",
  )) {
    const psbt = run(readPsbt(bytes(hex)));
    if (!psbt.inputs.some((rows) => fieldOf(rows, 0x14))) continue;
    const digest = taprootDigester(commonOf(psbt.tx, run(readCoins(psbt))), 0);
    psbt.inputs.forEach((rows, i) => {
      for (const { type, key, value } of rows) {
        if (type !== 0x14 || value.length !== 64) continue;
        assert.ok(curve.verifySchnorr(digest(i, key.subarray(32)), key.subarray(0, 32), value));
        assert.ok(!curve.verifySchnorr(digest(i), key.subarray(0, 32), value));
        verified++;
      }
    });
  }
  assert.equal(verified, 3);
});

test("for any leaf the digest is the one that bitcoinjs-lib and @scure/btc-signer come to", () => {
  const [{ given }] = vectors("bip341").keyPathSpending;
  const spent: TxOutput[] = given.utxosSpent.map((utxo: { scriptPubKey: string; amountSats: number }) => ({
    amountSats: BigInt(utxo.amountSats),
    script: bytes(utxo.scriptPubKey),
  }));
  const ours = commonOf(unsigned(given.rawUnsignedTx), spent);
  const js = JsTransaction.fromHex(given.rawUnsignedTx);
  const other = Other.fromRaw(bytes(given.rawUnsignedTx), {
    allowUnknownInputs: true,
    allowUnknownOutputs: true,
    disableScriptCheck: true,
  });
  const scripts = spent.map(({ script }) => script);
  const amounts = spent.map(({ amountSats }) => amountSats);
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 300 }),
      fc.nat(spent.length - 1),
      fc.constantFrom(0 as const, 1 as const),
      (script, index, type) => {
        const hash = tapLeafHash(script);
        const digest = toHex(taprootDigester(ours, type)(index, hash));
        assert.equal(digest, toHex(js.hashForWitnessV1(index, scripts, amounts, type, hash)));
        assert.equal(
          digest,
          toHex(other.preimageWitnessV1(index, scripts, type, amounts, undefined, script)),
        );
      },
    ),
  );
});

test("the digests of before BIP 143, and of BIP 143, verify every signature of BIP 174's own journey", () => {
  const journey = vectors("bip174").vectors.filter((one: { section: string }) => one.section === "journey");
  const psbt = run(readPsbt(bytes(journey[5].hex)));
  const common = commonOf(psbt.tx, run(readCoins(psbt)));
  let verified = 0;
  psbt.inputs.forEach((rows, i) => {
    const witnessScript = fieldOf(rows, 0x05);
    const digest = witnessScript
      ? segwitDigester(common)(i, witnessScript)
      : legacyDigester(common)(i, fieldOf(rows, 0x04)!);
    for (const { type, key, value } of rows) {
      if (type !== 0x02) continue;
      assert.ok(curve.verifyEcdsa(digest, key, fromDer(value.slice(0, -1))!));
      verified++;
    }
  });
  assert.equal(verified, 4);
});

test("legacy digests are the same in whatever order they are asked for", () => {
  const journey = vectors("bip174").vectors.filter((one: { section: string }) => one.section === "journey");
  const psbt = run(readPsbt(bytes(journey[5].hex)));
  const common = commonOf(psbt.tx, run(readCoins(psbt)));
  const code = Uint8Array.of(0x51);
  const forwards = legacyDigester(common);
  const first = [0, 1].map((i) => toHex(forwards(i, code)));
  const second = [1, 0].map((i) => toHex(forwards(i, code)));
  assert.deepEqual(second.reverse(), first);
  assert.notEqual(first[0], first[1]);
});

test("DER written is DER read, for any r and any low s", () => {
  const number = (most: number) =>
    fc.tuple(
      fc.integer({ min: 0, max: most }),
      fc.uint8Array({ minLength: 31, maxLength: 31 }),
      fc.integer({ min: 0, max: 30 }),
    );
  fc.assert(
    fc.property(number(255), number(0x7e), (r, s) => {
      const whole = [r, s].map(([first, rest, zeros]) => {
        const out = Uint8Array.from([first, ...rest]);
        return zeros > 15 ? out.fill(0, 0, zeros) : out;
      });
      const signature = Uint8Array.from([...whole[0]!, ...whole[1]!]);
      assert.deepEqual(fromDer(toDer(signature)), signature);
    }),
  );
});

test("a high s is no signature here", () => {
  const order = bytes("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
  const high = Uint8Array.from([...new Uint8Array(31), 1, ...order]);
  assert.equal(fromDer(toDer(high)), undefined);
});
