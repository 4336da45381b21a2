// XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03): nonce (24) || ciphertext || tag (16).

import { xchacha20poly1305 } from "@noble/ciphers/chacha.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { concat } from "../bytes.ts";
import type { Random } from "../ports.ts";

export const NONCE = 24;
export const TAG = 16;

/** The nonce depends on key, label and plaintext too: a random source that repeats itself cannot make it repeat. */
export function seal(key: Uint8Array, label: Uint8Array, plaintext: Uint8Array, random: Random): Uint8Array {
  const nonce = hmac(sha256, key, concat(random.bytes(NONCE), label, plaintext)).subarray(0, NONCE);
  return concat(nonce, xchacha20poly1305(key, nonce, label).encrypt(plaintext));
}

/** Undefined where it was not sealed with this key and label. */
export function unseal(key: Uint8Array, label: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
  if (sealed.length < NONCE + TAG) return undefined;
  try {
    return xchacha20poly1305(key, sealed.subarray(0, NONCE), label).decrypt(sealed.subarray(NONCE));
  } catch {
    // The cipher's one error: the tag does not match.
    return undefined;
  }
}
