// Asking a key for the secret that it makes of a salt (CTAP 2.1, 6.2 and 12.5), and checking that it was ours.

import { sha256 } from "@noble/hashes/sha2.js";
import { concat, equal, wipe } from "../bytes.ts";
import { refuse } from "../refusal.ts";
import { utf8 } from "../text.ts";
import { type AuthenticatorData, readAuthenticatorData } from "./authenticator-data.ts";
import type { Cbor, CborMap } from "./cbor.ts";
import type { Conversation } from "./conversation.ts";
import { ctap, parameters } from "./conversation.ts";
import { bytesIn, mapIn } from "./fields.ts";
import { authenticate, decrypt, encrypt } from "./pin-protocol.ts";
import type { Point } from "./point.ts";
import { AGREEMENT, coseKey, signedBy } from "./point.ts";
import { keyAgreement, type Proof, proofRows, RP_ID, type Talk } from "./proof.ts";
import { STATUS, wellDone } from "./status.ts";

/** An enrolled key: what is public of it, and how it is asked. */
export interface Credential {
  /** 1 to 1023 bytes. */
  readonly credentialId: Uint8Array;
  /** P-256, x and y: 64 bytes. */
  readonly publicKey: Point;
  /** Enrolled with PIN or finger, and asked with it ever after: without, its secret is another one. */
  readonly verified: boolean;
  /** 32 bytes. */
  readonly salt: Uint8Array;
}

const GET_ASSERTION = 0x02;
const INVALID_CREDENTIAL = 0x22;
const SECRET_BYTES = 32;

export function rpIdHash(): Uint8Array {
  return sha256(utf8(RP_ID));
}

export function descriptor(credentialId: Uint8Array): Cbor {
  return new Map<string, Cbor>([
    ["id", credentialId],
    ["type", "public-key"],
  ]);
}

/** Which of these this key holds, without a touch (`up` false); undefined where none. */
export function* findHeld(talk: Talk, ids: readonly Uint8Array[]): Conversation<number | undefined> {
  for (const [index, id] of ids.entries()) {
    // A key need not take longer names than it makes itself.
    if (id.length > talk.info.longestId) continue;
    const options = new Map([["up", false]]);
    const rows = { 1: RP_ID, 2: talk.random.bytes(32), 3: [descriptor(id)], 5: options };
    const reply = yield* ctap(talk.channel, GET_ASSERTION, parameters(rows));
    if (reply.status === STATUS.noCredentials || reply.status === INVALID_CREDENTIAL) continue;
    wellDone(reply, "looking for its credential");
    return index;
  }
  return undefined;
}

/** The key's secret for this credential's salt, 32 bytes, which the caller wipes. */
export function* askSecret(talk: Talk, credential: Credential, proof: Proof): Conversation<Uint8Array> {
  const { shared, ours } = yield* keyAgreement(talk);
  try {
    const salt = encrypt(shared, credential.salt, talk.random);
    const extension = parameters({
      1: coseKey(ours, AGREEMENT),
      2: salt,
      3: authenticate(shared.version, shared.secret, salt),
      4: shared.version === 1 ? undefined : shared.version,
    });
    const asked = { challenge: talk.random.bytes(32), extensions: new Map([["hmac-secret", extension]]) };
    const { verified, extensions } = yield* assertion(talk, credential, proof, asked);
    if (verified !== credential.verified) refuse("factor.verification-changed");
    return decrypt(shared, bytesIn(extensions, "hmac-secret", "secret", 16, 64), SECRET_BYTES);
  } finally {
    wipe(shared.secret);
  }
}

/** What an assertion is about: 32 bytes in the place of WebAuthn's client data hash. */
interface Asked {
  readonly challenge: Uint8Array;
  readonly extensions?: CborMap;
}

/**
 * What the key signed for this credential. Throws Refusal where it was not this credential that answered this very
 * challenge, touched.
 */
export function* assertion(
  talk: Talk,
  { credentialId, publicKey }: Pick<Credential, "credentialId" | "publicKey">,
  proof: Proof,
  { challenge, extensions }: Asked,
): Conversation<AuthenticatorData> {
  const { options, mark, protocol } = proofRows(talk, proof, challenge);
  const rows = parameters({
    1: RP_ID,
    2: challenge,
    3: [descriptor(credentialId)],
    4: extensions,
    5: options,
    6: mark,
    7: protocol,
  });
  const map = wellDone(yield* ctap(talk.channel, GET_ASSERTION, rows), "assertion");
  // With one credential asked for, a key may leave its name out.
  const named = map.has(1) ? bytesIn(mapIn(map, 1, "credential"), "id", "credential", 1, 1023) : credentialId;
  if (!equal(named, credentialId)) refuse("factor.not-enrolled", "it answered with another credential");
  const bytes = bytesIn(map, 2, "data", 37, 4096);
  const signature = bytesIn(map, 3, "signature", 8, 72);
  if (!signedBy(publicKey, concat(bytes, challenge), signature))
    refuse("factor.not-enrolled", "its signature is not the enrolled key's");
  const data = readAuthenticatorData(bytes, rpIdHash());
  if (!data.present) refuse("factor.broken", "it answered without a touch");
  return data;
}
