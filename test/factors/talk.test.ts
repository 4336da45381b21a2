// Enrolling and asking, against keys of every kind.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { freshState, type KeyMake } from "../../device/sim/authenticator/state.ts";
import { toHex } from "../../src/bytes.ts";
import { answer, type Conversation, type Enrolled, enrol } from "../../src/factors/index.ts";
import { ends, random, reasonOf, run, type Setting } from "./run.ts";

const enrolNew = (known: readonly Uint8Array[] = []) => enrol({ random, known });
const ask = (...credentials: readonly Enrolled[]) => answer({ random, credentials });

const KINDS: readonly (readonly [string, KeyMake, readonly string[]])[] = [
  ["a key of today, by touch", {}, ["touch", "touch"]],
  ["a key of today with a PIN", { pin: "1234" }, ["pin 8", "touch", "touch"]],
  ["a key of today with a finger", { fingerprint: true }, ["touch", "touch"]],
  ["a key of today with both", { fingerprint: true, pin: "1234" }, ["touch", "touch"]],
  ["a key before CTAP 2.1, by touch", { old: true }, ["touch", "touch"]],
  ["a key before CTAP 2.1 with a PIN", { old: true, pin: "1234" }, ["pin 8", "touch", "touch"]],
  ["a key before CTAP 2.1 with a finger", { old: true, fingerprint: true }, ["touch", "touch"]],
];

for (const [kind, make, asked] of KINDS)
  test(`${kind} is enrolled, and answers with the secret that CTAP says, the PIN asked for once a talk`, () => {
    const state = freshState(make);
    const setting = { state, pins: ["1234"] };
    const enrolment = run(enrolNew(), setting);
    assert.deepEqual(enrolment.asked, asked);
    const enrolled = enrolment.value!;
    assert.equal(enrolled.verified, make.pin !== undefined || make.fingerprint === true);
    const { withUv, withoutUv } = state.credentials[0]!;
    const credRandom = Buffer.from((enrolled.verified ? withUv : withoutUv)!, "hex");
    assert.equal(
      toHex(enrolled.secret),
      createHmac("sha256", credRandom).update(enrolled.salt).digest("hex"),
    );
    const asking = run(ask(enrolled), setting);
    assert.deepEqual(asking.asked, asked.slice(0, -1));
    assert.deepEqual(asking.value, { index: 0, secret: enrolled.secret });
  });

test("each salt has its own secret, and so has each credential of the same key", () => {
  const state = freshState();
  const [one, two] = [ends(enrolNew(), { state }), ends(enrolNew(), { state })];
  const other = { ...one, salt: new Uint8Array(32).fill(7) };
  const all = [one, two, other].map((credential) => toHex(ends(ask(credential), { state }).secret));
  assert.equal(new Set(all).size, 3);
});

test("of many enrolled keys the one that is there is found, asked alone, and named", () => {
  const states = [{ pin: "1234" }, {}, { fingerprint: true }, { old: true }].map(freshState);
  const enrolled = states.map((state) => ends(enrolNew(), { state, pins: ["1234"] }));
  for (const [index, state] of states.entries()) {
    const answered = ends(ask(...enrolled), { state, pins: ["1234"] });
    assert.deepEqual(answered, { index, secret: enrolled[index]!.secret });
  }
});

test("a key that was never enrolled, or is enrolled already, is told before any touch", () => {
  const state = freshState();
  const mine = ends(enrolNew(), { state });
  const stranger = run(ask(mine), { make: {} });
  assert.deepEqual([stranger.refusal?.reason, stranger.asked], ["factor.not-enrolled", []]);
  const again = run(enrolNew([new Uint8Array(32), mine.credentialId]), { state });
  assert.deepEqual([again.refusal?.reason, again.asked], ["factor.enrolled-already", []]);
});

test("names longer than a key takes are not asked of it", () => {
  const state = freshState();
  const mine = ends(enrolNew(), { state });
  const long = { ...mine, credentialId: new Uint8Array(1023) };
  const [both, alone] = [run(ask(long, mine), { state }), run(ask(mine), { state })];
  assert.deepEqual([both.value?.index, both.toKey.length], [1, alone.toKey.length]);
});

test("a wrong PIN is asked for again with the tries that are left, and three in a row pause the key", () => {
  const asked = (pins: readonly string[]) => run(enrolNew(), { make: { pin: "1234" }, pins });
  assert.deepEqual(asked(["0000", "1111", "1234"]).asked, [
    "pin 8",
    "pin 7 wrong",
    "pin 6 wrong",
    "touch",
    "touch",
  ]);
  assert.equal(asked(["0000", "1111", "2222"]).refusal?.reason, "factor.pin-paused");
});

