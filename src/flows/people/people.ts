// Persons whom policies may ask: who they are, one more, one less.

import { wipePerson } from "../../factors/index.ts";
import type { Person } from "../../keeping.ts";
import { LIMITS } from "../../limits.ts";
import type { Block } from "../../model.ts";
import { isPersonName } from "../../policy/index.ts";
import { refuse } from "../../refusal.ts";
import { field } from "../../screens/field.ts";
import { menu } from "../../screens/menu.ts";
import { notice, question } from "../../screens/notice.ts";
import { utcSeconds } from "../../screens/people.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { deliberately } from "../deliberate.ts";
import { keepLock, nowOf, type Session } from "../session.ts";
import { withPin } from "../settings/settings-pins.ts";
import { enrolFactor } from "./enrol.ts";
import { changePeople, withoutPerson, withPerson } from "./kept.ts";
import { isNamed } from "./named.ts";
import { FACTOR_WORDS, type Factor } from "./words.ts";

export async function people(desk: Desk, session: Session): Promise<void> {
  for (;;) {
    const all = session.state.people;
    const items = [
      ...all.map((person) => ({ label: person.name, answer: person })),
      { label: "Add a person", answer: "add" } as const,
    ];
    const back = { label: "back", answer: "back" } as const;
    const above = [{ kind: "text", text: all.length === 0 ? NOBODY : SOMEBODY }] as const;
    const choice = await ask(desk, menu<Person | "add" | "back">({ title: "People", above, items, back }));
    if (choice === "back") return;
    if (choice === "add") await add(desk, session);
    else await look(desk, session, choice);
  }
}

const NOBODY = "Nobody is enrolled. A policy can ask persons by name, beside whoever holds this device.";
const SOMEBODY = "A policy can ask these by name. Each proves himself in his own way.";

// ---------------------------------------------------------------- one more

const ABOUT = {
  title: "Add a person",
  blocks: [
    {
      kind: "text",
      text: "Somebody whom a policy may ask before something is signed. First comes your PIN; from the name on let the person do it, alone with the screen.",
    },
    {
      kind: "text",
      text: "What proves the person stays on this device, sealed. If it is lost, whoever is named by the policy cannot agree any more: so ask 2 of 3, not 2 of 2.",
    },
  ],
} as const;

async function add(desk: Desk, session: Session): Promise<void> {
  if (session.state.people.length >= LIMITS.people)
    refuse("people.too-many", `${LIMITS.people} are enrolled`);
  if ((await ask(desk, question([ABOUT], "go on", "leave"))) === "no") return;
  await withPin(desk, session, async (own) => {
    const name = await askName(desk, session);
    if (name === "back") return;
    const kind = await askFactor(desk, name);
    if (kind === "back") return;
    const factor = await enrolFactor(desk, session, { name, kind, own });
    if (factor === "back") return;
    const kept = { name, wrong: 0, wrongMs: 0, factor };
    try {
      await changePeople(session, (all) => [...all, kept]);
    } finally {
      wipePerson(kept);
    }
    const person = { name, factor: kind, madeMs: nowOf(session).ms };
    const line = { kind: "person-added", name, factor: kind } as const;
    await keepLock(desk, session, withPerson(session.state, person), line);
    await ask(desk, notice(`${name} is enrolled`, ENROLLED));
  });
}

const ENROLLED = [
  { kind: "text", text: "From now on a policy can ask this person by name." },
  { kind: "text", text: "Firn locks now and starts afresh." },
] as const;

const NAME_CHARS = 24;
const LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789 ";

async function askName(desk: Desk, session: Session): Promise<string | "back"> {
  const answer = await ask(
    desk,
    field({
      title: "Add a person",
      label: "Name, in small letters",
      allowed: LETTERS,
      longest: NAME_CHARS,
      check: (typed) => nameProblem(typed.trim(), session.state.people),
    }),
  );
  return answer === "back" ? "back" : answer.value.trim();
}

/** A policy reads a list of names: none may look like part of how it asks. */
function nameProblem(name: string, all: readonly Person[]): string | undefined {
  if (!/^[a-z]/.test(name)) return "It begins with a small letter.";
  if (!isPersonName(name)) return "A policy means something else by this.";
  return all.some((person) => person.name === name) ? "Another one has this name." : undefined;
}

async function askFactor(desk: Desk, name: string): Promise<Factor | "back"> {
  // Codes that go by the time need a clock that goes on while the power is off.
  const clocked = desk.ports.clock.chipMs !== undefined;
  const app = { label: "An authenticator app", answer: clocked ? "totp" : "hotp" } as const;
  const items = [
    app,
    { label: "A security key (FIDO2)", answer: "key" },
    { label: "A PIN of one's own", answer: "pin" },
  ] as const;
  const by = clocked
    ? "The app's codes go by the time."
    : "No clock here runs on while the power is off, so the app's codes go by a counter.";
  const above = [{ kind: "text", text: `How does ${name} agree? ${by}` }] as const;
  const back = { label: "back", answer: "back" } as const;
  return ask(desk, menu<Factor | "back">({ title: "Add a person", above, items, back }));
}

// ---------------------------------------------------------------- one less

async function look(desk: Desk, session: Session, person: Person): Promise<void> {
  const named = isNamed(session.state, person.name);
  const blocks: Block[] = [
    { kind: "fact", label: "Agrees by", value: FACTOR_WORDS[person.factor] },
    {
      kind: "fact",
      label: "Enrolled",
      value: `${utcSeconds(person.madeMs + session.state.dateOffsetMs)} UTC`,
    },
    { kind: "text", text: named ? "A policy names this person." : "No policy names this person." },
  ];
  if ((await ask(desk, question([{ title: person.name, blocks }], "remove", "back"))) === "yes")
    await remove(desk, session, person.name);
}

async function remove(desk: Desk, session: Session, name: string): Promise<void> {
  if (isNamed(session.state, name)) refuse("people.named", name);
  const text = "What proves this person is forgotten here. It can be enrolled anew, with another secret.";
  const sheet = { title: `Remove ${name}?`, tone: "caution", blocks: [{ kind: "text", text }] } as const;
  if ((await deliberately(desk, [sheet], "to remove the person")) === "no") return;
  await changePeople(session, (all) => all.filter((person) => person.name !== name));
  const line = { kind: "person-removed", name } as const;
  await keepLock(desk, session, withoutPerson(session.state, name), line);
}
