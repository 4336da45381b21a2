// The curve, as the rooms ask for it, and what it is asked to sign.

import type { Fingerprint, Path } from "./model.ts";

/** secp256k1, as the rooms ask for it. Keys 33 bytes compressed, secrets and digests 32, signatures 64. */
export interface Curve {
  readonly name: "libsecp256k1" | "noble";
  isSecret(secret: Uint8Array): boolean;
  isPoint(publicKey: Uint8Array): boolean;
  publicKey(secret: Uint8Array): Uint8Array;
  /** secret + tweak mod n; undefined where that is zero. No point operation. */
  addSecret(secret: Uint8Array, tweak: Uint8Array): Uint8Array | undefined;
  negateSecret(secret: Uint8Array): Uint8Array;
  /** publicKey + tweak·G, compressed; undefined at infinity or for a bad tweak. */
  addPublic(publicKey: Uint8Array, tweak: Uint8Array): Uint8Array | undefined;
  /** Uncompressed 65 bytes. */
  decompress(publicKey: Uint8Array): Uint8Array;
  /** r || s, low S, RFC 6979 with the extra entropy given (32 bytes) or none. */
  signEcdsa(digest: Uint8Array, secret: Uint8Array, extra?: Uint8Array): Uint8Array;
  verifyEcdsa(digest: Uint8Array, publicKey: Uint8Array, signature: Uint8Array): boolean;
  /** The key whose ECDSA signature this is: one of at most four, `id` 0 to 3. Undefined where there is none. */
  recoverEcdsa(digest: Uint8Array, signature: Uint8Array, id: number): Uint8Array | undefined;
  /** BIP 340 with the 32 bytes of aux given. */
  signSchnorr(digest: Uint8Array, secret: Uint8Array, aux: Uint8Array): Uint8Array;
  verifySchnorr(digest: Uint8Array, xonly: Uint8Array, signature: Uint8Array): boolean;
}

/** One signature that a request needs. */
export interface Task {
  readonly fingerprint: Fingerprint;
  readonly path: Path;
  /** recoverable: without low-R grinding, as those sign messages who let the key be recovered (BIP 137). */
  readonly scheme: "ecdsa" | "ecdsa-recoverable" | "schnorr";
  readonly digest: Uint8Array;
  /** Taproot key path: t of BIP 341, added to the key (negated first where its y is odd). */
  readonly tweak?: Uint8Array;
  /** With a tweak: whether the y of the key before it is odd. Left out, it costs one more point operation. */
  readonly odd?: boolean;
  /** ECDSA: 33 bytes of the key itself. Schnorr: 32 bytes, of the key after the tweak. */
  readonly publicKey: Uint8Array;
}
