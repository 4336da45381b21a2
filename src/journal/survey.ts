// A journal that does not open: what is there, what is missing, and how the owner goes on without it.
// Nothing is taken away and nothing moved. One new segment is written, at once or not at all: its first line says
// what was lost, follows the last good line, and has a number above every one that was ever known. So numbers are
// never used twice, and the machine's counter goes on as it is.

import { reckon, type Stamp } from "../reckoning.ts";
import { type Reason, Refusal, refuse } from "../refusal.ts";
import { readCheckpoint } from "./checkpoint.ts";
import { encodeEntry } from "./entry.ts";
import { SpendLedger } from "./ledger.ts";
import { sealLine } from "./line.ts";
import { findLoose, type Loose, type LooseLine } from "./loose.ts";
import { checkAnchor, checkCounter, type JournalParts, reachFrom, readJournal } from "./opening.ts";
import { exportLines, type Line, readEntries } from "./reading.ts";
import { segmentName, segmentsOf } from "./segments.ts";
import { JournalKey } from "./signing.ts";
import { type Anchor, anchorOf, anchorText, START, type Standing } from "./standing.ts";

/** What the owner can go on after. An older copy of everything is none of them. */
const RESUMABLE: readonly Reason[] = ["journal.damaged", "journal.truncated", "journal.foreign"];
/** A home that is written ends its session with no more lines than these: kept, signed, locked, attested. */
const LINES_AFTER_HOME = 4;
const LAST_NUMBER = 99_999_999;

export interface Survey {
  /** Why it does not open, and what exactly. */
  readonly reason: Reason;
  readonly detail: string;
  /** The last line up to which everything follows from the first. */
  readonly good: Anchor;
  /** Lines that can still be read behind it, each alone: what lies between them cannot. [first, last], ascending. */
  readonly loose: readonly (readonly [number, number])[];
  /** Bytes behind the last good line. */
  readonly restBytes: number;
  /** The number that the next line gets, and how many before it are lost at least. */
  readonly next: number;
  readonly lost: number;
  /** For resumeJournal. */
  readonly standing: Standing;
  readonly serial: number;
  readonly last: Stamp | undefined;
}

/**
 * serial: of the home. Changes nothing. Throws what opening throws where the owner cannot go on: journal.rewound (home
 * and journal are older than the machine knows, or the home is older than the journal), journal.newer, store.*.
 */
export async function surveyJournal(parts: JournalParts, serial: number): Promise<Survey> {
  const { reason, detail } = await whyNot(parts);
  const known = await readCheckpoint(parts.store, parts.key);
  const standing = await goodUpTo(parts, known?.standing);
  const loose = await findLoose(parts, standing.place);
  const newest = [standing.last, known?.standing.last, loose.last].reduce((a, b) =>
    (b?.at ?? -1) > (a?.at ?? -1) ? b : a,
  );
  const knownSerial = Math.max(standing.serial, known?.standing.serial ?? 0, loose.serial);
  if (knownSerial > serial)
    refuse("journal.rewound", `the home was written ${serial} times, the journal knows of ${knownSerial}`);
  const next = await numberNext(
    parts,
    Math.max(standing.place.count, known?.standing.place.count ?? 0),
    loose,
  );
  const lost = next - 1 - standing.place.count;
  return {
    ...{ reason, detail, good: anchorOf(standing), loose: loose.ranges, restBytes: loose.bytes },
    // Other lines than these were written where none is missing by its number.
    ...{ next, lost: reason === "journal.foreign" ? Math.max(1, lost) : lost },
    ...{ standing, serial, last: newest },
  };
}

async function whyNot(parts: JournalParts): Promise<Refusal> {
  try {
    const { standing } = await readJournal(parts);
    await checkAnchor(parts, standing);
    await checkCounter(parts, standing.place.count);
  } catch (problem) {
    if (problem instanceof Refusal && RESUMABLE.includes(problem.reason)) return problem;
    throw problem;
  }
  throw new Error("a journal that opens was surveyed");
}

/** From the checkpoint where its own place is still there, else from the first line. */
async function goodUpTo(parts: JournalParts, known: Standing | undefined): Promise<Standing> {
  if (known) {
    const { standing, walked } = await reachFrom(parts, known, new SpendLedger());
    if (!walked.broken?.start) return standing;
  }
  return (await reachFrom(parts, START, new SpendLedger())).standing;
}

/**
 * Above every number that is known of. Where the machine counts, the card must show that it is the latest one: by its
 * last line, or by a home that was written in the last session. Else any copy of yesterday would pass for damaged.
 */
async function numberNext(parts: JournalParts, known: number, { ranges }: Loose): Promise<number> {
  const { store, anchor, counter, counterBase = 0 } = parts;
  const written = Math.max(known, ranges.at(-1)?.[1] ?? 0);
  const remembered = anchor?.count ?? 0;
  const named = (await segmentsOf(store)).at(-1) ?? 0;
  const counted = counter ? (await counter.value()) - counterBase : 0;
  if (counter && counted > Math.max(written, remembered + LINES_AFTER_HOME))
    refuse("journal.rewound", `${written} lines, where the machine counted ${counted}`);
  const next = Math.max(written, remembered, named, counted) + 1;
  // One line may be there that was not counted yet. Numbers beyond were written by nobody here.
  if (next > (counter ? counted + 2 : LAST_NUMBER)) refuse("journal.damaged", `a segment begins at ${named}`);
  return next;
}

/** Lines of a surveyed journal before the break. Throws Refusal journal.damaged, store.*. */
export function surveyLines(
  { store, key }: JournalParts,
  { standing }: Survey,
  from: number,
  to: number,
): Promise<readonly Line[]> {
  return readEntries({ store, key, gaps: standing.gaps }, from, Math.min(to, standing.place.count));
}

/** Lines behind the break that can be read alone: authentic, but what lies between them is not known. */
export async function looseLines(
  { store, key }: JournalParts,
  { standing }: Survey,
): Promise<readonly LooseLine[]> {
  return (await findLoose({ store, key }, standing.place)).lines;
}

/** The lines before the break as an export, signed like every other one. */
export async function* exportSurvey(
  { store, key, signing }: JournalParts,
  { standing }: Survey,
  from = 1,
  to = standing.place.count,
): AsyncGenerator<string> {
  const own = new JournalKey(signing);
  try {
    yield* exportLines({ store, key, gaps: standing.gaps }, own, from, Math.min(to, standing.place.count));
  } finally {
    own.wipe();
  }
}

/** Before it resolves the journal is as damaged as it was; afterwards it opens. Throws Refusal store.*, seal.failed. */
export async function writeResumed(parts: JournalParts, survey: Survey): Promise<void> {
  const { store, key, random, clock, counter, counterBase = 0, anchor } = parts;
  const { next, lost, reason, serial, standing } = survey;
  // A line that a cut kept from being counted: then this one is one more than was counted, like every other.
  if (counter && (await counter.value()) - counterBase === next - 2) await counter.raise();
  const { at, ...stamp } = reckon(clock, survey.last);
  const entry = {
    kind: "resumed",
    lost,
    reason,
    serial,
    anchor: anchorText(anchor),
    at,
    clock: stamp,
  } as const;
  const sealed = sealLine(key, next, standing.place.head, encodeEntry(entry), random);
  await store.replace(segmentName(next), sealed.frame);
}
