import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { agree } from "../../src/keys/curve.ts";
import { libsecpCurve, type Tiny } from "../../src/keys/curve-libsecp.ts";
import { loadCurve, nobleCurve, signEcdsaLowR, signSchnorrPlain } from "../../src/keys/index.ts";
import type { Curve } from "../../src/model.ts";
import { ascii, CURVES, fast, hex, noble, sha256, unhex, vectors } from "./make.ts";

const ZERO = new Uint8Array(32);
const ORDER = hex("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
const LAST = hex("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140");
const MAX = new Uint8Array(32).fill(255);
const ecdsa = JSON.parse(vectors("ecdsa.json"));

test("libsecp256k1 is the curve where wasm may run", () => {
  assert.equal(fast.name, "libsecp256k1");
});

test("where wasm is refused noble is the curve", async () => {
  const curve = await loadCurve(() => Promise.reject(new Error("wasm is refused")));
  assert.equal(curve.name, "noble");
});

for (const broken of [
  "sign",
  "signSchnorr",
  "privateAdd",
  "privateNegate",
  "pointFromScalar",
  "pointAdd",
  "recover",
] as const)
  test(`a libsecp256k1 whose ${broken} lies is not used`, async () => {
    const tiny = await import("tiny-secp256k1");
    const lying = {
      ...tiny,
      [broken]: (...args: never[]) => {
        const bytes = (tiny[broken] as (...args: never[]) => Uint8Array)(...args);
        bytes[5]! ^= 1;
        return bytes;
      },
    } as Tiny;
    assert.equal((await loadCurve(async () => lying)).name, "noble");
  });

for (const blind of ["verify", "verifySchnorr"] as const)
  test(`a libsecp256k1 whose ${blind} says yes to everything is not used`, async () => {
    const tiny = await import("tiny-secp256k1");
    assert.equal((await loadCurve(async () => ({ ...tiny, [blind]: () => true }))).name, "noble");
  });

test("both implementations agree on every operation", () => {
  assert.ok(agree(fast, noble));
});

for (const curve of CURVES) {
  test(`${curve.name} makes and verifies the RFC 6979 signatures that are published for secp256k1`, () => {
    for (const { secret, message, signature } of ecdsa.rfc6979.vectors) {
      const digest = sha256(ascii(message));
      assert.equal(unhex(curve.signEcdsa(digest, hex(secret))), signature);
      assert.ok(curve.verifyEcdsa(digest, curve.publicKey(hex(secret)), hex(signature)));
    }
  });

  test(`${curve.name} grinds to a low r exactly as Bitcoin Core and rust-secp256k1 do`, () => {
    for (const { secret, digest, signature, tries } of ecdsa.lowR.vectors) {
      const { counted, calls } = counting(curve);
      assert.equal(unhex(signEcdsaLowR(counted, hex(digest), hex(secret))), signature);
      assert.equal(calls.total, tries);
    }
  });

  test(`${curve.name} passes every BIP 340 vector with a 32-byte message`, () => {
    let signed = 0;
    for (const line of vectors("bip340.csv").trim().split(/\r?\n/).slice(1)) {
      const [, secret, publicKey, aux, message, signature, result] = line.split(",") as string[];
      if (message!.length !== 64) continue;
      const digest = hex(message!);
      assert.equal(curve.verifySchnorr(digest, hex(publicKey!), hex(signature!)), result === "TRUE", line);
      if (secret === "") continue;
      signed++;
      assert.equal(unhex(curve.publicKey(hex(secret!)).subarray(1)), publicKey!.toLowerCase());
      assert.equal(unhex(curve.signSchnorr(digest, hex(secret!), hex(aux!))), signature!.toLowerCase());
    }
    assert.equal(signed, 4);
  });

  test(`${curve.name} signs for a request as BIP 340 does with 32 zero bytes of aux`, () => {
    const [, line = ""] = vectors("bip340.csv").split(/\r?\n/);
    const [, secret, , aux, message, signature] = line.split(",") as string[];
    assert.equal(aux, "00".repeat(32));
    assert.equal(
      unhex(signSchnorrPlain(curve, hex(message!), hex(secret!))),
      signature!.toLowerCase(),
      "BIP 340, vector 0",
    );
    const digest = sha256("any other");
    assert.deepEqual(
      signSchnorrPlain(curve, digest, hex(secret!)),
      noble.signSchnorr(digest, hex(secret!), ZERO),
    );
  });

  test(`${curve.name} knows secrets and points from other bytes`, () => {
    for (const [secret, sound] of [
      [ZERO, false],
      [ORDER, false],
      [MAX, false],
      [LAST, true],
      [sha256("x"), true],
      [new Uint8Array(31).fill(1), false],
      [new Uint8Array(33).fill(1), false],
    ] as const)
      assert.equal(curve.isSecret(secret), sound, unhex(secret));
    const key = curve.publicKey(sha256("x"));
    assert.ok(curve.isPoint(key));
    for (const bad of [
      key.subarray(1),
      Uint8Array.of(4, ...key.subarray(1)),
      curve.decompress(key),
      hex(`02${"00".repeat(31)}07`),
      hex(`02${"ff".repeat(32)}`),
      new Uint8Array(0),
    ])
      assert.equal(curve.isPoint(bad), false, unhex(bad));
  });

  test(`${curve.name} adds and negates at the edges`, () => {
    const one = hex(`${"00".repeat(31)}01`);
    assert.equal(curve.addSecret(one, LAST), undefined);
    assert.deepEqual(curve.addSecret(one, ZERO), one);
    assert.equal(curve.addSecret(one, ORDER), undefined);
    assert.equal(curve.addSecret(one, new Uint8Array(31)), undefined);
    assert.equal(unhex(curve.addSecret(LAST, hex(`${"00".repeat(31)}02`))!), unhex(one));
    assert.deepEqual(curve.negateSecret(one), LAST);
    const key = curve.publicKey(one);
    assert.equal(curve.addPublic(key, LAST), undefined);
    assert.equal(curve.addPublic(key, ORDER), undefined);
    assert.equal(curve.addPublic(key, new Uint8Array(33)), undefined);
    assert.deepEqual(curve.addPublic(key, ZERO), key);
    assert.deepEqual(curve.addPublic(key, sha256("t")), curve.publicKey(curve.addSecret(one, sha256("t"))!));
    assert.deepEqual(curve.addPublic(key, one), curve.publicKey(hex(`${"00".repeat(31)}02`)), "a doubling");
    const other = curve.publicKey(sha256("k"));
    key.set(other);
    assert.deepEqual(
      curve.addPublic(key, sha256("t")),
      curve.addPublic(other, sha256("t")),
      "not the old key",
    );
  });

  test(`${curve.name} takes no signature with a high s`, () => {
    const digest = sha256("m");
    const signature = curve.signEcdsa(digest, sha256("k"));
    const high = Uint8Array.of(
      ...signature.subarray(0, 32),
      ...curve.negateSecret(signature.subarray(32).slice()),
    );
    const key = curve.publicKey(sha256("k"));
    assert.ok(curve.verifyEcdsa(digest, key, signature));
    assert.equal(curve.verifyEcdsa(digest, key, high), false);
  });

  test(`${curve.name} answers false to any bytes that are no signature`, () => {
    const bytes = fc.uint8Array({ maxLength: 70 });
    fc.assert(
      fc.property(bytes, bytes, bytes, (digest, key, signature) => {
        assert.equal(curve.verifyEcdsa(digest, key, signature), false);
        assert.equal(curve.verifySchnorr(digest, key, signature), false);
      }),
      { numRuns: 100 },
    );
    const key = curve.publicKey(sha256("k"));
    const off = hex(`02${"00".repeat(31)}07`);
    const signature = curve.signEcdsa(sha256("m"), sha256("k"));
    for (const bad of [new Uint8Array(64), new Uint8Array(64).fill(255), signature.subarray(1)]) {
      assert.equal(curve.verifyEcdsa(sha256("m"), key, bad), false);
      assert.equal(curve.verifySchnorr(sha256("m"), key.subarray(1), bad), false);
    }
    assert.equal(curve.verifyEcdsa(sha256("m"), off, signature), false);
    assert.equal(curve.verifySchnorr(sha256("m"), off.subarray(1), signature), false);
  });

  test(`what ${curve.name} throws at a bad secret does not carry it`, () => {
    for (const secret of [MAX, ORDER, hex("c0ffee".repeat(11))]) {
      for (const act of [
        () => curve.publicKey(secret),
        () => curve.signEcdsa(ZERO, secret),
        () => curve.signSchnorr(ZERO, secret, ZERO),
        () => curve.addSecret(secret, sha256("t")),
        () => curve.negateSecret(secret),
      ])
        assert.throws(act, (problem: Error) => {
          const text = `${problem.message} ${problem.stack}`;
          assert.equal(text.includes(unhex(secret)), false, text);
          assert.equal(text.includes(BigInt(`0x${unhex(secret)}`).toString()), false, text);
          return true;
        });
    }
  });
}

test("libsecp256k1 and noble make the same bytes of any secret, tweak and digest", () => {
  const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
  fc.assert(
    fc.property(bytes32, bytes32, bytes32, (seed, tweak, digest) => {
      // One digest in 2^128 is not below n; RFC 6979 as libsecp256k1 does it takes those unreduced.
      fc.pre(fast.isSecret(seed) && fast.isSecret(digest));
      const of = (curve: Curve) => {
        const key = curve.publicKey(seed);
        return [
          key,
          curve.decompress(key),
          curve.addSecret(seed, tweak),
          curve.addPublic(key, tweak),
          curve.negateSecret(seed),
          curve.signEcdsa(digest, seed),
          curve.signEcdsa(digest, seed, tweak),
          signEcdsaLowR(curve, digest, seed),
          signSchnorrPlain(curve, digest, seed),
          curve.signSchnorr(digest, seed, tweak),
          ...[0, 1, 2, 3].map((id) => curve.recoverEcdsa(digest, curve.signEcdsa(digest, seed), id)),
        ].map((bytes) => bytes && unhex(bytes));
      };
      assert.deepEqual(of(fast), of(noble));
    }),
    { numRuns: 60 },
  );
});

test("the key of a signature is one of four, found by its number; there is none in bytes out of range", () => {
  for (const curve of CURVES)
    for (let i = 0; i < 20; i++) {
      const [secret, digest] = [sha256(`recover ${i}`), sha256(`digest ${i}`)];
      const key = unhex(curve.publicKey(secret));
      const signature = curve.signEcdsa(digest, secret);
      const found = [0, 1, 2, 3].map((id) => curve.recoverEcdsa(digest, signature, id));
      assert.equal(found.filter((one) => one && unhex(one) === key).length, 1);
      for (const bad of [new Uint8Array(64), MAX, new Uint8Array(64).fill(255), signature.subarray(1)])
        assert.equal(curve.recoverEcdsa(digest, bad, 0), undefined);
      assert.equal(curve.recoverEcdsa(digest, signature, 4), undefined);
    }
});

test("over 1,000 fixed digests a signature takes two tries in the mean, and r is always low", () => {
  const { counted, calls } = counting(fast);
  const secret = sha256("the key of a thousand digests");
  for (let i = 0; i < 1000; i++) {
    const signature = signEcdsaLowR(counted, sha256(`digest ${i}`), secret);
    assert.ok(signature[0]! < 0x80);
  }
  assert.ok(calls.total / 1000 > 1.9 && calls.total / 1000 < 2.1, `${calls.total / 1000}`);
  assert.equal(calls.first, 1000);
});

test("noble's Schnorr signatures verify under its own check, though signing does not ask for it", () => {
  for (let i = 0; i < 20; i++) {
    const secret = sha256(`s${i}`);
    const signature = nobleCurve().signSchnorr(sha256(`d${i}`), secret, sha256(`a${i}`));
    assert.ok(noble.verifySchnorr(sha256(`d${i}`), noble.publicKey(secret).subarray(1), signature));
  }
});

test("digest or aux of another length than 32 bytes is a bug, in both implementations", async () => {
  for (const curve of [libsecpCurve(await import("tiny-secp256k1")), noble]) {
    assert.throws(() => curve.signSchnorr(new Uint8Array(31), sha256("k"), ZERO));
    assert.throws(() => curve.signSchnorr(ZERO, sha256("k"), new Uint8Array(31)));
    assert.throws(() => curve.signEcdsa(new Uint8Array(31), sha256("k")));
  }
});

function counting(curve: Curve) {
  const calls = { total: 0, first: 0 };
  const counted: Curve = {
    ...curve,
    signEcdsa(digest, secret, extra) {
      calls.total++;
      if (extra === undefined) calls.first++;
      return curve.signEcdsa(digest, secret, extra);
    },
  };
  return { counted, calls };
}
