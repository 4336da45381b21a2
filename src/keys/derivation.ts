// BIP 32, private side. A hardened step costs no point operation; an unhardened one needs the parent's
// public key, which a node keeps once it was made.

import { hmac } from "@noble/hashes/hmac.js";
import { ripemd160 } from "@noble/hashes/legacy.js";
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import { concat, toHex, u32be, wipe } from "../bytes.ts";
import { HARDENED } from "../limits.ts";
import type { Curve, Fingerprint } from "../model.ts";
import { utf8 } from "../text.ts";

/** A private key of the tree. Whoever holds one wipes it. */
export interface Node {
  readonly secret: Uint8Array;
  readonly chainCode: Uint8Array;
  readonly depth: number;
  /** 0 for the master key. */
  readonly childNumber: number;
}

/** The root for a seed of BIP 39. */
export function masterOf(curve: Curve, seed: Uint8Array): Node {
  const both = hmac(sha512, utf8("Bitcoin seed"), seed);
  const secret = both.slice(0, 32);
  // One chance in 2^127: BIP 32 calls such a seed invalid.
  if (!curve.isSecret(secret)) throw new Error("this seed has no master key");
  const node = { secret, chainCode: both.slice(32), depth: 0, childNumber: 0 };
  wipe(both);
  return node;
}

/** `publicKey` is the parent's, used for unhardened steps only: handed in so that it is made once. */
export function childOf(curve: Curve, parent: Node, childNumber: number, publicKey: () => Uint8Array): Node {
  const step =
    childNumber >= HARDENED
      ? concat(Uint8Array.of(0), parent.secret, u32be(childNumber))
      : concat(publicKey(), u32be(childNumber));
  const both = hmac(sha512, parent.chainCode, step);
  try {
    const secret = curve.addSecret(parent.secret, both.subarray(0, 32));
    // One chance in 2^127 (BIP 32: "the resulting key is invalid").
    if (secret === undefined) throw new Error("there is no key at this child number");
    return { secret, chainCode: both.slice(32), depth: parent.depth + 1, childNumber };
  } finally {
    wipe(both, step);
  }
}

/** First four bytes of HASH160 of a compressed public key, in hex. */
export function fingerprintOf(publicKey: Uint8Array): Fingerprint {
  return toHex(ripemd160(sha256(publicKey)).subarray(0, 4));
}
