// A person's key signs one request: exactly its digest, with the enrolled credential, touched, and never again.

import assert from "node:assert/strict";
import { createHash, createPrivateKey, sign } from "node:crypto";
import { test } from "node:test";
import { freshState, type KeyMake, type KeyState } from "../../device/sim/authenticator/state.ts";
import { readU32be } from "../../src/bytes.ts";
import { writeCbor } from "../../src/factors/cbor.ts";
import {
  type AgreedTo,
  assertChallenge,
  challengeOf,
  enrolSigner,
  type Signer,
} from "../../src/factors/index.ts";
import { COMMAND, toPackets } from "../../src/factors/packets.ts";
import { ends, messagesIn, random, reasonOf, run, type Setting } from "./run.ts";

const REQUEST: AgreedTo = {
  txid: "f4184fc596403b9d638783cf57adfe4c75c605f6356fbc91338530e9831e9e16",
  amounts: "11".repeat(32),
  policy: { fingerprint: "0a1b2c3d", number: 7 },
  head: "22".repeat(32),
};
const CHALLENGE = challengeOf(REQUEST);

const enrolled = (setting: Setting = {}) => ends(enrolSigner({ random, known: [] }), setting);
const agree = (signer: Signer, challenge = CHALLENGE) => assertChallenge({ random, signer, challenge });

const KINDS: readonly (readonly [string, KeyMake, readonly string[]])[] = [
  ["touch alone", {}, ["touch", "touch"]],
  ["a PIN", { pin: "1234" }, ["pin 8", "touch", "touch"]],
  ["a finger", { fingerprint: true }, ["touch", "touch"]],
  ["touch alone, before CTAP 2.1", { old: true }, ["touch", "touch"]],
  ["a PIN, before CTAP 2.1", { old: true, pin: "1234" }, ["pin 8", "touch", "touch"]],
];

for (const [kind, make, asked] of KINDS)
  test(`a person's key with ${kind} is enrolled, and agrees by one touch`, () => {
    const setting = { state: freshState(make), pins: ["1234"] };
    const enrolment = run(enrolSigner({ random, known: [] }), setting);
    assert.deepEqual(enrolment.asked, asked);
    assert.equal(enrolment.value!.verified, make.pin !== undefined || make.fingerprint === true);
    const agreeing = run(agree(enrolment.value!), setting);
    assert.deepEqual([agreeing.value, agreeing.asked], ["agreed", asked.slice(0, -1)]);
  });

test("the challenge is the digest of request, amounts, policy with its number, and the journal's head, line by line", () => {
  const { txid, amounts, head } = REQUEST;
  const text = `Firn agree 1\n${txid}\n${amounts}\n0a1b2c3d 7\n${head}\n`;
  assert.deepEqual(Buffer.from(CHALLENGE), createHash("sha256").update(text).digest());
  const { policy } = REQUEST;
  const others: readonly AgreedTo[] = [
    { ...REQUEST, txid: `${txid.slice(0, -1)}7` },
    { ...REQUEST, amounts: "12".repeat(32) },
    { ...REQUEST, policy: { ...policy, fingerprint: "0a1b2c3e" } },
    { ...REQUEST, policy: { ...policy, number: 8 } },
    { ...REQUEST, head: "23".repeat(32) },
  ];
  for (const other of others) assert.notDeepEqual(challengeOf(other), CHALLENGE);
});

test("the key is asked to sign exactly this digest, once, and nothing else that is the request's", () => {
  const state = freshState();
  const signer = enrolled({ state });
  const asking = run(agree(signer), { state });
  assert.equal(asking.value, "agreed");
  const holding = messagesIn(asking.toKey).filter((message) => message.includes(Buffer.from(CHALLENGE)));
  assert.equal(holding.length, 1);
  assert.equal(holding[0]![0], 0x02);
});

test("another key, or one that was reset, is told before any touch", () => {
  const signer = enrolled();
  const other = run(agree(signer), { make: {} });
  assert.deepEqual([other.refusal?.reason, other.asked], ["factor.not-enrolled", []]);
});

test("a key that holds the credential's name but signs with another key agrees to nothing", () => {
  const state = freshState();
  const signer = enrolled({ state });
  const stranger = enrolled({ make: {} });
  assert.equal(
    reasonOf(agree({ ...signer, publicKey: stranger.publicKey }), { state }),
    "factor.not-enrolled",
  );
});

