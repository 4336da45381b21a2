// Lines of the journal, newest first, more of them as one goes on; and one line with all that it says.

import { lines } from "../../screens/lines.ts";
import { notice, question } from "../../screens/notice.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { lineSheet } from "./line.ts";
import type { Book, Older, Told } from "./read.ts";

export interface Browsing {
  readonly title: string;
  /** Said where no line was found at all. */
  readonly none: string;
  readonly older: Older;
}

export async function browse(desk: Desk, book: Book, { title, none, older }: Browsing): Promise<void> {
  const told: Told[] = [];
  let reached = book.last + 1;
  let cursor = 0;
  for (let onward = true; ; ) {
    if (onward) {
      const found = await older(reached);
      reached = found.reached;
      cursor = Math.max(0, found.told.length > 0 ? told.length : told.length - 1);
      told.push(...found.told);
      onward = false;
    }
    const more = reached > 1;
    if (told.length === 0) {
      if ((await emptyHanded(desk, title, none, reached)) === "no") return;
      onward = true;
      continue;
    }
    const answer = await ask(desk, lines({ title, items: told.map(({ text }) => text), more }, cursor));
    if (answer === "back") return;
    if (answer === "more") onward = true;
    else {
      cursor = answer.open;
      await openLine(desk, book, told[cursor]!.line);
    }
  }
}

/** Whether to look on, where the person stopped before anything was found. */
async function emptyHanded(desk: Desk, title: string, none: string, reached: number): Promise<"yes" | "no"> {
  if (reached === 1) {
    await ask(desk, notice(title, [{ kind: "text", text: none }], "back"));
    return "no";
  }
  const text = `Nothing was found down to line ${reached}. Older lines were not looked at.`;
  return ask(desk, question([{ title, blocks: [{ kind: "text", text }] }], "go on", "back"));
}

async function openLine(desk: Desk, book: Book, number: number): Promise<void> {
  const [line] = await book.lines(number, number);
  const { title, blocks } = lineSheet(book, line!);
  await ask(desk, notice(title, blocks, "back"));
}
