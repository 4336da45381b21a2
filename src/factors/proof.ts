// Who it is: the key asks for a finger, or is told its own PIN, and gives a token that stands for that
// (CTAP 2.1, 6.5.5). One token, one use.

import { sha256 } from "@noble/hashes/sha2.js";
import { wipe } from "../bytes.ts";
import type { Random } from "../ports.ts";
import { refuse } from "../refusal.ts";
import type { Cbor } from "./cbor.ts";
import type { Conversation, Reply } from "./conversation.ts";
import { ctap, parameters } from "./conversation.ts";
import { bytesIn, countIn, mapIn } from "./fields.ts";
import type { Info } from "./info.ts";
import type { Agreement } from "./pin-protocol.ts";
import { agree, authenticate, decrypt, encrypt } from "./pin-protocol.ts";
import { AGREEMENT, coseKey, readCoseKey } from "./point.ts";
import { STATUS, wellDone } from "./status.ts";

/** For whom all of Firn's credentials are made. */
export const RP_ID = "firn.local";

const CLIENT_PIN = 0x06;
const SUB = { retries: 0x01, agreement: 0x02, legacyToken: 0x05, tokenByItself: 0x06, tokenByPin: 0x09 };
/** Fingers that are not known before the PIN is asked for instead. */
const MOST_FINGERS = 3;

export const PERMISSION = { make: 0x01, assert: 0x02 } as const;

/** One talk with one key. */
export interface Talk {
  readonly channel: number;
  readonly info: Info;
  readonly random: Random;
  /** The start of the hash of its PIN, once typed: for the second token of the same talk. */
  pinHash: Uint8Array | undefined;
}

/** none: not asked for. itself: the command itself asks for the finger (CTAP 2.0). token: wiped by the caller. */
export type Proof = "none" | "itself" | { readonly token: Uint8Array };

export function* clientPin(talk: Talk, sub: number, rows: Readonly<Record<number, Cbor>> = {}) {
  return yield* ctap(talk.channel, CLIENT_PIN, parameters({ 1: talk.info.protocol, 2: sub, ...rows }));
}

/** A fresh shared secret, which the caller wipes. */
export function* keyAgreement(talk: Talk): Conversation<Agreement> {
  const map = wellDone(yield* clientPin(talk, SUB.agreement), "key agreement");
  const theirs = readCoseKey(mapIn(map, 1, "key agreement"), AGREEMENT);
  return agree(talk.info.protocol, theirs, talk.random);
}

/** Proves who it is in the strongest way that this key has. Throws Refusal factor.*. */
export function* prove(talk: Talk, permission: number): Conversation<Proof> {
  const { verifies, permissions } = talk.info;
  if (!verifies) return refuse("factor.verification-changed", "it has neither PIN nor finger");
  if (!verifies.itself) return yield* tokenByPin(talk, permission);
  if (!permissions) return "itself";
  for (let fingers = 1; ; fingers++) {
    const agreement = yield* keyAgreement(talk);
    try {
      const reply = yield* clientPin(talk, SUB.tokenByItself, tokenRows(talk, agreement, permission));
      const unknown = reply.status === STATUS.uvInvalid && fingers < MOST_FINGERS;
      const hopeless = reply.status === STATUS.uvInvalid || reply.status === STATUS.uvBlocked;
      if (unknown) continue;
      if (!hopeless || !verifies.pin) return tokenOf(reply, agreement);
    } finally {
      wipe(agreement.shared.secret);
    }
    return yield* tokenByPin(talk, permission);
  }
}

function* tokenByPin(talk: Talk, permission: number): Conversation<Proof> {
  for (let wrong = false; ; wrong = true) {
    const hash = talk.pinHash ?? (yield* askPin(talk, wrong));
    talk.pinHash = hash;
    const agreement = yield* keyAgreement(talk);
    try {
      const sealed = encrypt(agreement.shared, hash, talk.random);
      const rows = { ...tokenRows(talk, agreement, permission), 6: sealed };
      const reply = yield* clientPin(talk, talk.info.permissions ? SUB.tokenByPin : SUB.legacyToken, rows);
      if (reply.status !== STATUS.pinInvalid) return tokenOf(reply, agreement);
    } finally {
      wipe(agreement.shared.secret);
    }
    wipe(hash);
    talk.pinHash = undefined;
  }
}

/** The first 16 bytes of the PIN's SHA-256. */
function* askPin(talk: Talk, wrong: boolean): Conversation<Uint8Array> {
  const map = wellDone(yield* clientPin(talk, SUB.retries), "PIN retries");
  const retries = countIn(map, 3, "retries", 255);
  if (retries === 0) refuse("factor.pin-blocked");
  if (map.get(4) === true) refuse("factor.pin-paused");
  const heard = yield { ask: "pin", retries, wrong };
  if (heard === "gone") refuse("factor.gone");
  if (typeof heard === "string" || heard instanceof Uint8Array) throw new Error("a PIN was awaited");
  const digest = sha256(heard.pin);
  try {
    return digest.slice(0, 16);
  } finally {
    wipe(heard.pin, digest);
  }
}

function tokenRows(talk: Talk, { ours }: Agreement, permission: number): Record<number, Cbor> {
  const key = { 3: coseKey(ours, AGREEMENT) };
  return talk.info.permissions ? { ...key, 9: permission, 10: RP_ID } : key;
}

function tokenOf(reply: Reply, { shared }: Agreement): Proof {
  const sealed = bytesIn(wellDone(reply, "token"), 2, "token", 16, 48);
  const length = shared.version === 1 && sealed.length === 16 ? 16 : 32;
  return { token: decrypt(shared, sealed, length) };
}

/** What a command carries as proof: its options, and the token's mark on what is asked. */
export function proofRows(talk: Talk, proof: Proof, clientDataHash: Uint8Array) {
  if (proof === "none") return {};
  if (proof === "itself") return { options: new Map([["uv", true]]) };
  const { protocol } = talk.info;
  return { mark: authenticate(protocol, proof.token, clientDataHash), protocol };
}
