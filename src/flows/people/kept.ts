// Persons as the home keeps them: what is secret of them in the vault, the rest in the state, both by one write.

import { wipe } from "../../bytes.ts";
import {
  type KeptPerson,
  type PersonFactor,
  packPeople,
  unpackPeople,
  wipePerson,
} from "../../factors/index.ts";
import { delayMs } from "../../keys/index.ts";
import { refuse } from "../../refusal.ts";
import { keep, type Session } from "../session.ts";
import type { HomeState } from "../state.ts";

const SECTION = "people";

/** Does something with what is kept; it is wiped afterwards. */
export async function withPeople<T>(
  { vault }: Session,
  act: (people: readonly KeptPerson[]) => Promise<T> | T,
): Promise<T> {
  const packed = vault.names().includes(SECTION) ? vault.section(SECTION) : packPeople([]);
  let people: readonly KeptPerson[] = [];
  try {
    people = unpackPeople(packed);
    return await act(people);
  } finally {
    wipe(packed);
    for (const person of people) wipePerson(person);
  }
}

/** Into the vault in memory: the next write of the home has it on the medium. */
export function changePeople(
  session: Session,
  change: (people: readonly KeptPerson[]) => readonly KeptPerson[],
): Promise<void> {
  return withPeople(session, (people) => {
    const packed = packPeople(change(people));
    try {
      session.vault.write({ [SECTION]: packed });
    } finally {
      wipe(packed);
    }
  });
}

export function personIn(people: readonly KeptPerson[], name: string): KeptPerson {
  return (
    people.find((person) => person.name === name) ?? refuse("vault.damaged", `nothing of ${name} is kept`)
  );
}

/** How long this person waits before the next try, ms: as with the PIN, an hour each from the ninth wrong one on. */
export function waitOf({ wrong, wrongMs }: KeptPerson, nowMs: number): number {
  return Math.max(0, wrongMs + delayMs(wrong) - nowMs);
}

/** Time was moved on: whoever waits after wrong proofs has as long to wait as before. */
export async function postpone(session: Session, byMs: number): Promise<void> {
  const isWaiting = await withPeople(session, (people) => people.some(({ wrong }) => wrong > 0));
  if (!isWaiting) return;
  await changePeople(session, (all) => all.map((one) => ({ ...one, wrongMs: one.wrongMs + byMs })));
  await keep(session, session.state);
}

/**
 * One try. `check` gives what is kept of the factor from now on, undefined where the proof is wrong. What came of it is
 * on the medium before anybody learns it: power that is cut saves no wrong try, and no code works twice.
 */
export async function tryOf(
  session: Session,
  name: string,
  check: (factor: PersonFactor) => Promise<PersonFactor | undefined> | PersonFactor | undefined,
): Promise<"right" | "wrong"> {
  return withPeople(session, async (people) => {
    const before = personIn(people, name);
    const factor = await check(before.factor);
    const after = factor
      ? { name, wrong: 0, wrongMs: 0, factor }
      : { ...before, wrong: before.wrong + 1, wrongMs: session.journal.nowMs() };
    await changePeople(session, (all) => all.map((person) => (person.name === name ? after : person)));
    await keep(session, session.state);
    return factor ? "right" : "wrong";
  });
}

/** The state in which somebody more, or one less, is known; `vault` has it already. */
export function withPerson(state: HomeState, person: HomeState["people"][number]): HomeState {
  return { ...state, people: [...state.people, person] };
}

export function withoutPerson(state: HomeState, name: string): HomeState {
  return { ...state, people: state.people.filter((person) => person.name !== name) };
}
