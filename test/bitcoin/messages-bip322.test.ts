import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { scriptOf } from "../../src/bitcoin/index.ts";
import { verifyBip322 } from "../../src/bitcoin/messages/verify-322.ts";
import { messageHash, toSign, toSpendTxid } from "../../src/bitcoin/messages/virtual.ts";
import { displayTxid, doubleSha256, encodeUnsigned } from "../../src/bitcoin/transaction.ts";
import { toHex } from "../../src/bytes.ts";
import { loadCurve, nobleCurve } from "../../src/keys/index.ts";
import type { Work } from "../../src/request.ts";

const vectors = (name: string) =>
  JSON.parse(readFileSync(new URL(`../vectors/messages/bip322-${name}.json`, import.meta.url), "utf8"));
const basic = vectors("basic");
const generated = vectors("generated");
const CURVES = [await loadCurve(), nobleCurve()];
const [fast] = CURVES;

function done<T>(work: Work<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

const verdictOf = (message: string, address: string, signature: string, curve = fast!) =>
  done(verifyBip322(message, signature, scriptOf(address, "mainnet"), curve));

test("message hashes and both virtual transactions are BIP 322's", () => {
  for (const vector of basic.tx_hashes) {
    const script = scriptOf(vector.address, "mainnet");
    assert.equal(toHex(messageHash(vector.message)), vector.message_hash);
    assert.equal(displayTxid(toSpendTxid(vector.message, script)), vector.to_spend_tx_hash);
    const id = doubleSha256(encodeUnsigned(toSign(vector.message, script)));
    assert.equal(displayTxid(id), vector.to_sign_tx_hash);
  }
});

const FORMS = { simple: "simple", full: "full", proof_of_funds: "coins" } as const;
for (const curve of CURVES)
  for (const [set, form] of Object.entries(FORMS))
    for (const vector of [...(basic[set] ?? []), ...generated[set]])
      test(`${curve.name}: ${form} for ${vector.type}: "${vector.message}" is valid`, () => {
        for (const signature of vector.bip322_signatures) {
          const found = verdictOf(vector.message, vector.address, signature, curve);
          assert.deepEqual([found.outcome, found.why, found.form], ["valid", "", form]);
          assert.deepEqual([found.lockTime, found.sequence], [vector.lock_time ?? 0, vector.sequence ?? 0]);
          const coins = (vector.additional_inputs ?? []).flat();
          assert.deepEqual(
            found.coins.map(({ amountSats }) => amountSats),
            coins.map(({ value }: { value: number }) => BigInt(value)),
          );
        }
      });

for (const vector of [...basic.error, ...generated.error])
  test(`invalid: ${vector.description}`, () => {
    const found = verdictOf(vector.message, vector.address, vector.signature);
    assert.equal(found.outcome, "invalid");
    assert.notEqual(found.why, "");
  });
