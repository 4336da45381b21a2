// The descriptors of this device: read them, and take one out. To have more of them is the administrators' to say.

import { textFingerprint, writeDescriptors } from "../../policy/index.ts";
import { heldQuestion, notice } from "../../screens/notice.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { choose } from "../policy/asks.ts";
import { record } from "../policy/due.ts";
import type { Session } from "../session.ts";
import { descriptorName, descriptorSheet, openOne } from "./descriptor-words.ts";

export async function keptDescriptors(desk: Desk, session: Session): Promise<void> {
  for (;;) {
    const { number = 0, texts = [] } = session.state.descriptors ?? {};
    if (texts.length === 0) {
      const text = "None: a call that Firn cannot read stays unknown.";
      await ask(desk, notice("Descriptors", [{ kind: "text", text }]));
      return;
    }
    const items = texts.map((text) => {
      const one = openOne(text);
      return { label: one ? descriptorName(one) : UNREADABLE, answer: { text } };
    });
    const chosen = await choose<{ readonly text: string }>(desk, `Descriptors ${number}`, items);
    if (chosen === "back") return;
    await showOne(desk, session, chosen.text);
  }
}

const UNREADABLE = "One that this Firn cannot read any more";

async function showOne(desk: Desk, session: Session, chosen: string): Promise<void> {
  const one = openOne(chosen);
  const sheet = one ? descriptorSheet(one) : { title: UNREADABLE, blocks: [] };
  const answer = await ask(desk, heldQuestion([sheet], "hold ok: it is taken out", "back"));
  if (answer === "no") return;
  const { number, texts } = session.state.descriptors!;
  const left = texts.filter((text) => text !== chosen);
  const fleet = session.state.fleet?.name ?? "none";
  const fingerprint = textFingerprint(writeDescriptors({ fleet, number, texts: left }));
  const line = { kind: "descriptors-taken", number, fingerprint } as const;
  await record(session, [line], { ...session.state, descriptors: { number, texts: left } });
}
