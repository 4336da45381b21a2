// secp256k1 by @noble/curves: slow, audited, and there wherever JavaScript is.

import { schnorr, secp256k1 } from "@noble/curves/secp256k1.js";
import { concat } from "../bytes.ts";
import type { Curve } from "../model.ts";

const { Point } = secp256k1;
const { Fn } = Point;
const { taggedHash } = schnorr.utils;

/** Throws (a bug) for what is no secret or no 32-byte digest; verification answers false to any bytes. */
export function nobleCurve(): Curve {
  return {
    name: "noble",
    isSecret: (secret) => secp256k1.utils.isValidSecretKey(secret),
    isPoint: (publicKey) => publicKey.length === 33 && secp256k1.utils.isValidPublicKey(publicKey, true),
    publicKey: (secret) => secp256k1.getPublicKey(secret, true),
    addSecret,
    negateSecret: (secret) => Fn.toBytes(Fn.neg(Fn.fromBytes(secret))),
    addPublic,
    decompress: (publicKey) => Point.fromBytes(publicKey).toBytes(false),
    signEcdsa,
    verifyEcdsa: (digest, publicKey, signature) => answers(() => verifyEcdsa(digest, publicKey, signature)),
    recoverEcdsa,
    signSchnorr,
    verifySchnorr: (digest, xonly, signature) =>
      answers(() => digest.length === 32 && schnorr.verify(signature, digest, xonly)),
  };
}

// The package takes digests of any length where it does not hash itself.
function signEcdsa(digest: Uint8Array, secret: Uint8Array, extra?: Uint8Array): Uint8Array {
  if (digest.length !== 32) throw new Error("a digest is 32 bytes");
  return secp256k1.sign(digest, secret, { prehash: false, lowS: true, extraEntropy: extra ?? false });
}

function verifyEcdsa(digest: Uint8Array, publicKey: Uint8Array, signature: Uint8Array): boolean {
  if (digest.length !== 32) return false;
  return secp256k1.verify(signature, digest, publicKey, { prehash: false, lowS: true });
}

function recoverEcdsa(digest: Uint8Array, signature: Uint8Array, id: number): Uint8Array | undefined {
  if (digest.length !== 32 || signature.length !== 64 || ![0, 1, 2, 3].includes(id)) return undefined;
  try {
    return secp256k1.recoverPublicKey(concat(Uint8Array.of(id), signature), digest, { prehash: false });
  } catch {
    // Out of range, or no point of the curve.
    return undefined;
  }
}

function answers(ask: () => boolean): boolean {
  try {
    return ask();
  } catch {
    return false;
  }
}

function scalar(bytes: Uint8Array): bigint | undefined {
  if (bytes.length !== 32) return undefined;
  const value = Fn.fromBytes(bytes, true);
  return Fn.isValid(value) ? value : undefined;
}

function addSecret(secret: Uint8Array, tweak: Uint8Array): Uint8Array | undefined {
  const added = scalar(tweak);
  if (added === undefined) return undefined;
  const sum = Fn.add(Fn.fromBytes(secret), added);
  return Fn.is0(sum) ? undefined : Fn.toBytes(sum);
}

function addPublic(publicKey: Uint8Array, tweak: Uint8Array): Uint8Array | undefined {
  const added = scalar(tweak);
  if (added === undefined) return undefined;
  const point = Point.fromBytes(publicKey);
  const sum = Fn.is0(added) ? point : point.add(Point.BASE.multiply(added));
  return sum.is0() ? undefined : sum.toBytes(true);
}

// BIP 340, default signing. The package's own function verifies what it made; whoever asks here
// verifies too (it is one operation of its own), and once is enough.
function signSchnorr(digest: Uint8Array, secret: Uint8Array, aux: Uint8Array): Uint8Array {
  if (digest.length !== 32 || aux.length !== 32) throw new Error("digest and aux are 32 bytes");
  const whole = Fn.fromBytes(secret);
  const point = Point.BASE.multiply(whole);
  const d = isOdd(point) ? Fn.neg(whole) : whole;
  const px = point.toBytes(true).subarray(1);
  const mask = taggedHash("BIP0340/aux", aux);
  const masked = Fn.toBytes(d).map((byte, i) => byte ^ mask[i]!);
  const nonce = Fn.create(toNumber(taggedHash("BIP0340/nonce", masked, px, digest)));
  masked.fill(0);
  const commitment = Point.BASE.multiply(nonce);
  const k = isOdd(commitment) ? Fn.neg(nonce) : nonce;
  const rx = commitment.toBytes(true).subarray(1);
  const e = Fn.create(toNumber(taggedHash("BIP0340/challenge", rx, px, digest)));
  return concat(rx, Fn.toBytes(Fn.add(k, Fn.mul(e, d))));
}

function isOdd(point: InstanceType<typeof Point>): boolean {
  return point.toBytes(true)[0] === 3;
}

/** Not reduced: the caller takes it mod n. */
function toNumber(hash: Uint8Array): bigint {
  return Fn.fromBytes(hash, true);
}
