// Lines read back from the medium: for people, for search, for export.

import { toHex } from "../bytes.ts";
import type { Store } from "../ports.ts";
import { refuse } from "../refusal.ts";
import { decodeEntry, type Entry } from "./entry.ts";
import { frameLength, GENESIS, openLine, readFrame } from "./line.ts";
import { type Gap, SEGMENT_LINES, segmentName, segmentsOf } from "./segments.ts";
import type { JournalKey } from "./signing.ts";

/** Where lines are read from. */
export interface Source {
  readonly store: Store;
  readonly key: Uint8Array;
  readonly gaps: readonly Gap[];
}

interface Raw {
  readonly number: number;
  /** Head of the line before. */
  readonly previous: Uint8Array;
  readonly head: Uint8Array;
  /** Exactly as it was hashed. */
  readonly text: string;
}

export interface Line {
  readonly number: number;
  /** 64 hex digits. */
  readonly head: string;
  readonly text: string;
  readonly entry: Entry;
}

/**
 * Lines `from` to `to` without those that were lost, read from the segments that hold them alone. Each is authentic
 * as the line of its number; throws Refusal journal.damaged for one that is not.
 */
export async function readLines(source: Source, from: number, to: number): Promise<readonly Raw[]> {
  const out: Raw[] = [];
  for (const [first, end] of await spans(source, from, to)) {
    const bytes = (await source.store.read(segmentName(first))) ?? new Uint8Array();
    for (let number = first, at = 0; number < end && number <= to; number++) {
      const body = readFrame(bytes, at);
      if (body === "torn" || body === "damaged") return damaged(number);
      at += frameLength(body);
      if (number < from) continue;
      const opened = openLine(source.key, number, body) ?? damaged(number);
      out.push({ number, ...opened });
    }
  }
  return complete(source.gaps, out, from, to);
}

/** First line of each segment that has some of these, and the line where it ends or was gone on after. */
async function spans({ store, gaps }: Source, from: number, to: number): Promise<[number, number][]> {
  const segments = (await segmentsOf(store)).filter((first) => !isLost(gaps, first));
  return segments
    .map((first, i): [number, number] => [
      first,
      endOf(gaps, first, segments[i + 1] ?? first + SEGMENT_LINES),
    ])
    .filter(([first, end]) => first <= to && from < end);
}

function endOf(gaps: readonly Gap[], first: number, end: number): number {
  const gap = gaps.find(({ after }) => after >= first && after < end);
  return gap ? Math.min(end, gap.after + 1) : end;
}

function isLost(gaps: readonly Gap[], number: number): boolean {
  return gaps.some(({ after, at }) => after < number && number < at);
}

function complete(gaps: readonly Gap[], lines: readonly Raw[], from: number, to: number) {
  let at = 0;
  for (let number = from; number <= to; number++)
    if (lines[at]?.number === number) at++;
    else number = (gaps.find(({ after, at }) => after < number && number < at) ?? damaged(number)).at - 1;
  return lines;
}

export async function readEntries(source: Source, from: number, to: number): Promise<readonly Line[]> {
  return (await readLines(source, from, to)).map(({ number, head, text }) => ({
    ...{ number, head: toHex(head), text },
    entry: decodeEntry(text, number),
  }));
}

/** One step of a search: everything from this line on was looked at, down from where the step before had come. */
export interface Found {
  readonly from: number;
  /** Newest first. */
  readonly found: readonly Line[];
}

/** Newest first, from line `to` down: a segment a step, for as long as somebody asks for more. */
export async function* searchLines(
  source: Source,
  matches: (entry: Entry) => boolean,
  to: number,
): AsyncGenerator<Found> {
  for (const [first, end] of (await spans(source, 1, to)).reverse()) {
    const lines = await readEntries(source, first, Math.min(end - 1, to));
    yield { from: first, found: lines.filter(({ entry }) => matches(entry)).reverse() };
  }
}

/** Without numbers that were lost at either end. Throws where none is left: nobody exports nothing. */
function trimmed(gaps: readonly Gap[], from: number, to: number): readonly [number, number] {
  const within = (number: number) => gaps.find(({ after, at }) => after < number && number < at);
  const [first, last] = [within(from)?.at ?? from, within(to)?.after ?? to];
  if (first < 1 || first > last) throw new Error(`no lines to export from ${from} to ${to}`);
  return [first, last];
}

/**
 * The text of an export, a segment at a time: see docs/formats.md. Its last line is signed, and so is everything
 * before it. Throws Refusal journal.damaged where the lines do not follow each other.
 */
export async function* exportLines(
  source: Source,
  signing: JournalKey,
  wantedFrom: number,
  wantedTo: number,
): AsyncGenerator<string> {
  const [from, to] = trimmed(source.gaps, wantedFrom, wantedTo);
  let head: Uint8Array = GENESIS;
  for (const [first, end] of await spans(source, from, to)) {
    const start = Math.max(first, from);
    const lines = await readLines(source, start, Math.min(end - 1, to));
    if (start === from) {
      head = lines[0]!.previous;
      yield `Firn journal export 1\nkey ${signing.publicKey()}\nfrom ${from}\nbefore ${toHex(head)}\nto ${to}\n`;
    }
    let text = "";
    for (const line of lines) {
      if (toHex(line.previous) !== toHex(head)) damaged(line.number);
      head = line.head;
      text += `${line.number} ${toHex(head)} ${line.text}\n`;
    }
    yield text;
  }
  yield `attested ${toHex(head)} ${signing.attest(to, head)}\n`;
}

export function damaged(line: number): never {
  return refuse("journal.damaged", `line ${line}`);
}
