// Messages as Bitcoin Core has signed them since 2011, and BIP 137: 65 bytes, of which the first says which of the
// possible keys it is, and for what kind of address.

import { base64 } from "@scure/base";
import { concat, equal } from "../../bytes.ts";
import type { Curve } from "../../model.ts";
import { utf8 } from "../../text.ts";
import { encodeCompactSize } from "../cursor.ts";
import { doubleSha256 } from "../transaction.ts";

/** Kinds of address that the first byte can name. */
export const LEGACY_FORMS = ["p2pkh-uncompressed", "p2pkh", "p2sh-p2wpkh", "p2wpkh"] as const;
export type LegacyForm = (typeof LEGACY_FORMS)[number];

/** BIP 137: of the first form; each of the others begins four further on. */
const FIRST_HEADER = 27;

const MARK = utf8("Bitcoin Signed Message:\n");

/** What is signed: hashed twice, and set apart from every transaction by its first bytes. */
export function messageDigest(message: string | Uint8Array): Uint8Array {
  const bytes = typeof message === "string" ? utf8(message) : message;
  const sized = [MARK, bytes].flatMap((part) => [encodeCompactSize(part.length), part]);
  return doubleSha256(concat(...sized));
}

export interface Recoverable {
  readonly form: LegacyForm;
  /** 0 to 3. */
  readonly id: number;
  /** r || s, 64 bytes. */
  readonly signature: Uint8Array;
}

/** Undefined for what is no such signature: another length, or a first byte without a meaning. */
export function readRecoverable(bytes: Uint8Array): Recoverable | undefined {
  if (bytes.length !== 65) return undefined;
  const header = bytes[0]! - FIRST_HEADER;
  const form = LEGACY_FORMS[Math.floor(header / 4)];
  return form && { form, id: header % 4, signature: bytes.subarray(1) };
}

/** The 65 bytes as text. `signature` is by this key: an Error where it is not, since then Firn itself is at fault. */
export function recoverableToBase64(
  digest: Uint8Array,
  publicKey: Uint8Array,
  signature: Uint8Array,
  curve: Curve,
  form: LegacyForm = "p2pkh",
): string {
  const id = [0, 1, 2, 3].find((one) => {
    const found = curve.recoverEcdsa(digest, signature, one);
    return found !== undefined && equal(found, publicKey);
  });
  if (id === undefined) throw new Error("a signature of our own leads to another key");
  const header = FIRST_HEADER + 4 * LEGACY_FORMS.indexOf(form) + id;
  return base64.encode(concat(Uint8Array.of(header), signature));
}

/** 33 bytes; whatever kind of address the first byte names. */
export function recoverKey(
  message: string | Uint8Array,
  { id, signature }: Recoverable,
  curve: Curve,
): Uint8Array | undefined {
  return curve.recoverEcdsa(messageDigest(message), signature, id);
}

/** Whether this text (base64 of 65 bytes) is this key's signature of the message, whatever kind of address it names. */
export function verifyMessageByKey(
  message: string | Uint8Array,
  publicKey: Uint8Array,
  signature: string,
  curve: Curve,
): boolean {
  const read = readRecoverable(fromBase64(signature) ?? new Uint8Array(0));
  const key = read && recoverKey(message, read, curve);
  return key !== undefined && equal(key, publicKey);
}

/** Strict base64; spaces and line ends around it and in it are nothing. */
export function fromBase64(text: string): Uint8Array | undefined {
  try {
    return base64.decode(text.replace(/\s/g, ""));
  } catch {
    return undefined;
  }
}
