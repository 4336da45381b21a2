// Signatures that any other honest signer makes byte for byte: nothing in them is left to chance.

import { u32le } from "../bytes.ts";
import type { Curve } from "../model.ts";

/**
 * ECDSA, 64 bytes r || s, low S, and r below 2^255 so that DER takes 71 bytes at most.
 * RFC 6979; where r is high, again with extra entropy 1, 2, … (32 bytes, little-endian), as Bitcoin Core does
 * (its CKey::Sign). Exactly one call of signEcdsa a signature comes without extra entropy.
 */
export function signEcdsaLowR(curve: Curve, digest: Uint8Array, secret: Uint8Array): Uint8Array {
  let signature = curve.signEcdsa(digest, secret);
  for (let counter = 1; signature[0]! >= 0x80; counter++) {
    const extra = new Uint8Array(32);
    extra.set(u32le(counter));
    signature = curve.signEcdsa(digest, secret, extra);
  }
  return signature;
}

/** BIP 340 with 32 zero bytes as auxiliary random data, as Bitcoin Core does. */
export function signSchnorrPlain(curve: Curve, digest: Uint8Array, secret: Uint8Array): Uint8Array {
  return curve.signSchnorr(digest, secret, new Uint8Array(32));
}
