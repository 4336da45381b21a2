// A step down from an extended public key (BIP 32).

import { hmac } from "@noble/hashes/hmac.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { concat, u32be } from "./bytes.ts";
import type { Curve } from "./curve.ts";

export interface PublicNode {
  readonly publicKey: Uint8Array;
  readonly chainCode: Uint8Array;
}

/**
 * CKDpub of BIP 32 for an index below 2^31. Undefined where BIP 32 calls the child invalid
 * (IL ≥ n, or the point at infinity).
 */
export function childNode(parent: PublicNode, index: number, curve: Curve): PublicNode | undefined {
  const both = hmac(sha512, parent.chainCode, concat(parent.publicKey, u32be(index)));
  const publicKey = curve.addPublic(parent.publicKey, both.subarray(0, 32));
  return publicKey && { publicKey, chainCode: both.slice(32) };
}
