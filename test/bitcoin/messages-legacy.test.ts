import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { sha256 } from "@noble/hashes/sha2.js";
import { createBase58check } from "@scure/base";
import fc from "fast-check";
import {
  fromBase64,
  messageDigest,
  readRecoverable,
  recoverableToBase64,
  recoverKey,
  verifyMessageByKey,
} from "../../src/bitcoin/messages/legacy.ts";
import { equal } from "../../src/bytes.ts";
import { loadCurve, nobleCurve } from "../../src/keys/index.ts";

const core = JSON.parse(readFileSync(new URL("../vectors/messages/core.json", import.meta.url), "utf8"));
const CURVES = [await loadCurve(), nobleCurve()];
const secretOf = (wif: string) => createBase58check(sha256).decode(wif).slice(1, 33);

for (const curve of CURVES) {
  test(`${curve.name}: a message signed here is byte for byte the one that Bitcoin Core signs`, () => {
    const secret = secretOf(core.private_key);
    const digest = messageDigest(core.message);
    const made = curve.signEcdsa(digest, secret);
    assert.equal(recoverableToBase64(digest, curve.publicKey(secret), made, curve), core.signature);
    assert.ok(verifyMessageByKey(core.message, curve.publicKey(secret), core.signature, curve));
    assert.ok(!verifyMessageByKey(`${core.message}.`, curve.publicKey(secret), core.signature, curve));
  });

  test(`${curve.name}: the first byte names the kind of address, and nothing else of the signature changes`, () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        (text, secret) => {
          fc.pre(curve.isSecret(secret));
          const digest = messageDigest(text);
          const key = curve.publicKey(secret);
          const signature = curve.signEcdsa(digest, secret);
          for (const [form, first] of [
            ["p2pkh", 31],
            ["p2sh-p2wpkh", 35],
            ["p2wpkh", 39],
          ] as const) {
            const bytes = fromBase64(recoverableToBase64(digest, key, signature, curve, form))!;
            const read = readRecoverable(bytes)!;
            assert.equal(read.form, form);
            assert.equal(bytes[0], first + read.id);
            assert.ok(equal(recoverKey(text, read, curve)!, key));
          }
        },
      ),
      { numRuns: 30 },
    );
  });
}

test("what is no signature of 65 bytes with a known first byte is read as none", () => {
  for (const first of [0, 26, 43, 255])
    assert.equal(readRecoverable(Uint8Array.of(first, ...new Uint8Array(64).fill(1))), undefined);
  assert.equal(readRecoverable(new Uint8Array(64).fill(30)), undefined);
  assert.equal(fromBase64("not base64!"), undefined);
  assert.equal(
    verifyMessageByKey("a", CURVES[0]!.publicKey(sha256(new Uint8Array(1))), "", CURVES[0]!),
    false,
  );
});
