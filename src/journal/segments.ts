// The journal lies in segments, each a blob named by the number of its first line. Lines are only ever added.
// What was damaged stays where it lies: the owner goes on in a new segment, whose first line has a number above all
// that were lost, and follows the last good one.

import { equal } from "../bytes.ts";
import type { Store } from "../ports.ts";
import type { Reason } from "../refusal.ts";
import { frameLength, openLine, readFrame } from "./line.ts";

export const SEGMENT_LINES = 256;
const SEGMENT_BYTES = 1024 * 1024;
const STEP_LINES = 32;
/** How the text of a line that goes on after a loss begins. */
const RESUMED = '{"kind":"resumed",';

/** A place between two lines: how many lines lie before it, the head of the last, and where its bytes end. */
export interface Place {
  /** The number of the last line, with those that were lost. */
  readonly count: number;
  readonly head: Uint8Array;
  /** Number of the first line of the segment. */
  readonly segment: number;
  /** Bytes of the segment up to here. */
  readonly length: number;
}

/** Lines after `after` and before `at` were lost. */
export interface Gap {
  readonly after: number;
  readonly at: number;
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

/** What is wrong where a walk ended. start: the place itself is not there. */
export interface Broken {
  readonly reason: Reason;
  readonly detail: string;
  readonly start?: true;
}

/** The last segment may end in a line that was cut off: `torn`. */
export interface Walked {
  readonly place: Place;
  readonly torn: boolean;
  readonly gaps: readonly Gap[];
  readonly broken?: Broken;
}

/**
 * Reads on from a place, through every segment that follows, and over what was lost and gone on after: to the end, or
 * to the first thing that is wrong.
 */
export async function reach(store: Store, key: Uint8Array, from: Place, take: Take): Promise<Walked> {
  const steps = reaching(store, key, from, take);
  for (;;) {
    const step = await steps.next();
    if (step.done) return step.value;
  }
}

/** The same, a few lines a step: each yields the number of the last one. */
export async function* reaching(
  store: Store,
  key: Uint8Array,
  from: Place,
  take: Take,
): AsyncGenerator<number, Walked> {
  const segments = await segmentsOf(store);
  const gaps: Gap[] = [];
  let place = from;
  for (;;) {
    const stop = yield* walkOn(store, key, segments, place, take);
    // Each is tried once: a medium that reads differently each time must not be read for ever.
    const ahead = segments.filter((first) => first > Math.max(stop.place.count, gaps.at(-1)?.at ?? 0));
    const at = stop.broken && (await resumedAt(store, key, ahead, stop.place));
    if (at === undefined) return { ...stop, gaps };
    gaps.push({ after: stop.place.count, at });
    place = { ...stop.place, count: at - 1, segment: at, length: 0 };
  }
}

/** The segment in which the owner went on from here; the last, where a second one had to be begun. */
async function resumedAt(store: Store, key: Uint8Array, segments: readonly number[], { head }: Place) {
  for (const first of segments.toReversed()) {
    const body = readFrame((await store.read(segmentName(first))) ?? new Uint8Array(), 0);
    const line = body instanceof Uint8Array ? openLine(key, first, body) : undefined;
    if (line?.text.startsWith(RESUMED) && equal(line.previous, head)) return first;
  }
  return undefined;
}

type Stop = Omit<Walked, "gaps">;

async function* walkOn(
  store: Store,
  key: Uint8Array,
  segments: readonly number[],
  from: Place,
  take: Take,
): AsyncGenerator<number, Stop> {
  const ahead = segments.filter((first) => first >= from.segment);
  if (ahead.length === 0 && from.count > 0) return { place: from, torn: false, broken: missing(from, true) };
  let at: Stop = { place: from, torn: false };
  for (const [i, segment] of ahead.entries()) {
    const { place } = at;
    if (at.torn) return { place, torn: false, broken: broken(place) };
    if (segment !== (i === 0 ? from.segment : place.count + 1))
      return { place, torn: false, broken: { ...broken(place), ...(i === 0 ? { start: true } : {}) } };
    const start = i === 0 ? from : { ...place, segment, length: 0 };
    const bytes = (await store.read(segmentName(segment))) ?? new Uint8Array();
    if (bytes.length < start.length) return { place, torn: false, broken: missing(start, true) };
    at = yield* walkSegment(key, bytes, start, take);
    if (at.broken) return at;
  }
  return at;
}

const broken = ({ count }: Place): Broken => ({ reason: "journal.damaged", detail: `line ${count + 1}` });

function missing({ count }: Place, start: true): Broken {
  return { reason: "journal.truncated", detail: `line ${count} is missing`, start };
}

function* walkSegment(key: Uint8Array, bytes: Uint8Array, from: Place, take: Take): Generator<number, Stop> {
  let place = from;
  while (place.length < bytes.length) {
    const line = place.count + 1;
    const body = readFrame(bytes, place.length);
    if (body === "torn") return { place, torn: true };
    const opened = body === "damaged" ? undefined : openLine(key, line, body);
    if (body === "damaged" || opened === undefined || !equal(opened.previous, place.head))
      return { place, torn: false, broken: broken(place) };
    place = { ...place, count: line, head: opened.head, length: place.length + frameLength(body) };
    take(opened.text, place);
    if (line % STEP_LINES === 0) yield line;
  }
  return { place, torn: false };
}
