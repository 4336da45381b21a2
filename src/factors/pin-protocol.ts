// PIN/UV auth protocols one and two (CTAP 2.1, 6.5.6 and 6.5.7), the platform's side.
// They hide what goes between Firn and the key from whoever only listens on the way.

import { cbc } from "@noble/ciphers/aes.js";
import { p256 } from "@noble/curves/nist.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { concat, wipe } from "../bytes.ts";
import type { Random } from "../ports.ts";
import { refuse } from "../refusal.ts";
import { utf8 } from "../text.ts";
import type { Point } from "./point.ts";
import { sec1 } from "./point.ts";

export type ProtocolVersion = 1 | 2;

/** What both sides know after key agreement. One: 32 bytes for all. Two: 32 for HMAC, then 32 for AES. */
export interface Shared {
  readonly version: ProtocolVersion;
  readonly secret: Uint8Array;
}

export interface Agreement {
  /** What the key is told. */
  readonly ours: Point;
  readonly shared: Shared;
}

const BLOCK_BYTES = 16;
const ZEROS = new Uint8Array(32);

/** ECDH with a fresh key pair. `theirs` must lie on the curve. */
export function agree(version: ProtocolVersion, theirs: Point, random: Random): Agreement {
  const seed = random.bytes(48);
  const secretKey = p256.utils.randomSecretKey(seed);
  try {
    const ours = p256.getPublicKey(secretKey, false).slice(1);
    return { ours, shared: sharedWith(version, secretKey, theirs) };
  } finally {
    wipe(seed, secretKey);
  }
}

export function sharedWith(version: ProtocolVersion, secretKey: Uint8Array, theirs: Point): Shared {
  const point = p256.getSharedSecret(secretKey, sec1(theirs), false);
  try {
    return derive(version, point.subarray(1, 33));
  } finally {
    wipe(point);
  }
}

/** From ECDH's x coordinate, 32 bytes. */
export function derive(version: ProtocolVersion, x: Uint8Array): Shared {
  return { version, secret: version === 1 ? sha256(x) : deriveTwo(x) };
}

function deriveTwo(z: Uint8Array): Uint8Array {
  const halves = ["CTAP2 HMAC key", "CTAP2 AES key"].map((info) => hkdf(sha256, z, ZEROS, utf8(info), 32));
  try {
    return concat(...halves);
  } finally {
    wipe(...halves);
  }
}

/** Whole blocks only; no padding. Two puts a fresh IV in front. */
export function encrypt({ version, secret }: Shared, plain: Uint8Array, random: Random): Uint8Array {
  if (version === 1) return cipher(secret, ZEROS.subarray(0, BLOCK_BYTES)).encrypt(plain);
  const iv = random.bytes(BLOCK_BYTES);
  return concat(iv, cipher(secret.subarray(32), iv).encrypt(plain));
}

/** Exactly `length` bytes, whole blocks. Throws Refusal factor.broken where the cipher text has another length. */
export function decrypt({ version, secret }: Shared, sealed: Uint8Array, length: number): Uint8Array {
  const before = version === 1 ? 0 : BLOCK_BYTES;
  if (sealed.length !== before + length) refuse("factor.broken", "what it encrypted has another length");
  if (version === 1) return cipher(secret, ZEROS.subarray(0, BLOCK_BYTES)).decrypt(sealed);
  return cipher(secret.subarray(32), sealed.subarray(0, BLOCK_BYTES)).decrypt(sealed.subarray(BLOCK_BYTES));
}

function cipher(key: Uint8Array, iv: Uint8Array) {
  return cbc(key, iv, { disablePadding: true });
}

/** HMAC-SHA-256 with the shared secret, of which two takes the HMAC part, or with a token; one gives 16 bytes of it. */
export function authenticate(version: ProtocolVersion, key: Uint8Array, message: Uint8Array): Uint8Array {
  return version === 1 ? hmac(sha256, key, message).slice(0, 16) : hmac(sha256, key.subarray(0, 32), message);
}
