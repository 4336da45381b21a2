// A person's factor comes to be: an authenticator that has shown a code, a security key that has signed, a PIN typed twice.

import { equal, wipe } from "../../bytes.ts";
import {
  CODE_DIGITS,
  enrolSigner,
  hotpCounter,
  otpauth,
  type PersonFactor,
  SECRET_BYTES,
  secretText,
  totpStep,
} from "../../factors/index.ts";
import { refuseDead, stretchPin } from "../../keys/index.ts";
import { LIMITS } from "../../limits.ts";
import { refuse } from "../../refusal.ts";
import { DIGITS, field } from "../../screens/field.ts";
import { notice, question } from "../../screens/notice.ts";
import { oneCode, oneTimeCode, timeBlocks } from "../../screens/people.ts";
import { grouped, utf8 } from "../../text.ts";
import { splitText } from "../../transport/index.ts";
import type { Desk } from "../../ui.ts";
import { ask, wait } from "../../ui.ts";
import { converse } from "../security-key.ts";
import { nowOf, type Session } from "../session.ts";
import { withPeople } from "./kept.ts";
import type { Factor } from "./words.ts";

export interface NewPerson {
  readonly name: string;
  readonly kind: Factor;
  /** The PIN of this home, just typed. */
  readonly own: Uint8Array;
}

/** What is to be kept; the caller wipes it. */
export async function enrolFactor(
  desk: Desk,
  session: Session,
  person: NewPerson,
): Promise<PersonFactor | "back"> {
  const { kind } = person;
  if (kind === "pin") return choosePin(desk, session, person);
  return kind === "key" ? enrolKey(desk, session, person) : enrolApp(desk, session, person.name, kind);
}

// ---------------------------------------------------------------- an authenticator

async function enrolApp(
  desk: Desk,
  session: Session,
  name: string,
  kind: "totp" | "hotp",
): Promise<PersonFactor | "back"> {
  const secret = desk.ports.random.bytes(SECRET_BYTES);
  refuseDead({ name: "random", bytes: secret });
  for (;;) {
    const shown = await showSecret(desk, name, kind, secret);
    const factor = shown === "back" ? "back" : await confirmApp(desk, session, name, { kind, secret });
    if (factor === "again") continue;
    if (factor === "back") wipe(secret);
    return factor;
  }
}

async function showSecret(
  desk: Desk,
  name: string,
  kind: "totp" | "hotp",
  secret: Uint8Array,
): Promise<"shown" | "back"> {
  const text = otpauth(kind, name, secret);
  const code = {
    title: `${name}: scan this`,
    caption: "With any authenticator app.",
    loop: splitText(text, "low"),
    other: "by hand",
  };
  if ((await ask(desk, oneCode(code))) === "done") return "shown";
  const goesBy = kind === "totp" ? "The time (TOTP, 30 seconds)" : "A counter (HOTP, from 0)";
  const byHand = {
    title: `${name}: type it in`,
    blocks: [
      { kind: "fact", label: "Secret", value: grouped(secretText(secret)) },
      { kind: "fact", label: "Its codes go by", value: `${goesBy}, SHA-1, ${CODE_DIGITS} digits` },
    ],
  } as const;
  return (await ask(desk, question([byHand], "go on", "leave"))) === "yes" ? "shown" : "back";
}

/** One code shows that the authenticator has the secret, and goes by the same time. */
async function confirmApp(
  desk: Desk,
  session: Session,
  name: string,
  made: { readonly kind: "totp" | "hotp"; readonly secret: Uint8Array },
): Promise<PersonFactor | "again"> {
  const title = `${name}: a first code`;
  for (;;) {
    const time = made.kind === "totp" ? timeBlocks(nowOf(session).dateMs, undefined) : [];
    const above = [{ kind: "text", text: "Type the code that the authenticator shows." } as const, ...time];
    const answer = await ask(desk, oneTimeCode({ title, above, digits: CODE_DIGITS }));
    if (answer === "back") return "again";
    const factor = firstUse(made, answer.value, nowOf(session).dateMs);
    if (factor !== undefined) return factor;
    const timeNow = made.kind === "totp" ? timeBlocks(nowOf(session).dateMs, undefined) : [];
    await ask(
      desk,
      notice("That code is another one", [{ kind: "text", text: ANOTHER[made.kind] }, ...timeNow]),
    );
  }
}

