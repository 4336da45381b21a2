// secp256k1 by libsecp256k1, as tiny-secp256k1 carries it in wasm: fast, and the package
// clears the few places where a secret stood.

import { equal } from "../bytes.ts";
import type { Curve } from "../model.ts";

export type Tiny = typeof import("tiny-secp256k1");

/** n, the order of the group (SEC 2). */
const ORDER = [
  0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe, 0xba, 0xae,
  0xdc, 0xe6, 0xaf, 0x48, 0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41, 0x41,
];

/** Throws (a bug) for what is no secret or no 32-byte digest; verification answers false to any bytes. */
export function libsecpCurve(tiny: Tiny): Curve {
  const whole = wholePoints(tiny);
  return {
    name: "libsecp256k1",
    isSecret: (secret) => tiny.isPrivate(secret),
    isPoint: (publicKey) => tiny.isPointCompressed(publicKey),
    publicKey: (secret) => there(tiny.pointFromScalar(secret, true)),
    addSecret: (secret, tweak) =>
      belowOrder(tweak) ? (tiny.privateAdd(secret, tweak) ?? undefined) : undefined,
    negateSecret: (secret) => tiny.privateNegate(secret),
    addPublic(publicKey, tweak) {
      if (!belowOrder(tweak)) return undefined;
      const point = whole(publicKey);
      if (isZero(tweak)) return publicKey.slice();
      // By the generator's table and one addition: a third faster than the package's pointAddScalar.
      const added = tiny.pointFromScalar(tweak, false);
      return (added && tiny.pointAdd(point, added, true)) ?? undefined;
    },
    decompress: (publicKey) => tiny.pointCompress(publicKey, false),
    signEcdsa: (digest, secret, extra) => tiny.sign(digest, secret, extra),
    verifyEcdsa: (digest, publicKey, signature) =>
      answers(() => tiny.verify(digest, publicKey, signature, true)),
    signSchnorr: (digest, secret, aux) => tiny.signSchnorr(digest, secret, aux),
    verifySchnorr: (digest, xonly, signature) => answers(() => tiny.verifySchnorr(digest, xonly, signature)),
  };
}

/**
 * Uncompressed: saves the square root where the same array comes again, as the parents of addresses do.
 * Compared, since an array may change.
 */
function wholePoints(tiny: Tiny): (publicKey: Uint8Array) => Uint8Array {
  const known = new WeakMap<Uint8Array, { readonly key: Uint8Array; readonly whole: Uint8Array }>();
  return (publicKey) => {
    const found = known.get(publicKey);
    if (found && equal(found.key, publicKey)) return found.whole;
    const whole = tiny.pointCompress(publicKey, false);
    known.set(publicKey, { key: publicKey.slice(), whole });
    return whole;
  };
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

function there(key: Uint8Array | null): Uint8Array {
  if (key === null) throw new Error("a valid secret has no public key");
  return key;
}

// The package throws where a key or signature is out of range; to a verifier that is a no.
function answers(ask: () => boolean): boolean {
  try {
    return ask();
  } catch {
    return false;
  }
}

/** 32 bytes below n. The first byte nearly always decides. */
function belowOrder(bytes: Uint8Array): boolean {
  if (bytes.length !== 32) return false;
  for (let i = 0; i < 32; i++) if (bytes[i] !== ORDER[i]) return bytes[i]! < ORDER[i]!;
  return false;
}
