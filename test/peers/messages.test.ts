// Messages against other programs: Electrum signs the same bytes and verifies what Firn signs; bitcoinjs-lib finds the
// same keys and scripts behind what BIP 322 signs.

import assert from "node:assert/strict";
import { test } from "node:test";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { Psbt, Transaction } from "bitcoinjs-lib";
import * as ecc from "tiny-secp256k1";
import {
  addressOf,
  messageDigest,
  messagePsbt,
  psbtMessage,
  recoverableToBase64,
} from "../../src/bitcoin/index.ts";
import { verifySigned } from "../../src/bitcoin/messages/verify.ts";
import { toSpend, toSpendTxid } from "../../src/bitcoin/messages/virtual.ts";
import { equal, toHex } from "../../src/bytes.ts";
import { signEcdsaLowR } from "../../src/keys/index.ts";
import { utf8 } from "../../src/text.ts";
import { curve, FORMS, heldBy, purse, run, signer } from "../bitcoin/build.ts";
import { electrum, installed } from "./electrum.ts";
import { isHere } from "./peer.ts";

const ask = installed ? electrum() : undefined;
const TEXTS = ["", "a", "I own this.\nAll of it.", "öäü 测试 😄", "x".repeat(300), " spaces  at both ends "];
const secretOf = (i: number) => sha256(utf8(`message secret ${i}`));

test("Electrum signs a message with the very bytes that Firn and Bitcoin Core sign; but where r is high it tries again", async (t) => {
  if (!isHere(t, "Electrum", installed)) return;
  let same = 0;
  for (const [i, text] of TEXTS.entries()) {
    const secret = secretOf(i);
    const digest = messageDigest(text);
    const write = (signature: Uint8Array) =>
      recoverableToBase64(digest, curve.publicKey(secret), signature, curve);
    const plain = curve.signEcdsa(digest, secret);
    const its = await ask!({ do: "sign_message", secret: toHex(secret), text });
    assert.equal(its, write(signEcdsaLowR(curve, digest, secret)));
    same += its === write(plain) ? 1 : 0;
    assert.equal(its === write(plain), plain[0]! < 0x80);
  }
  assert.ok(same > 0 && same < TEXTS.length, "both happen among them");
});

for (const form of ["p2pkh", "p2sh-p2wpkh", "p2wpkh"] as const)
  test(`Electrum verifies what a ${form} address signs, as those read it who ask by text; and no other text`, async (t) => {
    if (!isHere(t, "Electrum", installed)) return;
    const own = purse(form);
    const { publicKeys, scriptPubKey } = own.template.derive(0, 5);
    const address = addressOf(scriptPubKey, "regtest")!;
    for (const text of TEXTS) {
      const path = [...own.wallet.keys[0]!.path, 0, 5];
      const digest = messageDigest(text);
      const publicKey = publicKeys[0]!;
      const task = {
        fingerprint: own.wallet.keys[0]!.fingerprint,
        path,
        scheme: "ecdsa",
        digest,
        publicKey,
      } as const;
      const [lowR] = signer(own)([task]);
      // Whoever grinds for a low r signs as well; what Firn signs it does without.
      assert.ok(curve.verifyEcdsa(digest, publicKey, lowR!));
      const signature = recoverableToBase64(digest, publicKey, lowR!, curve);
      assert.equal(await ask!({ do: "verify_message", address, text, signature }), true);
      assert.equal(await ask!({ do: "verify_message", address, text: `${text}.`, signature }), false);
      const found = run(verifySigned({ message: text, signature, address }, "regtest", curve));
      assert.equal(found.outcome, "valid");
    }
  });

test("@noble recovers the key of every message that is signed here, by the same number", () => {
  for (const [i, text] of TEXTS.entries()) {
    const secret = secretOf(i);
    const digest = messageDigest(text);
    const made = curve.signEcdsa(digest, secret);
    const bytes = Buffer.from(recoverableToBase64(digest, curve.publicKey(secret), made, curve), "base64");
    const recovered = secp256k1.Signature.fromBytes(made, "compact").addRecoveryBit(bytes[0]! - 31);
    assert.ok(equal(recovered.recoverPublicKey(digest).toBytes(true), curve.publicKey(secret)));
  }
});

for (const form of FORMS.filter((one) => one !== "p2tr"))
  test(`bitcoinjs-lib finishes the message of a ${form} address as a transaction, and Firn takes that for the signature`, async () => {
    const message = "as a transaction";
    const own = purse(form);
    let { bytes } = { bytes: messagePsbt(message, own.wallet, own.template.derive(0, 1)) };
    const keys = ["p2sh", "p2sh-p2wsh", "p2wsh"].includes(form) ? [0, 2] : [0];
    for (const place of keys) bytes = await signedBy(heldBy(own, place), bytes);
    const psbt = Psbt.fromBuffer(Buffer.from(bytes));
    assert.ok(psbt.validateSignaturesOfInput(0, (key, hash, signature) => ecc.verify(hash, key, signature)));
    const tx = psbt.finalizeAllInputs().extractTransaction(true);
    const address = addressOf(own.template.derive(0, 1).scriptPubKey, "regtest")!;
    const signature = `ful${Buffer.from(tx.toBuffer()).toString("base64")}`;
    assert.equal(run(verifySigned({ message, signature, address }, "regtest", curve)).outcome, "valid");
    assert.equal(
      run(verifySigned({ message: "another", signature, address }, "regtest", curve)).outcome,
      "invalid",
    );
  });

async function signedBy(own: ReturnType<typeof purse>, bytes: Uint8Array): Promise<Uint8Array> {
  const fingerprint = own.wallet.keys.find(({ ours }) => ours)!.fingerprint;
  const known = {
    network: "regtest",
    templates: [own.template],
    fingerprint,
    curve,
    keyAt: () => bytes,
  } as const;
  const request = run(psbtMessage({ kind: "psbt", dialect: "ur", bytes }, known));
  run(request.agree());
  const approval = request.approve({ txid: request.spend.txid, outcome: "allow", rules: [] }, "approve");
  await approval.record(async () => {});
  return run(request.finish(signer(own)(approval.take()))).psbt!.bytes;
}

test("bitcoinjs-lib reads to_spend as the transaction that it is", () => {
  for (const text of TEXTS) {
    const { scriptPubKey } = purse("p2wsh").template.derive(0, 0);
    const tx = Transaction.fromBuffer(Buffer.from(toSpend(text, scriptPubKey)));
    assert.ok(equal(tx.getHash(), toSpendTxid(text, scriptPubKey)));
    assert.ok(tx.isCoinbase());
  }
});
