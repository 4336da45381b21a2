// One person's proof for one request, by the factor that was enrolled.

import { equal, wipe } from "../../bytes.ts";
import { isCodeOf } from "../../code.ts";
import {
  assertChallenge,
  CODE_DIGITS,
  challengeOf,
  hotpCounter,
  type KeptPerson,
  type PersonFactor,
  type Signer,
  STEP_MS,
  totpStep,
} from "../../factors/index.ts";
import { stretchPin } from "../../keys/index.ts";
import type { Block } from "../../model.ts";
import { policyFingerprint } from "../../policy/index.ts";
import { Refusal } from "../../refusal.ts";
import type { Judgeable, Request } from "../../request.ts";
import { type Amount, CODE } from "../../rules.ts";
import { notice, refused } from "../../screens/notice.ts";
import { oneTimeCode, timeBlocks, typedCode, utcSeconds } from "../../screens/people.ts";
import { spokenDuration, utf8 } from "../../text.ts";
import type { Desk } from "../../ui.ts";
import { ask, wait } from "../../ui.ts";
import { policyNow } from "../emergency/active.ts";
import { converse } from "../security-key.ts";
import { nowOf, type Session } from "../session.ts";
import { spanWords } from "../time/words.ts";
import { personPin } from "./enrol.ts";
import { personIn, tryOf, waitOf, withPeople } from "./kept.ts";
import { takesWords } from "./words.ts";

/** A request, and what persons are told of it: whatever it is for. */
export type Provable = Request<unknown, Told, unknown>;

interface Told extends Judgeable {
  readonly takes: readonly Amount[];
  readonly amounts: string;
}

/** left: nothing was shown, right or wrong. */
export type Found =
  | "left"
  | { readonly right: true; readonly factor: string }
  | { readonly right: false; readonly words: readonly Block[] };

export async function proofOf(
  desk: Desk,
  session: Session,
  request: Provable,
  person: string,
): Promise<Found> {
  if (person === CODE) return byCode(desk, request);
  const about = await withPeople(session, (people) => aboutOf(personIn(people, person), session));
  if (about.waitMs > 0) return tooSoon(desk, person, about.waitMs);
  if (about.kind === "key") return byKey(desk, session, request, person, about.signer);
  if (about.kind === "pin") return byPin(desk, session, person);
  return byApp(desk, session, person, about);
}

/** What is not secret of a person, for the screens. */
type About = { readonly waitMs: number } & (
  | { readonly kind: "pin" | "hotp" }
  | { readonly kind: "totp"; readonly agreedMs: number }
  | { readonly kind: "key"; readonly signer: Signer }
);

function aboutOf(person: KeptPerson, session: Session): About {
  const waitMs = waitOf(person, session.journal.nowMs());
  const { factor } = person;
  if (factor.kind === "key") return { waitMs, kind: "key", signer: factor };
  return factor.kind === "totp"
    ? { waitMs, kind: "totp", agreedMs: factor.last * STEP_MS }
    : { waitMs, kind: factor.kind };
}

async function tooSoon(desk: Desk, person: string, waitMs: number): Promise<"left"> {
  const text = `After wrong proofs ${person} can try again in ${spokenDuration(waitMs)}.`;
  await ask(desk, notice("Not yet", [{ kind: "text", text }]));
  return "left";
}

function wrongOf(text: string, more: readonly Block[] = []): Found {
  return { right: false, words: [{ kind: "text", text }, ...more] };
}

// ---------------------------------------------------------------- typed

async function byPin(desk: Desk, session: Session, person: string): Promise<Found> {
  const answer = await ask(desk, personPin(`${person}'s PIN`, []));
  if (answer === "back") return "left";
  const pin = utf8(answer.value);
  try {
    const check = tryOf(session, person, (factor) => samePin(desk, factor, pin));
    if ((await wait(desk, "Checking the PIN", check)) === "right") return { right: true, factor: "pin" };
    return wrongOf(`It was not ${person}'s PIN.`);
  } finally {
    wipe(pin);
  }
}

async function samePin(desk: Desk, factor: PersonFactor, pin: Uint8Array): Promise<PersonFactor | undefined> {
  if (factor.kind !== "pin") throw new Error("a PIN was typed for another factor");
  const stretched = await stretchPin(factor, pin, desk.ports.stretch);
  try {
    return equal(stretched, factor.verifier) ? factor : undefined;
  } finally {
    wipe(stretched);
  }
}

