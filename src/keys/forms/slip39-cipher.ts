// SLIP-39: the master secret under a passphrase. A permutation, four rounds of Feistel with PBKDF2-HMAC-SHA256:
// every passphrase decrypts to something, and nothing tells whether it was the right one.

import { concat, wipe } from "../../bytes.ts";
import type { Stretch } from "../../ports.ts";
import { utf8 } from "../../text.ts";
import type { Share } from "./slip39-share.ts";

/** What of a share decides how its set is encrypted. */
export type CipherSet = Pick<Share, "identifier" | "extendable" | "iterationExponent">;

/** An even number of bytes in, as many out ("Encryption of the master secret"). The caller wipes both. */
export function encryptSecret(
  secret: Uint8Array,
  passphrase: Uint8Array,
  set: CipherSet,
  stretch: Pick<Stretch, "pbkdf2Sha256">,
): Promise<Uint8Array> {
  return feistel(secret, [0, 1, 2, 3], passphrase, set, stretch);
}

/** Takes back what encryptSecret did ("Decryption of the master secret"). */
export function decryptSecret(
  encrypted: Uint8Array,
  passphrase: Uint8Array,
  set: CipherSet,
  stretch: Pick<Stretch, "pbkdf2Sha256">,
): Promise<Uint8Array> {
  return feistel(encrypted, [3, 2, 1, 0], passphrase, set, stretch);
}

async function feistel(
  text: Uint8Array,
  rounds: readonly number[],
  passphrase: Uint8Array,
  set: CipherSet,
  stretch: Pick<Stretch, "pbkdf2Sha256">,
): Promise<Uint8Array> {
  const half = text.length / 2;
  const prefix = set.extendable
    ? new Uint8Array(0)
    : concat(utf8("shamir"), Uint8Array.of(set.identifier >> 8, set.identifier));
  let left = text.slice(0, half);
  let right = text.slice(half);
  try {
    for (const round of rounds) {
      const password = concat(Uint8Array.of(round), passphrase);
      const salt = concat(prefix, right);
      try {
        const mask = await stretch.pbkdf2Sha256(password, salt, 2500 << set.iterationExponent, half);
        for (let i = 0; i < half; i++) left[i]! ^= mask[i]!;
        wipe(mask);
      } finally {
        wipe(password, salt);
      }
      [left, right] = [right, left];
    }
    return concat(right, left);
  } finally {
    wipe(left, right);
  }
}
