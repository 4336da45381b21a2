// What a key signs about itself (WebAuthn 6.1): for whom, how it was touched, and its extensions.

import { equal } from "../bytes.ts";
import { refuse } from "../refusal.ts";
import type { CborMap } from "./cbor.ts";
import { readMapAt } from "./cbor.ts";
import type { Point } from "./point.ts";
import { ES256, readCoseKey } from "./point.ts";

export interface NewCredential {
  readonly aaguid: Uint8Array;
  readonly credentialId: Uint8Array;
  readonly publicKey: Point;
}

export interface AuthenticatorData {
  /** A hand was there; who it was is known by PIN or finger. */
  readonly present: boolean;
  readonly verified: boolean;
  readonly credential: NewCredential | undefined;
  readonly extensions: CborMap;
}

const FLAG = { present: 0x01, verified: 0x04, credential: 0x40, extensions: 0x80 } as const;
const HEAD_BYTES = 37;
export const MOST_CREDENTIAL_BYTES = 1023;

/** Throws Refusal factor.broken where it is malformed, or made for another than `rpIdHash`. */
export function readAuthenticatorData(bytes: Uint8Array, rpIdHash: Uint8Array): AuthenticatorData {
  if (bytes.length < HEAD_BYTES) return refuse("factor.broken", "its data are too short");
  if (!equal(bytes.subarray(0, 32), rpIdHash)) refuse("factor.broken", "it answered for somebody else");
  const flags = bytes[32]!;
  let at = HEAD_BYTES;
  let credential: NewCredential | undefined;
  if (flags & FLAG.credential) ({ credential, end: at } = readCredential(bytes, at));
  let extensions: CborMap = new Map();
  if (flags & FLAG.extensions) ({ map: extensions, end: at } = readMapAt(bytes, at));
  if (at !== bytes.length) refuse("factor.broken", "its data hold more than they say");
  return {
    present: (flags & FLAG.present) !== 0,
    verified: (flags & FLAG.verified) !== 0,
    credential,
    extensions,
  };
}

function readCredential(bytes: Uint8Array, from: number) {
  const idAt = from + 18;
  if (idAt > bytes.length) return refuse("factor.broken", "its credential is cut short");
  const length = (bytes[from + 16]! << 8) | bytes[from + 17]!;
  if (length === 0 || length > MOST_CREDENTIAL_BYTES || idAt + length > bytes.length)
    return refuse("factor.broken", "its credential has no proper name");
  const { map, end } = readMapAt(bytes, idAt + length);
  const credential: NewCredential = {
    aaguid: bytes.slice(from, from + 16),
    credentialId: bytes.slice(idAt, idAt + length),
    publicKey: readCoseKey(map, ES256),
  };
  return { credential, end };
}