/** Answers of a key to one request, played to another: what a glass that listens could do. */
function replayed(signer: Signer, state: KeyState, first: Uint8Array, second: Uint8Array) {
  // The same packets are read by a talk that was begun with the same chance.
  const bytes = (length: number) => new Uint8Array(length).fill(7);
  const same = { bytes };
  const once = run(assertChallenge({ random: same, signer, challenge: first }), { state });
  assert.equal(once.value, "agreed");
  const replies = [...once.fromKey];
  return run(assertChallenge({ random: same, signer, challenge: second }), {
    state,
    fromKey: () => {
      const next = replies.shift();
      return next ? [next] : [];
    },
  });
}

test("an answer that was heard before fits no other request, and not the same one under a later journal", () => {
  const state = freshState();
  const signer = enrolled({ state });
  const later = challengeOf({ ...REQUEST, head: "33".repeat(32) });
  const other = challengeOf({ ...REQUEST, txid: "44".repeat(32) });
  for (const second of [later, other])
    assert.equal(replayed(signer, state, CHALLENGE, second).refusal?.reason, "factor.not-enrolled");
  // The replay itself is whole: to the very same challenge it would be an answer.
  assert.equal(replayed(signer, state, CHALLENGE, CHALLENGE).value, "agreed");
});

/** The key's answer to the assertion, made anew with its own private key and with these flags. */
function flagged(state: KeyState, flags: number): NonNullable<Setting["fromKey"]> {
  let replies = 0;
  return (frame) => {
    const begins = (frame[4]! & 0x80) !== 0;
    if (begins && frame[4] === (0x80 | COMMAND.cbor)) replies++;
    // getInfo, then the silent look for the credential, then the assertion itself.
    if (replies < 3) return [frame];
    if (!begins) return [];
    if (frame[4] !== (0x80 | COMMAND.cbor)) return [frame];
    const hash = createHash("sha256").update("firn.local").digest();
    const data = Buffer.concat([hash, Buffer.from([flags, 0, 0, 0, 9])]);
    const key = createPrivateKey({
      ...{ key: Buffer.from(state.credentials[0]!.key, "hex"), type: "pkcs8", format: "der" },
    });
    const signature = sign("sha256", Buffer.concat([data, CHALLENGE]), key);
    const map = new Map<number, Uint8Array>([
      [2, new Uint8Array(data)],
      [3, new Uint8Array(signature)],
    ]);
    const body = Uint8Array.of(0, ...writeCbor(map));
    return toPackets(readU32be(frame, 0), COMMAND.cbor, body);
  };
}

test("a signature that is right in all but the touch is none: nobody was there", () => {
  const state = freshState();
  const signer = enrolled({ state });
  const answer = (flags: number) => run(agree(signer), { state, fromKey: flagged(state, flags) });
  assert.equal(answer(0x00).refusal?.reason, "factor.broken");
  assert.equal(answer(0x04).refusal?.reason, "factor.broken");
  assert.equal(answer(0x01).value, "agreed");
});

test("of a key that was enrolled with PIN or finger a touch alone is not enough, and more than was asked is", () => {
  const state = freshState();
  const signer = enrolled({ state });
  const more = run(agree(signer), { state, fromKey: flagged(state, 0x05) });
  assert.equal(more.value, "agreed");
  const known = freshState({ fingerprint: true });
  const verified = enrolled({ state: known });
  // A token is asked for first: key agreement and token are two replies more.
  let seen = 0;
  const inner = flagged(known, 0x01);
  const less = run(agree(verified), {
    state: known,
    fromKey(frame, index) {
      if (frame[4] === (0x80 | COMMAND.cbor)) seen++;
      const between = seen === 3 || seen === 4;
      return between ? [frame] : inner(frame, index);
    },
  });
  assert.equal(less.refusal?.reason, "factor.verification-changed");
});

test("a key that was enrolled with its PIN and does not ask for it any more agrees to nothing", () => {
  const state = freshState({ pin: "1234" });
  const signer = enrolled({ state, pins: ["1234"] });
  const { pinHash: _, ...without } = state;
  assert.equal(reasonOf(agree(signer), { state: without }), "factor.verification-changed");
});

test("a key enrolled by touch agrees by touch when it has a PIN since", () => {
  const state = freshState();
  const signer = enrolled({ state });
  const { pinHash } = freshState({ pin: "1234" });
  assert.equal(ends(agree(signer), { state: { ...state, pinHash: pinHash! } }), "agreed");
});

test("the same key is not two persons", () => {
  const state = freshState();
  const { credentialId } = enrolled({ state });
  const again = run(enrolSigner({ random, known: [credentialId] }), { state });
  assert.deepEqual([again.refusal?.reason, again.asked], ["factor.enrolled-already", []]);
});
