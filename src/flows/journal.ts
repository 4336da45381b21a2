// What this device did, newest first.

import { sentenceOf } from "../journal/index.ts";
import { notice } from "../screens/notice.ts";
import type { Desk } from "../ui.ts";
import { ask } from "../ui.ts";
import type { Session } from "./session.ts";

const SHOWN = 100;

export async function journal(desk: Desk, session: Session): Promise<void> {
  // That the home was written says nothing to a person.
  const told = (await session.journal.entries(SHOWN)).filter(({ kind }) => kind !== "kept");
  const lines = told.reverse();
  await ask(
    desk,
    notice(
      "Journal",
      lines.map((entry) => ({ kind: "text", text: sentenceOf(entry) })),
      "close",
    ),
  );
}
