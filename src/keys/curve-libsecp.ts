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
  const points = wholePoints(tiny);
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
      const point = points.of(publicKey);
      if (isZero(tweak)) return publicKey.slice();
      // By the generator's table and one addition: a third faster than the package's pointAddScalar.
      const sum = tiny.pointAdd(point, there(tiny.pointFromScalar(tweak, false)), false);
      return sum ? points.compressed(sum) : undefined;
    },
    decompress: (publicKey) => points.of(publicKey).slice(),
    signEcdsa: (digest, secret, extra) => tiny.sign(digest, secret, extra),
    verifyEcdsa: (digest, publicKey, signature) =>
      answers(() => publicKey.length === 33 && tiny.verify(digest, points.of(publicKey), signature, true)),
    recoverEcdsa: (digest, signature, id) => recovered(tiny, digest, signature, id),
    signSchnorr: (digest, secret, aux) => tiny.signSchnorr(digest, secret, aux),
    verifySchnorr: (digest, xonly, signature) => answers(() => tiny.verifySchnorr(digest, xonly, signature)),
  };
}

/**
 * Both coordinates of keys that were seen or made here, so that no square root is taken twice: parents come
 * again for each address, a derived key to verify its signature. Compared each time, since arrays may change.
 */
function wholePoints(tiny: Tiny) {
  const known = new WeakMap<Uint8Array, { readonly key: Uint8Array; readonly whole: Uint8Array }>();
  const keep = (publicKey: Uint8Array, whole: Uint8Array): void => {
    known.set(publicKey, { key: publicKey.slice(), whole });
  };
  return {
    of(publicKey: Uint8Array): Uint8Array {
      const found = known.get(publicKey);
      if (found && equal(found.key, publicKey)) return found.whole;
      const whole = tiny.pointCompress(publicKey, false);
      keep(publicKey, whole);
      return whole;
    },
    /** Of 65 bytes: x, and the parity of y. */
    compressed(whole: Uint8Array): Uint8Array {
      const publicKey = whole.slice(0, 33);
      publicKey[0] = 2 + (whole[64]! & 1);
      keep(publicKey, whole);
      return publicKey;
    },
  };
}

/** Undefined for what is out of range: to whoever asks there is no such key. */
function recovered(
  tiny: Tiny,
  digest: Uint8Array,
  signature: Uint8Array,
  id: number,
): Uint8Array | undefined {
  if (id !== 0 && id !== 1 && id !== 2 && id !== 3) return undefined;
  try {
    return tiny.recover(digest, signature, id, true) ?? undefined;
  } catch {
    return undefined;
  }
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
