// Opening: what follows the checkpoint is read, and what the home and the machine remember is compared with it.

import { toHex } from "../bytes.ts";
import type { Clock, Counter, Random, Store } from "../ports.ts";
import { refuse } from "../refusal.ts";
import { FIRST_LINES, readCheckpoint } from "./checkpoint.ts";
import { decodeEntry } from "./entry.ts";
import { SpendLedger } from "./ledger.ts";
import { readLines } from "./reading.ts";
import { reach, type Walked } from "./segments.ts";
import { type Anchor, after, anchorText, START, type Standing } from "./standing.ts";

export interface JournalParts {
  readonly store: Store;
  /** 32 bytes from the vault, for the journal alone. Copied. */
  readonly key: Uint8Array;
  /** 32 more, of which the journal's own signing key is made. Copied. */
  readonly signing: Uint8Array;
  readonly random: Random;
  readonly clock: Omit<Clock, "breathe">;
  readonly anchor?: Anchor;
  /** Outside of the medium: raised after each line, so that an older copy of all of it is noticed. */
  readonly counter?: Counter;
  /** What the counter stood at when there was no line. */
  readonly counterBase?: number;
}

/** What was read. */
export interface Reading {
  readonly standing: Standing;
  readonly ledger: SpendLedger;
  readonly torn: boolean;
  /** Lines that the checkpoint on the medium covers, and after how many more it should be renewed. */
  readonly covered: number;
  readonly renewAfter: number;
}

/** How far the lines from here on can be read, and what they make of it. */
export interface Reached {
  readonly standing: Standing;
  readonly walked: Walked;
}

export async function reachFrom(
  { store, key }: Pick<JournalParts, "store" | "key">,
  from: Standing,
  ledger: SpendLedger,
): Promise<Reached> {
  let standing = from;
  const walked = await reach(store, key, from.place, (text, place) => {
    const entry = decodeEntry(text, place.count);
    ledger.add(entry);
    standing = after(standing, entry, place);
  });
  return { standing: { ...standing, gaps: [...from.gaps, ...walked.gaps] }, walked };
}

/** Throws Refusal journal.damaged, journal.truncated, journal.newer, store.*. */
export async function readJournal(parts: JournalParts): Promise<Reading> {
  const known = await readCheckpoint(parts.store, parts.key);
  const ledger = new SpendLedger(known?.ledger);
  const from = known?.standing ?? START;
  const { standing, walked } = await reachFrom(parts, from, ledger);
  const covered = from.place.count;
  if (walked.broken === undefined)
    return { standing, ledger, torn: walked.torn, covered, renewAfter: known?.lines ?? FIRST_LINES };
  // The owner may have gone on from before the checkpoint, where its own place is what was lost.
  const all = covered > 0 ? await readAll(parts) : undefined;
  if (all && all.standing.place.count > covered) return all;
  return refuse(walked.broken.reason, walked.broken.detail);
}

async function readAll(parts: JournalParts): Promise<Reading | undefined> {
  const ledger = new SpendLedger();
  const { standing, walked } = await reachFrom(parts, START, ledger);
  if (walked.broken) return undefined;
  return { standing, ledger, torn: walked.torn, covered: 0, renewAfter: FIRST_LINES };
}

/** Throws Refusal journal.truncated, journal.foreign: lines that the home remembers are not there. */
export async function checkAnchor({ store, key, anchor }: JournalParts, standing: Standing): Promise<void> {
  if (!anchor || anchor.count === 0 || standing.forgiven === anchorText(anchor)) return;
  const { place, gaps } = standing;
  if (place.count < anchor.count)
    refuse("journal.truncated", `${place.count} lines, where the home remembers ${anchor.count}`);
  const [line] = await readLines({ store, key, gaps }, anchor.count, anchor.count);
  if (line === undefined || toHex(line.head) !== anchor.head)
    refuse("journal.foreign", `line ${anchor.count}`);
}

/** What tells how many lines there should be. */
export type Counting = Pick<JournalParts, "counter" | "counterBase">;

/** One line more than was counted is one whose raise a cut of power took: it is counted now. Nothing else will do. */
export async function checkCounter({ counter, counterBase = 0 }: Counting, lines: number): Promise<void> {
  if (!counter) return;
  const counted = (await counter.value()) - counterBase;
  if (lines === counted + 1) await counter.raise();
  else if (lines !== counted)
    refuse("journal.rewound", `${lines} lines, where the machine counted ${counted}`);
}