async function byApp(
  desk: Desk,
  session: Session,
  person: string,
  about: Extract<About, { kind: "pin" | "hotp" | "totp" }>,
): Promise<Found> {
  const time = about.kind === "totp" ? timeFacts(desk, session, about.agreedMs) : [];
  const text = `Type the code that ${person}'s authenticator shows now.`;
  const above = [{ kind: "text", text } as const, ...time];
  const answer = await ask(desk, oneTimeCode({ title: `${person}'s code`, above, digits: CODE_DIGITS }));
  if (answer === "back") return "left";
  const { dateMs } = nowOf(session);
  const came = await tryOf(session, person, (factor) => used(factor, answer.value, dateMs));
  if (came === "right") return { right: true, factor: about.kind };
  if (about.kind !== "totp")
    return wrongOf(`It is none of the codes of ${person}'s authenticator that are next, or was used before.`);
  const why = `It is not the code of ${person}'s authenticator for this time, or was used before: each works once.`;
  return wrongOf(why, timeFacts(desk, session, about.agreedMs));
}

/** A code that was taken showed that this device and the authenticator went by the same time then. */
function timeFacts({ ports: { clock } }: Desk, session: Session, agreedMs: number): Block[] {
  const { dateMs } = nowOf(session);
  const sinceMs = dateMs - agreedMs;
  // The date was set back since: what was used stays used.
  const ahead = `at ${utcSeconds(agreedMs)} UTC, which is still to come: no code works before`;
  // Where no clock runs on while the power is off, more may have passed.
  const least = clock.chipMs ? "" : "at least ";
  return timeBlocks(dateMs, sinceMs < -STEP_MS ? ahead : `${least}${spanWords(Math.max(0, sinceMs))} ago`);
}

function used(factor: PersonFactor, code: string, dateMs: number): PersonFactor | undefined {
  if (factor.kind === "totp") {
    const step = totpStep(factor.secret, code, dateMs, factor.last);
    return step === undefined ? undefined : { ...factor, last: step };
  }
  if (factor.kind !== "hotp") throw new Error("a code was typed for another factor");
  const counter = hotpCounter(factor.secret, code, factor.next);
  return counter === undefined ? undefined : { ...factor, next: counter + 1 };
}

/** Shows that a second machine, which nobody here could change, understood the same transaction. */
async function byCode(desk: Desk, { spend }: Provable): Promise<Found> {
  const answer = await ask(desk, typedCode());
  if (answer === "back") return "left";
  if (isCodeOf(spend.txid, answer.value)) return { right: true, factor: "code" };
  return wrongOf("It is not this transaction's code: what the other machine was shown may be another one.");
}

// ---------------------------------------------------------------- a security key

/** What a key says that cannot be the person's agreement; all else (pulled out, not touched) is no proof at all. */
const NOT_THE_PERSONS: readonly string[] = [
  "factor.not-enrolled",
  "factor.broken",
  "factor.verification-changed",
];

async function byKey(
  desk: Desk,
  session: Session,
  request: Provable,
  person: string,
  signer: Signer,
): Promise<Found> {
  const policy = policyNow(session);
  const challenge = challengeOf({
    txid: request.spend.txid,
    amounts: request.spend.amounts,
    policy: { fingerprint: policyFingerprint(policy), number: policy.number },
    head: session.journal.head().head,
  });
  const takes = takesWords(request.spend.takes).join(", ");
  const one = takes === "" ? "message, which moves nothing" : `transaction, which takes ${takes}`;
  const why = `It signs for this one ${one}, and for no other.`;
  const words = { title: `${person}'s security key`, why };
  try {
    const said = await converse(
      desk,
      words,
      assertChallenge({ random: desk.ports.random, signer, challenge }),
    );
    return said === "agreed" ? { right: true, factor: "key" } : "left";
  } catch (problem) {
    if (!(problem instanceof Refusal)) throw problem;
    if (NOT_THE_PERSONS.includes(problem.reason))
      return wrongOf(`It was not ${person}'s key, or it did not answer as it must (${problem.message}).`);
    await ask(desk, refused(problem));
    return "left";
  }
}
