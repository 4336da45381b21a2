// The journal's own key: Ed25519 (RFC 8032). It signs heads of lines and receipts, and nothing else.
//   attestation = "Firn journal attestation 1\n" || u32be(line) || head of that line (32) || public key (32)
//   receipt     = "Firn receipt 1\n" and further lines, as they are
// The first line of what is signed tells the two apart. scripts/verify-journal.ts checks both without this program.

import { ed25519 } from "@noble/curves/ed25519.js";
import { concat, fromHex, toHex, u32be } from "../bytes.ts";
import { utf8 } from "../text.ts";

const ATTESTATION = utf8("Firn journal attestation 1\n");
const RECEIPT = /^Firn receipt 1\n(?:(?!signature )[ -~]+\n)+$/;

export class JournalKey {
  readonly #seed: Uint8Array;
  /** Made at its first use: it takes a while, and a home that is only opened needs none. */
  #publicKey: Uint8Array | undefined;

  /** 32 bytes; copied. */
  constructor(seed: Uint8Array) {
    this.#seed = Uint8Array.from(seed);
  }

  /** 64 hex digits. */
  publicKey(): string {
    return toHex(this.#public());
  }

  /** Signature in hex: this line has this head. */
  attest(line: number, head: Uint8Array): string {
    return this.#sign(attestation(line, head, this.#public()));
  }

  /** The receipt with its signature as the last line. */
  signReceipt(body: string): string {
    if (!RECEIPT.test(body)) throw new Error("not the text of a receipt");
    return `${body}signature ${this.#sign(utf8(body))}`;
  }

  isAttested(line: number, head: Uint8Array, signature: string): boolean {
    const bytes = fromHex(signature);
    if (bytes?.length !== 64) return false;
    const publicKey = this.#public();
    return ed25519.verify(bytes, attestation(line, head, publicKey), publicKey, { zip215: false });
  }

  wipe(): void {
    this.#seed.fill(0);
  }

  #sign(message: Uint8Array): string {
    return toHex(ed25519.sign(message, this.#seed));
  }

  #public(): Uint8Array {
    this.#publicKey ??= ed25519.getPublicKey(this.#seed);
    return this.#publicKey;
  }
}

function attestation(line: number, head: Uint8Array, publicKey: Uint8Array): Uint8Array {
  return concat(ATTESTATION, u32be(line), head, publicKey);
}
