// Signatures under texts of Firn's own (documents of a fleet): Ed25519 (RFC 8032), with a key that signs nothing else.

import { ed25519 } from "@noble/curves/ed25519.js";
import { concat, fromHex, toHex } from "../bytes.ts";
import { utf8 } from "../text.ts";

/** In front of every text, so that no other signature of such a key can stand for one. */
const LABEL = utf8("Firn fleet signature 1\n");

/** secret: 32 bytes, which the caller wipes. 64 hex digits. */
export function textKeyOf(secret: Uint8Array): string {
  return toHex(ed25519.getPublicKey(secret));
}

/** 128 hex digits. */
export function signText(secret: Uint8Array, text: string): string {
  return toHex(ed25519.sign(concat(LABEL, utf8(text)), secret));
}

export function isTextSignedBy(publicKey: string, text: string, signature: string): boolean {
  const [key, made] = [fromHex(publicKey), fromHex(signature)];
  if (key?.length !== 32 || made?.length !== 64) return false;
  try {
    // Strict: no key or signature that passes for more than one text.
    return ed25519.verify(made, concat(LABEL, utf8(text)), key, { zip215: false });
  } catch {
    // No point of the curve.
    return false;
  }
}
