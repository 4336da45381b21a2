// A key becomes a second factor: a credential is made in it, and it is asked for its secret at once,
// so that nothing is ever locked with a key that then does not answer.

import { wipe } from "../bytes.ts";
import type { Random } from "../ports.ts";
import { refuse } from "../refusal.ts";
import { askSecret, type Credential, findHeld, rpIdHash } from "./assertion.ts";
import { type NewCredential, readAuthenticatorData } from "./authenticator-data.ts";
import type { Cbor } from "./cbor.ts";
import type { Conversation } from "./conversation.ts";
import { ctap, openChannel, parameters } from "./conversation.ts";
import { bytesIn } from "./fields.ts";
import { getInfo } from "./info.ts";
import { ES256 } from "./point.ts";
import { PERMISSION, type Proof, proofRows, prove, RP_ID, type Talk } from "./proof.ts";
import { wellDone } from "./status.ts";

export interface EnrolParts {
  readonly random: Random;
  /** Credential ids that are enrolled already: the same key twice would be one factor less than it seems. */
  readonly known: readonly Uint8Array[];
}

export interface Enrolled extends Credential {
  /** The key's model, 16 bytes; zeros where it does not say. */
  readonly aaguid: Uint8Array;
  /** What it answers to the salt: 32 bytes, which the caller wipes. */
  readonly secret: Uint8Array;
}

export interface AnswerParts {
  readonly random: Random;
  readonly credentials: readonly Credential[];
}

export interface Answer {
  /** Which of the credentials answered. */
  readonly index: number;
  /** 32 bytes, which the caller wipes. */
  readonly secret: Uint8Array;
}

const MAKE_CREDENTIAL = 0x01;

/**
 * Makes a credential in the key that is plugged in, verified by finger or PIN where the key can. Two touches.
 * Throws Refusal factor.enrolled-already, and any other factor.*.
 */
export function* enrol({ random, known }: EnrolParts): Conversation<Enrolled> {
  const talk = yield* beginTalk(random, true);
  try {
    const { aaguid, ...made } = yield* newCredential(talk, known, true);
    const credential = { ...made, salt: random.bytes(32) };
    const secret = yield* secretOf(talk, credential);
    return { ...credential, aaguid, secret };
  } finally {
    wipe(talk.pinHash);
  }
}

/**
 * The secret of that credential which the key that is plugged in holds. One touch.
 * Throws Refusal factor.not-enrolled, and any other factor.*.
 */
export function* answer({ random, credentials }: AnswerParts): Conversation<Answer> {
  const talk = yield* beginTalk(random, true);
  try {
    const ids = credentials.map(({ credentialId }) => credentialId);
    const index = yield* findHeld(talk, ids);
    if (index === undefined) return refuse("factor.not-enrolled");
    return { index, secret: yield* secretOf(talk, credentials[index]!) };
  } finally {
    wipe(talk.pinHash);
  }
}

/** secret: the key must make one of a salt (hmac-secret). */
export function* beginTalk(random: Random, secret: boolean): Conversation<Talk> {
  const channel = yield* openChannel(random);
  return { channel, random, info: yield* getInfo(channel, secret), pinHash: undefined };
}

/** Verified by finger or PIN where the key can. Throws Refusal factor.enrolled-already. */
export function* newCredential(
  talk: Talk,
  known: readonly Uint8Array[],
  secret: boolean,
): Conversation<Omit<Credential, "salt"> & Pick<NewCredential, "aaguid">> {
  if ((yield* findHeld(talk, known)) !== undefined) refuse("factor.enrolled-already");
  const verified = talk.info.verifies !== undefined;
  const { credentialId, publicKey, aaguid } = yield* proven(
    talk,
    verified,
    PERMISSION.make,
    (inTalk, proof) => makeCredential(inTalk, proof, secret),
  );
  return { credentialId, publicKey, aaguid, verified };
}

function* secretOf(talk: Talk, credential: Credential): Conversation<Uint8Array> {
  return yield* proven(talk, credential.verified, PERMISSION.assert, (inTalk, proof) =>
    askSecret(inTalk, credential, proof),
  );
}

/** Does what has to be proven, and wipes the token. */
export function* proven<T>(
  talk: Talk,
  verified: boolean,
  permission: number,
  act: (talk: Talk, proof: Proof) => Conversation<T>,
): Conversation<T> {
  const proof = verified ? yield* prove(talk, permission) : "none";
  try {
    return yield* act(talk, proof);
  } finally {
    if (typeof proof === "object") wipe(proof.token);
  }
}

function* makeCredential(talk: Talk, proof: Proof, secret: boolean): Conversation<NewCredential> {
  const challenge = talk.random.bytes(32);
  const { options, mark, protocol } = proofRows(talk, proof, challenge);
  const rows = parameters({
    1: challenge,
    2: entity(RP_ID),
    3: entity(talk.random.bytes(16)),
    4: [
      new Map<string, Cbor>([
        ["alg", ES256],
        ["type", "public-key"],
      ]),
    ],
    6: secret ? new Map([["hmac-secret", true]]) : undefined,
    7: options,
    8: mark,
    9: protocol,
  });
  const map = wellDone(yield* ctap(talk.channel, MAKE_CREDENTIAL, rows), "making a credential");
  const data = readAuthenticatorData(bytesIn(map, 2, "data", 37, 4096), rpIdHash());
  if (!data.credential) return refuse("factor.broken", "it made no credential");
  if (!data.present) refuse("factor.broken", "it made a credential without a touch");
  if (proof !== "none" && !data.verified) refuse("factor.verification-changed");
  if (secret && data.extensions.get("hmac-secret") !== true)
    refuse("factor.no-hmac-secret", "it made none for this credential");
  return data.credential;
}

/** Whoever asks, and for whom: names that a key may show. */
function entity(id: string | Uint8Array): Cbor {
  return new Map<string, Cbor>([
    ["id", id],
    ["name", "Firn"],
  ]);
}
