// Date and time: what is reckoned, what it rests on, and the two ways to mend it.

import type { Block } from "../../model.ts";
import { menu } from "../../screens/menu.ts";
import { notice } from "../../screens/notice.ts";
import { utcDate } from "../../text.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { orRefused } from "../or-refused.ts";
import { nowOf, type Session } from "../session.ts";
import { setDate } from "./date.ts";
import { scanHeaders } from "./headers.ts";
import { clockNote, clockWords, spanWords } from "./words.ts";

const ITEMS = [
  { label: "What it rests on", answer: "rests" },
  { label: "Scan block headers", answer: "headers" },
  { label: "Set the date", answer: "date" },
] as const;
const FLOWS = { rests, headers: scanHeaders, date: setDate } as const;

export async function time(desk: Desk, session: Session): Promise<void> {
  let cursor = 0;
  for (;;) {
    const texts = [utcDate(nowOf(session).dateMs), clockNote(desk, session) ?? ""];
    const above = texts.filter((text) => text !== "").map((text) => ({ kind: "text", text }) as const);
    const back = { label: "back", answer: "back" } as const;
    const choice = await ask(
      desk,
      menu<keyof typeof FLOWS | "back">({ title: "Date and time", above, items: ITEMS, back }, cursor),
    );
    if (choice === "back") return;
    cursor = ITEMS.findIndex(({ answer }) => answer === choice);
    await orRefused(desk, () => FLOWS[choice](desk, session));
  }
}

async function rests(desk: Desk, session: Session): Promise<void> {
  const { ms, dateMs } = nowOf(session);
  const { clock } = desk.ports;
  const ahead = session.state.dateOffsetMs;
  const hand = `${spanWords(Math.abs(ahead))} ${ahead > 0 ? "ahead of" : "behind"} what is reckoned`;
  const proven = await lastProven(session);
  const note = clockNote(desk, session);
  const facts: readonly (readonly [string, string])[] = [
    ["Date", utcDate(dateMs)],
    ...(ahead === 0 ? [] : ([["Set by hand", hand]] as const)),
    ["Reckoned", utcDate(ms)],
    ...(proven === undefined ? [] : ([["Block headers proved", utcDate(proven)]] as const)),
    ["The machine's clock", utcDate(clock.wallMs())],
  ];
  const blocks: Block[] = [
    { kind: "text", text: clockWords(desk) },
    ...facts.map(([label, value]) => ({ kind: "fact", label, value }) as const),
    { kind: "text", text: note ?? "The date is for hours of the day and one-time codes alone." },
  ];
  await ask(desk, notice("What time rests on", blocks, "close"));
}

/** A proof further back than this says little of now. */
const LOOKED_AT = 500;

async function lastProven(session: Session): Promise<number | undefined> {
  const entries = await session.journal.entries(LOOKED_AT);
  const last = entries.findLast((entry) => entry.kind === "time-proven");
  return last?.kind === "time-proven" ? last.notBefore : undefined;
}
