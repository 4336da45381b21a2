// Slow key derivation by Node's own crypto (argon2 since Node 24.7), off the main thread.

import { argon2, pbkdf2 } from "node:crypto";
import { promisify } from "node:util";
import type { Stretch } from "../../src/ports.ts";

const argon2Async = promisify(argon2);
const pbkdf2Async = promisify(pbkdf2);

export function nodeStretch(): Stretch {
  return {
    argon2id: async (secret, salt, cost, length) =>
      plain(
        await argon2Async("argon2id", {
          message: secret,
          nonce: salt,
          memory: cost.memoryKiB,
          passes: cost.passes,
          parallelism: cost.lanes,
          tagLength: length,
        }),
      ),
    pbkdf2Sha512: async (secret, salt, rounds, length) =>
      plain(await pbkdf2Async(secret, salt, rounds, length, "sha512")),
  };
}

/** A Buffer's slice() is a view; src expects a Uint8Array's, which is a copy. */
function plain(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}
