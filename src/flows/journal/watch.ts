// What changed since the owner last looked: every line since then, the oldest first, as it happened.

import type { Entry, Line } from "../../journal/index.ts";
import type { Block } from "../../model.ts";
import { notice } from "../../screens/notice.ts";
import { pages, type Sheet } from "../../screens/pages.ts";
import type { Desk } from "../../ui.ts";
import { ask, wait } from "../../ui.ts";
import type { Session } from "../session.ts";
import { keep } from "../session.ts";
import { GROUP_OF, GROUPS, type Group } from "./kinds.ts";
import { isUpkeep, toldOf } from "./read.ts";

/** Lines that are told of at a time. */
const AT_ONCE = 500;

/** "12", or "more than 500": so many lines were not looked at. */
export async function unseenWords(session: Session): Promise<string> {
  const { lines, last } = await unseen(session);
  return last < session.journal.head().count ? `more than ${lines.length}` : String(lines.length);
}

/** Reading to the last page is having looked; whoever leaves before finds it all again. */
export async function watch(desk: Desk, session: Session): Promise<void> {
  for (let first = true; ; first = false) {
    const { lines, last } = await wait(desk, "Reading the journal", unseen(session));
    if (lines.length === 0) {
      if (!first) return;
      const text = "Nothing happened since you last looked.";
      return void (await ask(desk, notice(TITLE, [{ kind: "text", text }], "back")));
    }
    const left = session.journal.head().count - last;
    const answer = await ask(
      desk,
      pages<"seen" | "leave">({
        sheets: [summary(lines, left), listing(session, lines)],
        ok: { label: left > 0 ? "seen, go on" : "seen", answer: "seen" },
        back: { label: "leave", answer: "leave" },
      }),
    );
    if (answer === "leave") return;
    await keep(session, { ...session.state, seenLine: last });
  }
}

const TITLE = "Since you last looked";

/** Without the record's upkeep: looking writes a line itself. last: the last line that was read. */
async function unseen(session: Session): Promise<{ readonly lines: readonly Line[]; readonly last: number }> {
  const { count } = session.journal.head();
  for (let from = session.state.seenLine + 1; from <= count; from += AT_ONCE) {
    const last = Math.min(count, from + AT_ONCE - 1);
    const lines = (await session.journal.lines(from, last)).filter(({ entry }) => !isUpkeep(entry));
    if (lines.length > 0) return { lines, last };
  }
  return { lines: [], last: count };
}

function summary(lines: readonly Line[], left: number): Sheet {
  const names = Object.keys(GROUPS) as Group[];
  const counted = names.flatMap((group) => {
    const count = lines.filter(({ entry }) => GROUP_OF[entry.kind] === group).length;
    return count === 0 ? [] : [`${GROUPS[group]}: ${count}`];
  });
  const tries = lines.reduce((sum, { entry }) => sum + triesIn(entry), 0);
  const blocks: Block[] = [
    { kind: "fact", label: "Lines by what they are about", value: counted.join("\n") },
  ];
  if (tries > 0)
    blocks.push({
      kind: "fact",
      label: "Tries without the right PIN",
      value: String(tries),
      tone: "caution",
    });
  if (left > 0) blocks.push({ kind: "text", text: `${left} later lines come after these.` });
  return { title: TITLE, tone: tries > 0 ? "caution" : "calm", blocks };
}

function triesIn(entry: Entry): number {
  return entry.kind === "unlocked" ? entry.failedTries : 0;
}

function listing(session: Session, lines: readonly Line[]): Sheet {
  return {
    title: "As it happened",
    blocks: lines.map((line) => ({ kind: "text", text: toldOf(session.state, line).text })),
  };
}