const ANOTHER = {
  totp: "Scan the code again, or compare the time of the phone with the time here: more than 30 seconds apart will not do.",
  hotp: "Scan the code again, and type the first code that the authenticator shows.",
} as const;

function firstUse(
  { kind, secret }: { readonly kind: "totp" | "hotp"; readonly secret: Uint8Array },
  code: string,
  dateMs: number,
): PersonFactor | undefined {
  if (kind === "totp") {
    const last = totpStep(secret, code, dateMs, -1);
    return last === undefined ? undefined : { kind, secret, last };
  }
  const counter = hotpCounter(secret, code, 0);
  return counter === undefined ? undefined : { kind, secret, next: counter + 1 };
}

// ---------------------------------------------------------------- a security key, a PIN

async function enrolKey(
  desk: Desk,
  session: Session,
  { name, kind }: NewPerson,
): Promise<PersonFactor | "back"> {
  const others = await withPeople(session, (people) =>
    people.flatMap(({ factor }) => (factor.kind === "key" ? [factor.credentialId] : [])),
  );
  // A key that opens this home is its owner's: it cannot be somebody else's as well.
  const known = [...session.vault.factors.map(({ credentialId }) => credentialId), ...others];
  const words = {
    title: `${name}'s security key`,
    why: "From then on a touch of it says that its owner agrees to a transaction.",
  };
  const signer = await converse(desk, words, enrolSigner({ random: desk.ports.random, known }));
  return signer === "back" || kind !== "key" ? "back" : { kind, ...signer };
}

/** Nobody may guess it, though a wrong one here destroys nothing. */
export const LEAST_PIN_DIGITS = 6;
const SALT_BYTES = 16;

async function choosePin(
  desk: Desk,
  session: Session,
  { name, own }: NewPerson,
): Promise<PersonFactor | "back"> {
  for (;;) {
    const pin = await askNew(desk, `${name}'s PIN`, ABOUT_PIN);
    if (pin === "back") return "back";
    const again = await askNew(desk, `${name}'s PIN again`, undefined);
    try {
      if (again === "back") continue;
      if (equal(pin, own)) refuse("vault.same-pin");
      if (equal(pin, again)) return await keptPin(desk, session, pin);
    } finally {
      wipe(pin, again === "back" ? undefined : again);
    }
    await ask(desk, notice("The two PINs differ", [{ kind: "text", text: "Choose the PIN again." }]));
  }
}

const ABOUT_PIN = `${LEAST_PIN_DIGITS} to ${LIMITS.pinDigitsMax} digits that nobody else here knows.`;

async function askNew(desk: Desk, title: string, text: string | undefined): Promise<Uint8Array | "back"> {
  const answer = await ask(desk, personPin(title, text === undefined ? [] : [{ kind: "text", text }]));
  return answer === "back" ? "back" : utf8(answer.value);
}

export function personPin(title: string, above: Parameters<typeof notice>[1]) {
  const check = (value: string) =>
    value.length < LEAST_PIN_DIGITS ? `At least ${LEAST_PIN_DIGITS} digits.` : undefined;
  return field({
    title,
    label: "PIN",
    above,
    allowed: DIGITS,
    longest: LIMITS.pinDigitsMax,
    masked: true,
    check,
  });
}

async function keptPin(desk: Desk, { vault }: Session, pin: Uint8Array): Promise<PersonFactor> {
  const { stretch, random } = desk.ports;
  const { cost } = vault.stretching;
  const salt = random.bytes(SALT_BYTES);
  const verifier = await wait(desk, "Sealing", stretchPin({ cost, salt }, pin, stretch));
  return { kind: "pin", cost, salt, verifier };
}
