import assert from "node:assert/strict";
import { createHash, createHmac, hkdfSync } from "node:crypto";
import { test } from "node:test";
import { concat, toHex } from "../../src/bytes.ts";
import { readAuthenticatorData } from "../../src/factors/authenticator-data.ts";
import { type CborMap, readCborMap } from "../../src/factors/cbor.ts";
import { agree, authenticate, decrypt, derive, encrypt, sharedWith } from "../../src/factors/pin-protocol.ts";
import { AGREEMENT, coseKey, ES256, onCurve, readCoseKey, signedBy } from "../../src/factors/point.ts";
import { Refusal } from "../../src/refusal.ts";
import { bytes, VECTORS } from "./vectors.ts";

/** Counts up: what is drawn twice is not the same. */
function counting() {
  let next = 1;
  return { bytes: (length: number) => new Uint8Array(length).fill(next++) };
}

function broken(act: () => unknown): void {
  assert.throws(act, (error) => error instanceof Refusal && error.reason === "factor.broken");
}

test("protocol one agrees on the published secret, and opens and closes with it as published", () => {
  const one = VECTORS.protocolOne;
  const theirs = readCoseKey(coseKey(bytes(one.keyX + one.keyY), AGREEMENT), AGREEMENT);
  const shared = sharedWith(1, bytes(one.platformSecret), theirs);
  assert.equal(toHex(shared.secret), one.shared);
  const hash = createHash("sha256").update(one.pin).digest().subarray(0, 16);
  assert.equal(toHex(encrypt(shared, hash, counting())), one.pinHashEncrypted);
  assert.equal(toHex(decrypt(shared, bytes(one.tokenEncrypted), 16)), one.token);
  const padded = concat(Buffer.from(one.pin), new Uint8Array(60));
  const sealed = encrypt(shared, padded, counting());
  assert.equal(toHex(sealed), one.newPinEncrypted);
  assert.equal(toHex(authenticate(1, shared.secret, sealed)), one.newPinMark);
});

test("both protocols derive and mark as published, and two marks with a token as with a secret", () => {
  const { ecdhX, message, one, two, token, tokenMarkTwo } = VECTORS.marks;
  assert.equal(toHex(authenticate(1, derive(1, bytes(ecdhX)).secret, bytes(message))), one);
  assert.equal(toHex(authenticate(2, derive(2, bytes(ecdhX)).secret, bytes(message))), two);
  assert.equal(toHex(authenticate(2, bytes(token), bytes(message))), tokenMarkTwo);
  assert.equal(toHex(authenticate(1, bytes(token), bytes(message))), tokenMarkTwo.slice(0, 32));
});

test("protocol two derives as Node's own HKDF does, with a fresh IV in front of each cipher text", () => {
  const x = bytes("07".repeat(32));
  const shared = derive(2, x);
  const halves = ["CTAP2 HMAC key", "CTAP2 AES key"].map(
    (info) => new Uint8Array(hkdfSync("sha256", x, new Uint8Array(32), info, 32)),
  );
  assert.deepEqual(shared.secret, concat(...halves));
  const random = counting();
  const plain = bytes("aa".repeat(32));
  const [first, second] = [encrypt(shared, plain, random), encrypt(shared, plain, random)];
  assert.deepEqual([first.length, first[0], second[0]], [48, 1, 2]);
  assert.notDeepEqual(first.subarray(16), second.subarray(16));
  assert.deepEqual(decrypt(shared, first, 32), plain);
  const mac = createHmac("sha256", shared.secret.subarray(0, 32)).update(plain).digest();
  assert.equal(toHex(authenticate(2, shared.secret, plain)), mac.toString("hex"));
});

test("both sides agree on the same secret, from their own chance", () => {
  for (const version of [1, 2] as const) {
    const one = VECTORS.protocolOne;
    const { ours, shared } = agree(version, bytes(one.platformX + one.platformY), counting());
    assert.deepEqual(sharedWith(version, bytes(one.platformSecret), ours), shared);
    assert.ok(onCurve(ours));
  }
});

