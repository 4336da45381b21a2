// The journal lies in segments, each a blob named by the number of its first line. Lines are only ever added.

import { equal } from "../bytes.ts";
import type { Store } from "../ports.ts";
import { refuse } from "../refusal.ts";
import { frameLength, openLine, readFrame } from "./line.ts";

const SEGMENT_LINES = 256;
const SEGMENT_BYTES = 1024 * 1024;

/** A place between two lines: how many lines lie before it, the head of the last, and where its bytes end. */
export interface Place {
  readonly count: number;
  readonly head: Uint8Array;
  /** Number of the first line of the segment. */
  readonly segment: number;
  /** Bytes of the segment up to here. */
  readonly length: number;
}

export function segmentName(first: number): string {
  return `journal-${first.toString().padStart(8, "0")}`;
}

/** First lines of all segments, ascending. */
export async function segmentsOf(store: Store): Promise<readonly number[]> {
  const names = await store.names();
  return names
    .flatMap((name) => (/^journal-\d{8}$/.test(name) ? [Number(name.slice(-8))] : []))
    .sort((a, b) => a - b);
}

/** Where the next line goes: the same segment, or a new one where it is full. */
export function next(place: Place): { readonly segment: number; readonly length: number } {
  const { count, segment, length } = place;
  const full = count - segment + 1 >= SEGMENT_LINES || length >= SEGMENT_BYTES;
  return full ? { segment: count + 1, length: 0 } : { segment, length };
}

/** Takes each line's text and number, and the place after it. */
export type Take = (text: string, place: Place) => void;

/**
 * Reads on from a place to the end, through every segment that follows. The last may end in a line that was
 * cut off: `torn`. Throws Refusal journal.damaged with the line's number, or journal.truncated.
 */
export async function walk(
  store: Store,
  key: Uint8Array,
  from: Place,
  take: Take,
): Promise<{ readonly place: Place; readonly torn: boolean }> {
  const segments = (await segmentsOf(store)).filter((first) => first >= from.segment);
  if (segments.length === 0 && from.count > 0) refuse("journal.truncated", `line ${from.count} is missing`);
  let place = from;
  let torn = false;
  for (const [i, segment] of segments.entries()) {
    if (torn) damaged(place.count + 1);
    if (segment !== (i === 0 ? from.segment : place.count + 1)) damaged(place.count + 1);
    const start = i === 0 ? from : { ...place, segment, length: 0 };
    const bytes = (await store.read(segmentName(segment))) ?? new Uint8Array();
    if (bytes.length < start.length) refuse("journal.truncated", `line ${start.count} is missing`);
    ({ place, torn } = walkSegment(key, bytes, start, take));
  }
  return { place, torn };
}

function walkSegment(key: Uint8Array, bytes: Uint8Array, from: Place, take: Take) {
  let place = from;
  while (place.length < bytes.length) {
    const line = place.count + 1;
    const body = readFrame(bytes, place.length);
    if (body === "torn") return { place, torn: true };
    const opened = body === "damaged" ? undefined : openLine(key, line, body);
    if (body === "damaged" || opened === undefined || !equal(opened.previous, place.head))
      return damaged(line);
    place = { ...place, count: line, head: opened.head, length: place.length + frameLength(body) };
    take(opened.text, place);
  }
  return { place, torn: false };
}

/**
 * The texts of lines `from` to `to`, and the head of each, read from the segments that hold them alone.
 * Each is authentic as the line of its number; throws Refusal journal.damaged for one that is not.
 */
export async function readLines(
  store: Store,
  key: Uint8Array,
  from: number,
  to: number,
): Promise<{ readonly line: number; readonly text: string; readonly head: Uint8Array }[]> {
  const segments = await segmentsOf(store);
  const out = [];
  for (const [i, first] of segments.entries()) {
    if (first > to || (segments[i + 1] ?? Number.POSITIVE_INFINITY) <= from) continue;
    const bytes = (await store.read(segmentName(first))) ?? new Uint8Array();
    for (let line = first, at = 0; line <= to && at < bytes.length; line++) {
      const body = readFrame(bytes, at);
      if (body === "torn" || body === "damaged") return damaged(line);
      at += frameLength(body);
      if (line < from) continue;
      const opened = openLine(key, line, body) ?? damaged(line);
      out.push({ line, text: opened.text, head: opened.head });
    }
  }
  if (out.length !== to - from + 1) return damaged(from + out.length);
  return out;
}

export function damaged(line: number): never {
  return refuse("journal.damaged", `line ${line}`);
}
