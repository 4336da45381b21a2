// When something is wrong: freeze, or leave for the successor; and what has to be prepared before.

import { type Item, menu } from "../../screens/menu.ts";
import { question } from "../../screens/notice.ts";
import type { Desk } from "../../ui.ts";
import { ask, Locked } from "../../ui.ts";
import { orRefused } from "../or-refused.ts";
import { loosen } from "../policy/pending.ts";
import type { Session } from "../session.ts";
import { waitWords } from "./freeze.ts";
import { successor } from "./successor.ts";
import { compromised } from "./sweep.ts";

const FLOWS = { freezeNow, compromised, successor, endSweep } as const;
type Choice = keyof typeof FLOWS;

export async function emergency(desk: Desk, session: Session): Promise<void> {
  let cursor = 0;
  for (;;) {
    const items = itemsOf(session);
    const above = session.state.sweep ? [{ kind: "text", text: SWEEPING } as const] : [];
    const back = { label: "back", answer: "back" } as const;
    const options = { title: "Emergency", above, items, back };
    const choice = await ask(desk, menu<Choice | "back">(options, Math.min(cursor, items.length - 1)));
    if (choice === "back") return;
    cursor = items.findIndex(({ answer }) => answer === choice);
    await orRefused(desk, () => FLOWS[choice](desk, session));
  }
}

const SWEEPING = "A sweep has begun: only what pays to the successor is signed.";

function itemsOf({ state }: Session): Item<Choice>[] {
  const { successor: known, sweep } = state;
  return [
    { label: "Freeze now", answer: "freezeNow" },
    { label: sweep ? "The sweep: what to do" : "I think I am compromised", answer: "compromised" },
    { label: `Successor: ${known ? known.name : "none"}`, answer: "successor" },
    ...(sweep ? [{ label: "End the sweep", answer: "endSweep" } as const] : []),
  ];
}

async function freezeNow(desk: Desk, session: Session): Promise<void> {
  const sheet = {
    title: "Freeze now?",
    tone: "caution",
    blocks: [
      { kind: "text", text: waitWords(session) },
      { kind: "text", text: "Holding back for three seconds, on any screen, does the same." },
    ],
  } as const;
  if ((await ask(desk, question([sheet], "freeze", "leave"))) === "yes") throw new Locked("frozen");
}

async function endSweep(desk: Desk, session: Session): Promise<void> {
  await loosen(desk, session, { kind: "end-sweep" });
}
