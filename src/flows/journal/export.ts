// The journal leaves: all of it, or what came since it last left. As texts that scripts/verify-journal.ts checks: a
// long record in several, which follow one another and are each signed.

import { LIMITS } from "../../limits.ts";
import type { Stick } from "../../ports.ts";
import { type Item, menu } from "../../screens/menu.ts";
import { question } from "../../screens/notice.ts";
import type { Desk } from "../../ui.ts";
import { ask, performReading } from "../../ui.ts";
import { showText, writeText } from "../leave-text.ts";
import type { Session } from "../session.ts";
import { keep } from "../session.ts";
import { type Book, bookOf } from "./read.ts";

interface Range {
  readonly from: number;
  readonly to: number;
}

/** The journal of an open session, or what can be read of a damaged one. */
export interface Exported extends Pick<Book, "lines"> {
  /** Signed. */
  text(range: Range): AsyncGenerator<string>;
}

/** So many lines in one loop of codes: a minute with a phone in the hand; and in one file. */
const LINES_AS_CODES = 128;
const LINES_A_FILE = 4096;

export async function exportJournal(desk: Desk, session: Session): Promise<void> {
  const { exportedLine } = session.state;
  const to = session.journal.head().count;
  const since = { label: `Since the last export: from line ${exportedLine + 1}`, answer: exportedLine + 1 };
  const items: Item<number>[] = [
    ...(exportedLine > 0 && exportedLine < to ? [since] : []),
    { label: `All of it: ${to} lines`, answer: 1 },
  ];
  const back = { label: "back", answer: "back" } as const;
  const from = await ask(desk, menu<number | "back">({ title: "Export the journal", items, back }));
  if (from === "back") return;
  const { journal } = session;
  const text: Exported["text"] = (range) => journal.exportText(range.from, range.to);
  const upTo = await exportLines(desk, { from, to }, { lines: bookOf(session).lines, text });
  if (upTo < from) return;
  await journal.append({ kind: "exported", upTo });
  await keep(session, { ...session.state, exportedLine: Math.max(upTo, exportedLine) });
}

/** As codes or on the stick, part by part; the last line that left, before `from` where none did. */
export async function exportLines(desk: Desk, range: Range, exported: Exported): Promise<number> {
  const way = desk.stick ? await askWay(desk) : "codes";
  if (way === "back") return range.from - 1;
  const most = way === "codes" ? LINES_AS_CODES : LINES_A_FILE;
  let done = range.from - 1;
  while (done < range.to) {
    const from = await firstFrom(exported, { from: done + 1, to: range.to });
    const part = await partText(desk, { from, to: range.to }, most, exported);
    if (part === "stopped") break;
    const left = way === "codes" ? await asCodes(desk, part, range) : await asFile(desk, desk.stick!, part);
    if (left === "no") break;
    done = part.to;
  }
  return done;
}

/** Whole stretches may be lost: the last line is always there. */
async function firstFrom({ lines }: Exported, { from, to }: Range): Promise<number> {
  for (let at = from; at < to; at += STEP) {
    const [first] = await lines(at, Math.min(to, at + STEP - 1));
    if (first) return first.number;
  }
  return to;
}

/** Lines that are looked at, a step. */
const STEP = 256;

function askWay(desk: Desk): Promise<"codes" | "stick" | "back"> {
  const items = [
    { label: "To the stick", answer: "stick" },
    { label: "As codes", answer: "codes" },
  ] as const;
  const back = { label: "back", answer: "back" } as const;
  return ask(desk, menu<"codes" | "stick" | "back">({ title: "Export the journal", items, back }));
}

interface Part extends Range {
  readonly text: string;
}

/** The lines from `from` on that fit into one part: fewer where they are long. */
async function partText(
  desk: Desk,
  { from, to }: Range,
  most: number,
  exported: Exported,
): Promise<Part | "stopped"> {
  for (let lines = most; ; lines = Math.ceil(lines / 2)) {
    const range = { from, to: Math.min(to, from + lines - 1) };
    const text = await performReading(desk, "Preparing the export", gather(exported.text(range), range));
    if (text === "stopped") return "stopped";
    if (text !== undefined || lines === 1) return { ...range, text: text ?? "" };
  }
}

/** Undefined where it is too long for a file. */
async function* gather(
  chunks: AsyncGenerator<string>,
  { from, to }: Range,
): AsyncGenerator<number, string | undefined> {
  const texts: string[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    texts.push(chunk);
    length += chunk.length;
    if (length > LIMITS.stickFileBytes && to > from) return undefined;
    yield Math.min(1, texts.length / (2 + (to - from) / STEP));
  }
  return texts.join("");
}

async function asCodes(desk: Desk, { from, to, text }: Part, whole: Range): Promise<"yes" | "no"> {
  const title =
    from === whole.from && to === whole.to ? "The journal" : `The journal, lines ${from} to ${to}`;
  const caption = "Scan this with whatever keeps your exports.";
  await showText(desk, { title, text, caption, file: fileOf({ from, to }) });
  const rest = to < whole.to ? " The next ones come then." : "";
  const blocks = [{ kind: "text", text: `Lines ${from} to ${to} count as exported then.${rest}` }] as const;
  return ask(desk, question([{ title: "Did it arrive?", blocks }], "it arrived", "no"));
}

async function asFile(desk: Desk, stick: Stick, { from, to, text }: Part): Promise<"yes"> {
  await writeText(desk, stick, { text, file: fileOf({ from, to }) });
  return "yes";
}

function fileOf({ from, to }: Range): string {
  return `firn-journal-${from}-${to}`;
}
