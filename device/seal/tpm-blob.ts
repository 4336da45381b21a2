// What the home keeps of a TPM's seal: which TPM, which mark, the sealed object, and the 32 bytes, encrypted under
// what the object holds and the mark together. Without either nothing opens it.

import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from "node:crypto";
import { concat, equal, wipe } from "../../src/bytes.ts";
import { refuse } from "../../src/refusal.ts";
import { Reader, sized, TpmBroken, u8 } from "./tpm/codec.ts";
import type { SealedObject } from "./tpm/objects.ts";

export interface TpmBlob {
  /** Of the primary key: tells another TPM, or one that was cleared. */
  readonly primaryName: Uint8Array;
  /** Tells another mark: the one it was bound under was destroyed. */
  readonly markName: Uint8Array;
  readonly object: SealedObject;
  /** ChaCha20-Poly1305 of the 32 bytes, with all before it. */
  readonly enclosed: Uint8Array;
}

const VERSION = 1;
const NAME_BYTES = 34;
const MARK_NAME_BYTES = 8;
const ENCLOSED_BYTES = 32 + 16;
/** One key encloses one message, so the nonce need not differ. */
const NONCE = new Uint8Array(12);
const TAG = { authTagLength: 16 };

function frontOf({ primaryName, markName, object }: Omit<TpmBlob, "enclosed">): Uint8Array {
  return concat(u8(VERSION), primaryName, markName, sized(object.area), sized(object.encrypted));
}

export function blobBytes(blob: TpmBlob): Uint8Array {
  return concat(frontOf(blob), blob.enclosed);
}

/** Throws Refusal seal.foreign where it is nothing that a TPM's seal gave. */
export function readBlob(bytes: Uint8Array): TpmBlob {
  try {
    const reader = new Reader(bytes);
    if (reader.u8() !== VERSION) throw new TpmBroken();
    const blob = {
      primaryName: reader.take(NAME_BYTES),
      markName: reader.take(MARK_NAME_BYTES),
      object: { area: reader.sized(), encrypted: reader.sized() },
      enclosed: reader.take(ENCLOSED_BYTES),
    };
    reader.end();
    return blob;
  } catch (problem) {
    if (!(problem instanceof TpmBroken)) throw problem;
    refuse("seal.foreign", "sealed otherwise than by a TPM");
  }
}

export function markNameOf(mark: Uint8Array): Uint8Array {
  const digest = createHmac("sha256", mark).update("firn/seal/tpm/name").digest();
  return new Uint8Array(digest.subarray(0, MARK_NAME_BYTES));
}

export function isUnder(blob: TpmBlob, mark: Uint8Array): boolean {
  return equal(blob.markName, markNameOf(mark));
}

/** What the TPM asks for: only ever told to it as a proof. The caller wipes it. */
export function authValueOf(auth: Uint8Array): Uint8Array {
  return createHmac("sha256", auth).update("firn/seal/tpm/auth").digest();
}

/** `key`: what the object holds for this. */
export function enclose(
  front: Omit<TpmBlob, "enclosed">,
  plain: Uint8Array,
  key: Uint8Array,
  mark: Uint8Array,
): TpmBlob {
  const both = keyOf(key, mark);
  try {
    const cipher = createCipheriv("chacha20-poly1305", both, NONCE, TAG);
    cipher.setAAD(frontOf(front), { plaintextLength: plain.length });
    return { ...front, enclosed: concat(cipher.update(plain), cipher.final(), cipher.getAuthTag()) };
  } finally {
    wipe(both);
  }
}

/** The caller wipes it; undefined where key or mark is another, or the blob was changed. */
export function disclose(blob: TpmBlob, key: Uint8Array, mark: Uint8Array): Uint8Array | undefined {
  const both = keyOf(key, mark);
  const decipher = createDecipheriv("chacha20-poly1305", both, NONCE, TAG);
  decipher.setAuthTag(blob.enclosed.subarray(32));
  decipher.setAAD(frontOf(blob), { plaintextLength: 32 });
  const open = decipher.update(blob.enclosed.subarray(0, 32));
  try {
    decipher.final();
    return new Uint8Array(open);
  } catch {
    return undefined;
  } finally {
    wipe(both, open);
  }
}

function keyOf(key: Uint8Array, mark: Uint8Array): Uint8Array {
  const material = concat(key, mark);
  try {
    return new Uint8Array(hkdfSync("sha256", material, new Uint8Array(), "firn/seal/tpm/1", 32));
  } finally {
    wipe(material);
  }
}
