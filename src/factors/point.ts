// P-256 public keys as COSE writes them (RFC 9053, 7.1.1), checked to lie on the curve, and their signatures.

import { p256 } from "@noble/curves/nist.js";
import { concat } from "../bytes.ts";
import { refuse } from "../refusal.ts";
import type { Cbor, CborMap } from "./cbor.ts";
import { bytesIn } from "./fields.ts";

/** x and y, 32 bytes each, big-endian. */
export type Point = Uint8Array;

const KTY_EC2 = 2;
const CRV_P256 = 1;
export const ES256 = -7;
/** ECDH-ES+HKDF-256: what CTAP writes for key agreement, though neither protocol is that. */
export const AGREEMENT = -25;

const field = { kty: 1, alg: 3, crv: -1, x: -2, y: -3 } as const;

export function coseKey(point: Point, algorithm: number): CborMap {
  return new Map<number, Cbor>([
    [field.kty, KTY_EC2],
    [field.alg, algorithm],
    [field.crv, CRV_P256],
    [field.x, point.slice(0, 32)],
    [field.y, point.slice(32)],
  ]);
}

/** Throws Refusal factor.broken where it is another kind of key, or no point of the curve. */
export function readCoseKey(map: CborMap, algorithm: number): Point {
  if (map.get(field.kty) !== KTY_EC2 || map.get(field.crv) !== CRV_P256)
    return refuse("factor.broken", "its public key is of another kind");
  if (map.get(field.alg) !== algorithm) refuse("factor.broken", "its public key is for something else");
  const point = concat(bytesIn(map, field.x, "public key", 32), bytesIn(map, field.y, "public key", 32));
  if (!onCurve(point)) refuse("factor.broken", "its public key is no point of the curve");
  return point;
}

/** SEC 1, uncompressed: as noble reads points, and refuses those off the curve. */
export function sec1(point: Point): Uint8Array {
  return concat(Uint8Array.of(4), point);
}

export function onCurve(point: Point): boolean {
  return point.length === 64 && p256.utils.isValidPublicKey(sec1(point), false);
}

/** ES256: ECDSA on P-256 with SHA-256, the signature in DER. False on any bytes that are not one. */
export function signedBy(point: Point, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    return p256.verify(signature, message, sec1(point), { format: "der", lowS: false });
  } catch {
    return false;
  }
}
