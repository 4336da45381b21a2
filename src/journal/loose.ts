// Lines behind a break: each can be read alone, because each is sealed as the line of its number.

import type { Store } from "../ports.ts";
import type { Stamp } from "../reckoning.ts";
import { decodeEntry, type Entry } from "./entry.ts";
import { frameLength, openLine, readFrame } from "./line.ts";
import { type Place, SEGMENT_LINES, segmentName, segmentsOf } from "./segments.ts";
import { after, START } from "./standing.ts";

export interface LooseLine {
  readonly number: number;
  readonly text: string;
  readonly entry: Entry;
}

export interface Loose {
  readonly lines: readonly LooseLine[];
  /** [first, last] of lines in a row, ascending. */
  readonly ranges: readonly (readonly [number, number])[];
  /** Of the latest of them. */
  readonly last: Stamp | undefined;
  /** The highest serial that any of them names. */
  readonly serial: number;
  /** Of everything behind the break, readable or not. */
  readonly bytes: number;
}

/** Where it is not known which line a frame is, numbers are tried: so often at most, in all. */
const MOST_TRIES = 20_000;

interface Search {
  readonly key: Uint8Array;
  readonly found: LooseLine[];
  tries: number;
}

export async function findLoose(
  { store, key }: { readonly store: Store; readonly key: Uint8Array },
  place: Place,
): Promise<Loose> {
  const search: Search = { key, found: [], tries: MOST_TRIES };
  let bytes = 0;
  for (const first of await segmentsOf(store)) {
    // What was lost before and gone on after lies before this place too.
    if (first < place.segment) continue;
    const here = first === place.segment;
    const segment = (await store.read(segmentName(first))) ?? new Uint8Array();
    const rest = segment.subarray(here ? place.length : 0);
    bytes += rest.length;
    inSegment(search, rest, here ? place.count + 1 : first, first + SEGMENT_LINES);
  }
  return { ...summed(search), bytes };
}

/** `line`: what the first frame should be. A place where no frame is, is passed byte by byte. */
function inSegment(search: Search, bytes: Uint8Array, line: number, end: number): void {
  let next = line;
  let sure = true;
  for (let at = 0; at < bytes.length; ) {
    const body = readFrame(bytes, at);
    if (!(body instanceof Uint8Array)) {
      at++;
      sure = false;
      continue;
    }
    const number = numberOf(search, body, next, sure ? next + 1 : end);
    next = (number ?? next) + 1;
    if (number !== undefined) sure = true;
    at += frameLength(body);
  }
}

function numberOf(search: Search, body: Uint8Array, from: number, end: number): number | undefined {
  for (let number = from; number < end && search.tries > 0; number++) {
    search.tries--;
    const opened = openLine(search.key, number, body);
    if (opened === undefined) continue;
    search.found.push({ number, text: opened.text, entry: decodeEntry(opened.text, number) });
    return number;
  }
  return undefined;
}

function summed({ found }: Search): Omit<Loose, "bytes"> {
  const ranges: [number, number][] = [];
  let standing = START;
  let serial = 0;
  for (const { number, entry } of found) {
    const range = ranges.at(-1);
    if (range && range[1] + 1 === number) range[1] = number;
    else ranges.push([number, number]);
    standing = after(standing, entry, START.place);
    serial = Math.max(serial, standing.serial);
  }
  return { lines: found, ranges, last: standing.last, serial };
}
