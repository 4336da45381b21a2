// The descriptors of this device: read them, and take one out. To have more of them is the administrators' to say.

import { type Descriptor, readKeptDescriptor } from "../../ethereum/index.ts";
import { textFingerprint, writeDescriptors } from "../../policy/index.ts";
import { heldQuestion, notice } from "../../screens/notice.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { choose } from "../policy/asks.ts";
import { record } from "../policy/due.ts";
import type { Session } from "../session.ts";
import { descriptorName, descriptorSheet } from "./descriptor-words.ts";

export async function keptDescriptors(desk: Desk, session: Session): Promise<void> {
  for (;;) {
    const { number = 0, texts = [] } = session.state.descriptors ?? {};
    if (texts.length === 0) {
      const text = "None: a call that Firn cannot read stays unknown.";
      await ask(desk, notice("Descriptors", [{ kind: "text", text }]));
      return;
    }
    const list = texts.map(readKeptDescriptor);
    const items = list.map((one) => ({ label: descriptorName(one), answer: one }));
    const chosen = await choose<Descriptor>(desk, `Descriptors ${number}`, items);
    if (chosen === "back") return;
    await showOne(desk, session, chosen);
  }
}

async function showOne(desk: Desk, session: Session, one: Descriptor): Promise<void> {
  const answer = await ask(desk, heldQuestion([descriptorSheet(one)], "hold ok: it is taken out", "back"));
  if (answer === "no") return;
  const { number, texts } = session.state.descriptors!;
  const left = texts.filter((text) => text !== one.text);
  const fleet = session.state.fleet?.name ?? "none";
  const fingerprint = textFingerprint(writeDescriptors({ fleet, number, texts: left }));
  const line = { kind: "descriptors-taken", number, fingerprint } as const;
  await record(session, [line], { ...session.state, descriptors: { number, texts: left } });
}
