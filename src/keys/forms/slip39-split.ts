// SLIP-39: a secret split into points of a polynomial, and recovered ("Sharing a secret").

import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { concat, equal, wipe } from "../../bytes.ts";
import type { Random } from "../../ports.ts";
import { refuse } from "../../refusal.ts";
import { chance } from "./chance.ts";
import { interpolate, type Point } from "./gf256.ts";

const DIGEST_BYTES = 4;
/** Where the polynomial has the digest of the secret, and where the secret itself. */
const DIGEST_X = 254;
const SECRET_X = 255;

/** `count` points, x from 0 on, of which any `needed` recover the secret. The caller wipes them. */
export function splitSecret(
  needed: number,
  count: number,
  secret: Uint8Array,
  random: Random,
): readonly Point[] {
  const numbers = Array.from({ length: count }, (_, x) => x);
  if (needed === 1) return numbers.map((x) => ({ x, y: secret.slice() }));
  const drawn = numbers.slice(0, needed - 2).map((x) => ({ x, y: chance(random, secret.length) }));
  const noise = chance(random, secret.length - DIGEST_BYTES);
  const digest = { x: DIGEST_X, y: concat(digestOf(secret, noise), noise) };
  try {
    const base = [...drawn, digest, { x: SECRET_X, y: secret }];
    const rest = numbers.slice(needed - 2).map((x) => ({ x, y: interpolate(base, x) }));
    return [...drawn, ...rest];
  } finally {
    wipe(noise, digest.y);
  }
}

/**
 * The secret of exactly as many points as are needed. A single one is the secret, with nothing to check it by.
 * Throws Refusal shares.digest with `where` as its detail. The caller wipes the result.
 */
export function recoverSecret(points: readonly Point[], where: string): Uint8Array {
  if (points.length === 1) return points[0]!.y.slice();
  const secret = interpolate(points, SECRET_X);
  const digest = interpolate(points, DIGEST_X);
  const expected = digestOf(secret, digest.subarray(DIGEST_BYTES));
  const sound = equal(expected, digest.subarray(0, DIGEST_BYTES));
  wipe(digest);
  if (sound) return secret;
  wipe(secret);
  return refuse("shares.digest", where);
}

function digestOf(secret: Uint8Array, noise: Uint8Array): Uint8Array {
  return hmac(sha256, noise, secret).slice(0, DIGEST_BYTES);
}
