// The chained record of everything that this device did. One synced line a fact; the ledger is their sum.

import { Journal } from "./journal.ts";
import { checkAnchor, checkCounter, type JournalParts, readJournal } from "./opening.ts";
import { type Survey, writeResumed } from "./survey.ts";

export { type Draft, destinationMark, type Entry, readAmount } from "./entry.ts";
export type { Journal } from "./journal.ts";
export { emptyLedger } from "./ledger.ts";
export type { LooseLine } from "./loose.ts";
export { messageAskedLine, messageLine, messageRefusedLine, type SignedMessage } from "./message-lines.ts";
export type { JournalParts } from "./opening.ts";
export type { Found, Line } from "./reading.ts";
export { sentenceOf } from "./sentences.ts";
export { askedLine, type Grounds, refusedLine, spentLine } from "./spend-lines.ts";
export type { Anchor } from "./standing.ts";
export { exportSurvey, looseLines, type Survey, surveyJournal, surveyLines } from "./survey.ts";

/**
 * Reads what follows the checkpoint (everything, where there is none) and changes nothing.
 * Throws Refusal journal.damaged (with the line), journal.truncated, journal.foreign, journal.newer,
 * journal.rewound, seal.failed, store.*.
 */
export async function openJournal(parts: JournalParts): Promise<Journal> {
  const reading = await readJournal(parts);
  await checkAnchor(parts, reading.standing);
  await checkCounter(parts, reading.standing.place.count);
  return new Journal(parts, reading);
}

/**
 * The owner goes on after what was lost. The home is written next: until then it remembers what is no longer there.
 * Throws Refusal store.*, seal.failed; then nothing has changed, or it opens as this would have opened it.
 */
export async function resumeJournal(parts: JournalParts, survey: Survey): Promise<Journal> {
  await writeResumed(parts, survey);
  return openJournal(parts);
}