test("the last wrong PIN blocks the key, and a blocked key is told before its PIN is typed", () => {
  const state = { ...freshState({ pin: "1234" }), pinRetries: 1 };
  const last = run(enrolNew(), { state, pins: ["0000"] });
  assert.deepEqual([last.refusal?.reason, last.asked], ["factor.pin-blocked", ["pin 1"]]);
  const blocked = run(enrolNew(), { state, pins: [] });
  assert.deepEqual([blocked.refusal?.reason, blocked.asked], ["factor.pin-blocked", []]);
});

test("a finger that is not known is asked for three times, then the PIN if there is one", () => {
  const fingers = ["wrong", "wrong", "wrong"] as const;
  const alone = run(enrolNew(), { make: { fingerprint: true }, fingers });
  assert.deepEqual(
    [alone.refusal?.reason, alone.asked],
    ["factor.not-verified", ["touch", "touch", "touch"]],
  );
  const both = run(enrolNew(), { make: { fingerprint: true, pin: "1234" }, fingers, pins: ["1234"] });
  assert.equal(both.value?.verified, true);
  assert.deepEqual(both.asked.slice(0, 5), ["touch", "touch", "touch", "pin 8", "touch"]);
  const once = run(enrolNew(), { make: { fingerprint: true }, fingers: ["wrong"] });
  assert.equal(once.value?.verified, true);
});

test("a reader that is blocked falls back to the PIN, and without one says so", () => {
  const blocked = (make: KeyMake) => ({ ...freshState(make), uvRetries: 0 });
  const both = run(enrolNew(), { state: blocked({ fingerprint: true, pin: "1234" }), pins: ["1234"] });
  assert.equal(both.value?.verified, true);
  assert.equal(reasonOf(enrolNew(), { state: blocked({ fingerprint: true }) }), "factor.not-verified");
});

test("PIN and finger are the same verification: one made with either is opened by the other", () => {
  const state = freshState({ fingerprint: true, pin: "1234" });
  const enrolled = ends(enrolNew(), { state });
  const byPin: Setting = { state: { ...state, uvRetries: 0 }, pins: ["1234"] };
  assert.deepEqual(ends(ask(enrolled), byPin).secret, enrolled.secret);
});

test("a key enrolled with its PIN that has none any more is refused before anything is asked", () => {
  const state = freshState({ pin: "1234" });
  const enrolled = ends(enrolNew(), { state, pins: ["1234"] });
  const { pinHash: _, ...without } = state;
  const asking = run(ask(enrolled), { state: without });
  assert.deepEqual([asking.refusal?.reason, asking.asked], ["factor.verification-changed", []]);
});

test("a key enrolled by touch gives the same secret by touch when it has a PIN since", () => {
  const state = freshState();
  const enrolled = ends(enrolNew(), { state });
  const { pinHash } = freshState({ pin: "1234" });
  const asking = run(ask(enrolled), { state: { ...state, pinHash: pinHash! } });
  assert.deepEqual([asking.value?.secret, asking.asked], [enrolled.secret, ["touch"]]);
});

test("a talk that is left early is called off with a packet of its own", () => {
  const conversation = enrolNew();
  const sent: Uint8Array[] = [];
  let step = conversation.next();
  while (!step.done && !("wait" in step.value)) {
    if ("send" in step.value) sent.push(...step.value.send);
    step = conversation.next("sent");
  }
  assert.ok(!step.done && "wait" in step.value);
  assert.equal(toHex(step.value.cancel.subarray(0, 8)), "ffffffff91000000");
  assert.equal(conversation.return(undefined as never).done, true);
});

test("a key that is gone or silent ends the talk by name at every wait", () => {
  for (const heard of ["gone", "timeout"] as const)
    for (let at = 0; at < 60; at++) {
      let frames = 0;
      const conversation = enrolNew();
      const cut = run(
        cutAt(conversation, heard, at, () => frames++),
        { make: { pin: "1234" }, pins: ["1234"] },
      );
      if (frames <= at) break;
      assert.equal(cut.refusal?.reason, `factor.${heard}`);
      assert.ok(at < 59);
    }
});

/** The same conversation, which hears this instead at its nth wait. */
function* cutAt(
  inner: Conversation<Enrolled>,
  heard: "gone" | "timeout",
  at: number,
  count: () => void,
): Conversation<Enrolled> {
  let step = inner.next();
  for (let waits = 0; !step.done; ) {
    const wish = step.value;
    const now = yield wish;
    const cuts = "wait" in wish && waits++ === at;
    if ("wait" in wish) count();
    step = inner.next(cuts ? heard : now);
  }
  return step.value;
}
