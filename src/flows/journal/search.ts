// Looking for lines: by a text, by what they are about, by a transaction. A long record is read piece by piece, and
// back stops it at any time.

import { readAddress } from "../../eip55.ts";
import { destinationMark, type Entry } from "../../journal/index.ts";
import { field, PRINTABLE } from "../../screens/field.ts";
import { menu } from "../../screens/menu.ts";
import { shown } from "../../text.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import type { Session } from "../session.ts";
import { browse } from "./browse.ts";
import { GROUP_OF, GROUPS, type Group } from "./kinds.ts";
import { bookOf, looking, type Told } from "./read.ts";

const WAYS = [
  { label: "A text, or a destination's address", answer: "text" },
  { label: "What they are about", answer: "group" },
  { label: "A transaction, by how its id begins", answer: "txid" },
] as const;

type Matches = (entry: Entry, told: Told) => boolean;

interface Wanted {
  readonly words: string;
  readonly matches: Matches;
}

export async function search(desk: Desk, session: Session): Promise<void> {
  for (;;) {
    const back = { label: "back", answer: "back" } as const;
    const way = await ask(desk, menu<keyof typeof ASKS | "back">({ title: "Search by", items: WAYS, back }));
    if (way === "back") return;
    const wanted = await ASKS[way](desk);
    if (wanted === "back") continue;
    const { words, matches } = wanted;
    const title = `Search: ${words}`;
    const older = looking(desk, session, "Searching", matches);
    await browse(desk, bookOf(session), { title, none: "No line of the journal says that.", older });
  }
}

const ASKS = { text: askText, group: askGroup, txid: askTxid } as const;

async function askText(desk: Desk): Promise<Wanted | "back"> {
  const answer = await ask(
    desk,
    field({
      title: "Search by a text",
      label: "Text",
      above: [{ kind: "text", text: "A destination is found by its address, all of it." }],
      allowed: PRINTABLE,
      longest: 100,
      check: (value) => (value.trim() === "" ? "Type what to look for." : undefined),
    }),
  );
  if (answer === "back") return "back";
  const text = answer.value.trim();
  // Of Ethereum an address in any spelling is the one that was recorded.
  const address = readAddress(text);
  const to = address === undefined || address === "checksum" ? text : address;
  const [small, mark] = [text.toLowerCase(), destinationMark(to)];
  const matches: Matches = (entry, told) =>
    told.text.toLowerCase().includes(small) ||
    textsOf(entry).some((one) => one === mark || one.toLowerCase().includes(small));
  return { words: shown(text, 24), matches };
}

async function askGroup(desk: Desk): Promise<Wanted | "back"> {
  const names = Object.keys(GROUPS) as Group[];
  const items = names.map((group) => ({ label: GROUPS[group], answer: group }));
  const back = { label: "back", answer: "back" } as const;
  const group = await ask(desk, menu<Group | "back">({ title: "Lines about", items, back }));
  if (group === "back") return "back";
  return { words: GROUPS[group], matches: ({ kind }) => GROUP_OF[kind] === group };
}

async function askTxid(desk: Desk): Promise<Wanted | "back"> {
  const answer = await ask(
    desk,
    field({
      title: "Search by a transaction",
      label: "Its id begins with",
      allowed: "0123456789abcdef",
      longest: 64,
      check: (value) => (value.length < 4 ? "Four characters at least." : undefined),
    }),
  );
  if (answer === "back") return "back";
  const start = answer.value;
  return { words: start, matches: (entry) => "txid" in entry && entry.txid.startsWith(start) };
}

/** Every text that a line says, its kind among them. */
function textsOf(entry: Entry): string[] {
  const { at: _, clock: __, ...says } = entry;
  return Object.values(says).flatMap((value) => (typeof value === "object" ? [...value] : [String(value)]));
}
