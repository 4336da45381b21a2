// A policy from a template: its questions, asked one by one. Nothing of it holds until all of it is read and taken.

import { type Answers, type Basis, type Question, TEMPLATES, type Template } from "../../policy/index.ts";
import type { Policy } from "../../rules.ts";
import { notice, question } from "../../screens/notice.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { orRefused } from "../or-refused.ts";
import type { Session } from "../session.ts";
import { askAmount, askDuration, choose, chooseSome } from "./asks.ts";
import { edit } from "./edit.ts";
import { editEntries, type Places } from "./entries.ts";

/** What answers can name. */
export interface Ground extends Places {
  /** Who is enrolled. */
  readonly people: readonly string[];
}

/** The answers make a draft, which is edited on, or read and taken as it is. */
export async function startFromTemplate(desk: Desk, session: Session): Promise<void> {
  const { network, curve, wallets, state } = session;
  const ground = { desk, network, curve, wallets, people: state.people.map(({ name }) => name) };
  const made = await askTemplate(ground, { number: state.policy.number + 1, network });
  if (made !== "back") await edit(desk, session, made);
}

/** A whole policy; a contradiction among the answers is said, and the list of templates is there again. */
export async function askTemplate(ground: Ground, basis: Basis): Promise<Policy | "back"> {
  const { desk } = ground;
  for (;;) {
    const items = TEMPLATES.map((template) => ({ label: template.name, answer: template }));
    const picked = await choose(desk, "Start from a template", items);
    if (picked === "back") return "back";
    const made = await orRefused(desk, () => fill(ground, basis, picked));
    if (made !== "back") return made;
  }
}

async function fill(ground: Ground, basis: Basis, template: Template): Promise<Policy | "back"> {
  const { name, forWhom, questions, make } = template;
  const asks = questions.map(({ label }) => label).join(". ");
  const sheet = {
    title: name,
    blocks: [
      { kind: "text", text: forWhom },
      { kind: "fact", label: "It asks", value: `${asks}.` },
    ],
  } as const;
  if ((await ask(ground.desk, question([sheet], "go on", "back"))) === "no") return "back";
  const answers: Record<string, Answers[keyof Answers]> = {};
  for (const one of questions) {
    const answer = await askOne(ground, one);
    if (answer === "back") return "back";
    answers[one.key] = answer;
  }
  return make(basis, answers);
}

type Asks = {
  readonly [K in keyof Answers]: (ground: Ground, question: Question<K>) => Promise<Answers[K] | "back">;
};

const ASKS: Asks = {
  amount: ({ desk }, { label, suggested }) => askAmount(desk, label, suggested),
  duration: ({ desk }, { label, suggested }) => askDuration(desk, label, 1, suggested),
  persons: askPersons,
  entries: async (places, { label, least = 0 }) => {
    const missing = `It needs at least ${least}.`;
    const last = { item: { label: "Done", answer: "done" }, least, missing } as const;
    const { entries, end } = await editEntries(places, label, [], last);
    return end === "back" ? "back" : entries;
  },
};

function askOne<K extends keyof Answers>(ground: Ground, one: Question<K>): Promise<Answers[K] | "back"> {
  return (ASKS[one.kind] as Asks[K])(ground, one);
}

async function askPersons(
  { desk, people }: Ground,
  { label, least = 1, most = people.length }: Question<"persons">,
): Promise<readonly string[] | "back"> {
  if (people.length >= least) {
    const items = people.map((name) => ({ label: name, answer: name }));
    return chooseSome(desk, label, items, [], { least, most });
  }
  const text = `This template asks ${least} or more persons, and ${people.length} are enrolled here. Enrol them first, under Policy, People; then start from this template under Policy, Change it.`;
  await ask(desk, notice("Persons are missing", [{ kind: "text", text }], "back"));
  return "back";
}
