// Who may sign documents for this device. Other people allow other things: setting them waits.

import { LIMITS } from "../../limits.ts";
import type { Block } from "../../model.ts";
import { type Administrator, readCard, writeAdministrators } from "../../policy/index.ts";
import { refuse } from "../../refusal.ts";
import { DIGITS } from "../../screens/field.ts";
import { notice, question } from "../../screens/notice.ts";
import { grouped } from "../../text.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { orRefused } from "../or-refused.ts";
import { askText, choose } from "../policy/asks.ts";
import { loosen } from "../policy/pending.ts";
import type { Session } from "../session.ts";
import type { Fleet } from "../state-parts.ts";
import { bring } from "../stick.ts";
import { askFleetName } from "./names.ts";

export async function administrators(desk: Desk, session: Session): Promise<void> {
  const { fleet } = session.state;
  if (fleet) {
    const now = await choose<"read" | "set">(desk, "Administrators", [
      { label: "Who they are", answer: "read" },
      { label: "Set others", answer: "set" },
    ]);
    if (now === "back") return;
    if (now === "read") {
      await ask(desk, notice("Administrators", administratorBlocks(fleet), "close"));
      return;
    }
  }
  await set(desk, session);
}

export function administratorBlocks({ name, need, admins }: Fleet): Block[] {
  return [
    { kind: "fact", label: `Fleet ${name}`, value: `${need} of these ${admins.length} must sign` },
    ...admins.map((admin) => ({ kind: "fact", label: admin.name, value: grouped(admin.publicKey) }) as const),
  ];
}

async function set(desk: Desk, session: Session): Promise<void> {
  const called = session.state.fleet?.name;
  const name = await askFleetName(desk, "Fleet", "What this fleet is called", called);
  if (name === "back") return;
  const admins = await askCards(desk);
  if (admins === "back") return;
  const need = await askText(desk, "Fleet", {
    label: `How many of these ${admins.length} must sign`,
    allowed: DIGITS,
    longest: 2,
    start: String(Math.floor(admins.length / 2) + 1),
    check: (value) =>
      Number(value) >= 1 && Number(value) <= admins.length ? undefined : `From 1 to ${admins.length}.`,
  });
  if (need === "back") return;
  const text = writeAdministrators({ fleet: name, need: Number(need), admins });
  await loosen(desk, session, { kind: "fleet", text });
}

/** One card after the other, each compared with what its owner's device shows. */
async function askCards(desk: Desk): Promise<readonly Administrator[] | "back"> {
  const cards: Administrator[] = [];
  for (;;) {
    const more = cards.length < LIMITS.people ? [{ label: "Read a card", answer: "card" } as const] : [];
    const done = cards.length > 0 ? [{ label: `These ${cards.length}`, answer: "done" } as const] : [];
    const names = cards.length === 0 ? "None yet." : cards.map((card) => card.name).join(", ");
    const answer = await choose<"card" | "done">(desk, "Administrators", [...more, ...done], names);
    if (answer === "back") return "back";
    if (answer === "done") return cards;
    const card = await orRefused(desk, () => askCard(desk, cards));
    if (card !== "back") cards.push(card);
  }
}

async function askCard(desk: Desk, cards: readonly Administrator[]): Promise<Administrator | "back"> {
  const brought = await bring(desk, "document", {
    title: "An administrator's card",
    ask: "Show the card: on his Firn under Policy, Fleet, This device's card.",
  });
  if (brought === "back") return "back";
  const card = readCard(brought.message.text);
  if (cards.some(({ name, publicKey }) => name === card.name || publicKey === card.publicKey))
    refuse("fleet.malformed", `${card.name} is there already`);
  const blocks = [
    { kind: "fact", label: card.name, value: grouped(card.publicKey) },
    { kind: "text", text: "Compare the key with his screen, by voice: every group." },
  ] as const;
  const answer = await ask(desk, question([{ title: "Is this his key?", blocks }], "yes", "no"));
  return answer === "yes" ? card : "back";
}
