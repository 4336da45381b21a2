// A key agrees to one request: what it signs is a digest of that request, of the policy that asks, and of all that
// the journal holds. No earlier answer fits a later request, nor the same one asked for again.

import { sha256 } from "@noble/hashes/sha2.js";
import { wipe } from "../bytes.ts";
import type { Random } from "../ports.ts";
import { refuse } from "../refusal.ts";
import { utf8 } from "../text.ts";
import { assertion, type Credential, findHeld } from "./assertion.ts";
import type { Conversation } from "./conversation.ts";
import { beginTalk, type EnrolParts, newCredential, proven } from "./enrol.ts";
import { PERMISSION, type Talk } from "./proof.ts";

/** A person's key: nothing of it is secret. */
export type Signer = Omit<Credential, "salt">;

export interface AgreedTo {
  readonly txid: string;
  /** Spend.amounts: what the inputs are claimed to be worth. */
  readonly amounts: string;
  readonly policy: { readonly fingerprint: string; readonly number: number };
  /** Of the journal's last line, hex. */
  readonly head: string;
}

/** SHA-256 of five lines of text: a label, then what is agreed to. */
export function challengeOf({ txid, amounts, policy, head }: AgreedTo): Uint8Array {
  const lines = ["Firn agree 1", txid, amounts, `${policy.fingerprint} ${policy.number}`, head];
  return sha256(utf8(lines.map((line) => `${line}\n`).join("")));
}

/**
 * The key that is plugged in signs this challenge with this credential: one touch, verified if it was enrolled so.
 * Throws Refusal factor.not-enrolled, and any other factor.*.
 */
export function* assertChallenge({
  random,
  signer,
  challenge,
}: {
  readonly random: Random;
  readonly signer: Signer;
  readonly challenge: Uint8Array;
}): Conversation<"agreed"> {
  const talk = yield* beginTalk(random, false);
  try {
    if ((yield* findHeld(talk, [signer.credentialId])) === undefined) refuse("factor.not-enrolled");
    return yield* agree(talk, signer, challenge);
  } finally {
    wipe(talk.pinHash);
  }
}

/**
 * Makes a credential in the key that is plugged in, and has it sign at once, so that nobody is ever asked for a key
 * that then does not answer. Two touches. Throws Refusal factor.enrolled-already, and any other factor.*.
 */
export function* enrolSigner({ random, known }: EnrolParts): Conversation<Signer> {
  const talk = yield* beginTalk(random, false);
  try {
    const { aaguid: _, ...signer } = yield* newCredential(talk, known, false);
    yield* agree(talk, signer, random.bytes(32));
    return signer;
  } finally {
    wipe(talk.pinHash);
  }
}

function* agree(talk: Talk, signer: Signer, challenge: Uint8Array): Conversation<"agreed"> {
  const data = yield* proven(talk, signer.verified, PERMISSION.assert, (inTalk, proof) =>
    assertion(inTalk, signer, proof, { challenge }),
  );
  if (signer.verified && !data.verified) refuse("factor.verification-changed");
  return "agreed";
}
