// A seal by a secret that the machine holds: burnt into the board, or, weakest, in a file beside the home.
// It has no tries of its own and no counter.

import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from "node:crypto";
import { wipe } from "../../src/bytes.ts";
import type { Seal } from "../../src/ports.ts";
import { refuse } from "../../src/refusal.ts";

export interface SecretParts {
  readonly kind: "board" | "file";
  /** At least 32 bytes; the seal's from now on. */
  readonly secret: Uint8Array;
  /** Does away with the secret, as far as this machine can: gives the one that takes its place. */
  readonly destroy: () => Promise<Uint8Array>;
}

const SALT_BYTES = 32;
const SECRET_BYTES = 32;
const TAG_BYTES = 16;
/** Which secret it was bound under: tells another machine from another PIN. */
const NAME_BYTES = 8;
/** One key seals one message, so the nonce need not differ. */
const NONCE = new Uint8Array(12);

/** The blob: name of the secret, salt, ChaCha20-Poly1305 of the 32 bytes. */
export function secretSeal({ kind, secret: first, destroy }: SecretParts): Seal {
  let secret = checked(first);
  const name = () => digest(secret, "firn/seal/name").subarray(0, NAME_BYTES);
  return {
    kind,
    async bind(plain, auth) {
      if (plain.length !== SECRET_BYTES) throw new Error("a seal binds 32 bytes");
      const salt = randomBytes(SALT_BYTES);
      const cipher = createCipheriv("chacha20-poly1305", keyOf(secret, auth, salt), NONCE, {
        authTagLength: TAG_BYTES,
      });
      const sealed = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
      return new Uint8Array(Buffer.concat([name(), salt, sealed]));
    },
    async release(blob, auth) {
      if (blob.length !== NAME_BYTES + SALT_BYTES + SECRET_BYTES + TAG_BYTES)
        refuse("seal.foreign", `sealed otherwise than by a ${kind}`);
      if (!name().equals(blob.subarray(0, NAME_BYTES))) refuse("seal.foreign");
      const salt = blob.subarray(NAME_BYTES, NAME_BYTES + SALT_BYTES);
      return opened(keyOf(secret, auth, salt), blob.subarray(NAME_BYTES + SALT_BYTES));
    },
    mark: async (data) =>
      new Uint8Array(createHmac("sha256", digest(secret, "firn/seal/mark")).update(data).digest()),
    async destroy() {
      const next = checked(await destroy());
      wipe(secret);
      secret = next;
    },
    rest: async () => undefined,
  };
}

function checked(secret: Uint8Array): Uint8Array {
  if (secret.length < 32) throw new Error("a machine's secret has 32 bytes at least");
  return secret.slice();
}

function digest(secret: Uint8Array, purpose: string): Buffer {
  return createHmac("sha256", secret).update(purpose).digest();
}

function keyOf(secret: Uint8Array, auth: Uint8Array, salt: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", Buffer.concat([secret, auth]), salt, "firn/seal/1", 32));
}

function opened(key: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
  const decipher = createDecipheriv("chacha20-poly1305", key, NONCE, { authTagLength: TAG_BYTES });
  decipher.setAuthTag(sealed.subarray(SECRET_BYTES));
  try {
    return new Uint8Array(
      Buffer.concat([decipher.update(sealed.subarray(0, SECRET_BYTES)), decipher.final()]),
    );
  } catch {
    return undefined;
  }
}