test("a cipher text of another length is refused, as is the empty one", () => {
  for (const [version, length] of [
    [1, 31],
    [1, 48],
    [1, 0],
    [2, 32],
    [2, 64],
    [2, 16],
  ] as const)
    broken(() => decrypt(derive(version, bytes("07".repeat(32))), new Uint8Array(length), 32));
});

test("a public key off the curve, of another kind, or for something else is refused", () => {
  const { publicKey } = VECTORS.replies;
  const good = coseKey(bytes(publicKey), ES256);
  assert.equal(toHex(readCoseKey(good, ES256)), publicKey);
  const but = (key: number, value: number | Uint8Array): CborMap => new Map([...good, [key, value]]);
  broken(() => readCoseKey(good, AGREEMENT));
  broken(() => readCoseKey(but(1, 1), ES256));
  broken(() => readCoseKey(but(-1, 2), ES256));
  broken(() => readCoseKey(but(-2, new Uint8Array(32)), ES256));
  broken(() => readCoseKey(but(-2, new Uint8Array(31)), ES256));
  broken(() => readCoseKey(but(-3, bytes(publicKey.slice(0, 64))), ES256));
  broken(() => readCoseKey(but(-3, 7), ES256));
  broken(() => readCoseKey(but(-2, bytes("ff".repeat(32))), ES256));
  assert.equal(onCurve(new Uint8Array(64)), false);
  assert.equal(onCurve(new Uint8Array(63)), false);
});

test("a real key's assertion is signed by its key, and by no other, and no bit of it can change", () => {
  const { publicKey, clientDataHash, data, signature } = VECTORS.signature;
  const message = concat(bytes(data), bytes(clientDataHash));
  assert.equal(signedBy(bytes(publicKey), message, bytes(signature)), true);
  assert.equal(signedBy(bytes(VECTORS.replies.publicKey), message, bytes(signature)), false);
  for (let at = 0; at < message.length; at += 7) {
    const other = message.slice();
    other[at]! ^= 1;
    assert.equal(signedBy(bytes(publicKey), other, bytes(signature)), false);
  }
  assert.equal(signedBy(bytes(publicKey), message, new Uint8Array(8)), false);
  assert.equal(signedBy(bytes(publicKey), message, bytes(`${signature}00`)), false);
});

test("what real keys say of themselves is read: for whom, touched how, which credential", () => {
  const { made, rpIdHash, credentialId, publicKey, assertion } = VECTORS.replies;
  const ofMade = readAuthenticatorData(readCborMap(bytes(made)).get(2) as Uint8Array, bytes(rpIdHash));
  assert.equal(toHex(ofMade.credential!.credentialId), credentialId);
  assert.equal(toHex(ofMade.credential!.publicKey), publicKey);
  assert.equal(toHex(ofMade.credential!.aaguid), "f8a011f38c0a4d15800617111f9edc7d");
  assert.deepEqual([ofMade.present, ofMade.verified, ofMade.extensions.size], [true, false, 0]);
  const bytesOf = readCborMap(bytes(assertion)).get(2) as Uint8Array;
  const ofAssertion = readAuthenticatorData(bytesOf, bytes(rpIdHash));
  assert.deepEqual([ofAssertion.present, ofAssertion.credential], [true, undefined]);
  broken(() => readAuthenticatorData(bytesOf, new Uint8Array(32)));
});

test("data cut short anywhere, or with anything behind them, are refused", () => {
  const { made, rpIdHash } = VECTORS.replies;
  const whole = readCborMap(bytes(made)).get(2) as Uint8Array;
  for (let length = 0; length < whole.length; length++)
    broken(() => readAuthenticatorData(whole.subarray(0, length), bytes(rpIdHash)));
  broken(() => readAuthenticatorData(concat(whole, Uint8Array.of(0)), bytes(rpIdHash)));
  const empty = whole.slice();
  empty.set([0, 0], 53);
  broken(() => readAuthenticatorData(empty, bytes(rpIdHash)));
});
