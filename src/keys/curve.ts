// Two implementations of one curve, so that nobody has to trust one.

import { equal } from "../bytes.ts";
import type { Curve } from "../model.ts";
import { libsecpCurve, type Tiny } from "./curve-libsecp.ts";
import { nobleCurve } from "./curve-noble.ts";

export { nobleCurve } from "./curve-noble.ts";

/**
 * libsecp256k1 where its wasm loads and agrees with noble on fixed vectors, else noble alone.
 * `load` is handed in by tests only.
 */
export async function loadCurve(load: () => Promise<Tiny> = () => import("tiny-secp256k1")): Promise<Curve> {
  const noble = nobleCurve();
  try {
    const fast = libsecpCurve(await load());
    return agree(fast, noble) ? fast : noble;
  } catch {
    // Wasm is refused where no code may be made at run time; the package then throws as it loads.
    return noble;
  }
}

/** Every operation on fixed values: true where both give the same bytes, and accept each other's signatures. */
export function agree(one: Curve, other: Curve): boolean {
  const secret = Uint8Array.from({ length: 32 }, (_, i) => i + 1);
  const digest = Uint8Array.from({ length: 32 }, (_, i) => 251 - 7 * i);
  const aux = new Uint8Array(32);
  const answersOf = (curve: Curve): (Uint8Array | undefined)[] => {
    const key = curve.publicKey(secret);
    const signature = curve.signEcdsa(digest, secret);
    return [
      key,
      curve.addSecret(secret, digest),
      curve.negateSecret(secret),
      curve.addPublic(key, digest),
      curve.decompress(key),
      signature,
      curve.signEcdsa(digest, secret, secret),
      curve.signSchnorr(digest, secret, aux),
      curve.recoverEcdsa(digest, signature, 0),
    ];
  };
  const mine = answersOf(one);
  const theirs = answersOf(other);
  const same = mine.every((bytes, i) => bytes && theirs[i] && equal(bytes, theirs[i]));
  return same && verifies(one, digest, mine);
}

function verifies(curve: Curve, digest: Uint8Array, made: readonly (Uint8Array | undefined)[]): boolean {
  const [key, , , , , ecdsa, , schnorr] = made;
  const other = digest.slice().fill(1, 0, 1);
  const xonly = key!.subarray(1);
  return (
    curve.isPoint(key!) &&
    curve.verifyEcdsa(digest, key!, ecdsa!) &&
    !curve.verifyEcdsa(other, key!, ecdsa!) &&
    curve.verifySchnorr(digest, xonly, schnorr!) &&
    !curve.verifySchnorr(other, xonly, schnorr!)
  );
}
