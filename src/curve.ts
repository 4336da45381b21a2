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

/** One thing that a request needs of a key. */
export type Task = SignatureTask | MusigTask;

export interface SignatureTask {
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

/**
 * BIP 327, in two rounds: a public nonce of 66 bytes, later a partial signature of 32. `digest` is what all of them sign,
 * `publicKey` the 33 bytes of our own key among the participants.
 */
export interface MusigTask {
  readonly fingerprint: Fingerprint;
  readonly path: Path;
  readonly scheme: "musig-nonce" | "musig-partial";
  readonly digest: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly together: Together;
}

/** A secret nonce is bound to all of this but the others' nonces: it serves nothing else. */
export interface Together {
  /** Nonces are kept for one request at a time: its name, the same in both rounds. */
  readonly request: string;
  /** Which signature of the request this is, and no other: the same in both rounds. */
  readonly place: string;
  /** 33 bytes each, in the order in which they are aggregated. */
  readonly participants: readonly Uint8Array[];
  /** Added to the aggregate key one after the other; `xonly`: to that of its two points that has an even y. */
  readonly tweaks: readonly { readonly tweak: Uint8Array; readonly xonly: boolean }[];
  /** For a partial signature: everybody's public nonces, ours among them, in the order of the participants. */
  readonly nonces?: readonly Uint8Array[];
}
