// Slow key derivation by Node's own crypto (argon2 since Node 24.7), off the main thread.

import { argon2, pbkdf2, type ScryptOptions, scrypt } from "node:crypto";
import { promisify } from "node:util";
import type { Stretch } from "../../src/ports.ts";

const argon2Async = promisify(argon2);
const pbkdf2Async = promisify(pbkdf2);
const scryptAsync = promisify<Uint8Array, Uint8Array, number, ScryptOptions, Buffer>(scrypt);

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
    pbkdf2Sha256: async (secret, salt, rounds, length) =>
      plain(await pbkdf2Async(secret, salt, rounds, length, "sha256")),
    scrypt: async (secret, salt, { log2N, r, p }, length) => {
      const N = 2 ** log2N;
      // Node's own bound is 32 MiB; this one is what RFC 7914 needs, and a little more.
      return plain(
        await scryptAsync(secret, salt, length, { N, r, p, maxmem: 128 * r * (N + p + 2) + 65_536 }),
      );
    },
  };
}

/** A Buffer's slice() is a view; src expects a Uint8Array's, which is a copy. */
function plain(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}
