// Lines of the journal as people read them, and long walks through them that let the screen breathe.

import { type Entry, type Line, sentenceOf } from "../../journal/index.ts";
import type { Desk } from "../../ui.ts";
import { performReading } from "../../ui.ts";
import type { Session } from "../session.ts";

export interface Told {
  /** Counted from 1. */
  readonly line: number;
  readonly text: string;
}

/** What was found, newest first, and how far was looked: 1 is the journal's first line. */
export interface Found {
  readonly told: readonly Told[];
  readonly reached: number;
}

/** Looks for more among the lines before this one. */
export type Older = (before: number) => Promise<Found>;

/** So many are shown before a person is asked whether to go on. */
const ENOUGH = 100;

/** Only the upkeep of the record: they say nothing to a person. */
export function isUpkeep({ kind }: Entry): boolean {
  return kind === "kept" || kind === "attested";
}

/** A record to be read: the journal of an open session, or what is there of a damaged one. */
export interface Book {
  /** Number of its last line. */
  readonly last: number;
  /** What people call the date is so much later than the time on the lines. */
  readonly dateOffsetMs: number;
  /** Those of them that are there. */
  lines(from: number, to: number): Promise<readonly Line[]>;
}

export function bookOf({ journal, state }: Session): Book {
  const { dateOffsetMs } = state;
  return { last: journal.head().count, dateOffsetMs, lines: (from, to) => journal.lines(from, to) };
}

export function toldOf({ dateOffsetMs }: Pick<Book, "dateOffsetMs">, { number, entry }: Line): Told {
  return { line: number, text: sentenceOf({ ...entry, at: entry.at + dateOffsetMs }) };
}

/** The newest lines before one, as far back as it takes to find enough; the person may stop it. */
export function looking(
  desk: Desk,
  session: Session,
  title: string,
  matches: (entry: Entry, told: Told) => boolean,
): Older {
  return async (before) => {
    const told: Told[] = [];
    let reached = before;
    const fits = (entry: Entry) => matches(entry, toldOf(session.state, { ...NOWHERE, entry }));
    async function* look() {
      for await (const { from, found } of session.journal.search(fits, before)) {
        told.push(...found.map((line) => toldOf(session.state, line)));
        reached = from;
        if (told.length >= ENOUGH) return;
        yield (before - from) / before;
      }
      reached = 1;
    }
    await performReading(desk, title, look());
    return { told, reached };
  };
}

const NOWHERE = { number: 0, head: "", text: "" } as const;
