// The chained record of everything that this device did. One synced line a fact; the ledger is their sum.

import { equal, toHex } from "../bytes.ts";
import type { Clock, Counter, Random, Store } from "../ports.ts";
import { reckon, type Stamp } from "../reckoning.ts";
import { Refusal, refuse } from "../refusal.ts";
import type { Ledger } from "../rules.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { readCheckpoint, writeCheckpoint } from "./checkpoint.ts";
import type { Draft, Entry } from "./entry.ts";
import { decodeEntry, encodeEntry } from "./entry.ts";
import { SpendLedger } from "./ledger.ts";
import { GENESIS, sealLine } from "./line.ts";
import { next, type Place, readLines, segmentName, walk } from "./segments.ts";

export type { Draft, Entry } from "./entry.ts";
export { destinationMark, type Grounds, spentLine } from "./entry.ts";
export { emptyLedger } from "./ledger.ts";
export { sentenceOf } from "./sentences.ts";

const CHECKPOINT_LINES = 64;

/** How far the journal is known to reach: kept, sealed, outside of it. head: 64 hex digits. */
export interface Anchor {
  readonly count: number;
  readonly head: string;
}

export interface JournalParts {
  readonly store: Store;
  /** 32 bytes from the vault, for the journal alone. Copied. */
  readonly key: Uint8Array;
  readonly random: Random;
  readonly clock: Omit<Clock, "breathe">;
  readonly anchor?: Anchor;
  /** Outside of the medium: raised after each line, so that an older copy of all of it is noticed. */
  readonly counter?: Counter;
  /** What the counter stood at when there was no line. */
  readonly counterBase?: number;
}

const START: Checkpoint = {
  place: { count: 0, head: GENESIS, segment: 1, length: 0 },
  spends: [],
  newestMs: 0,
  last: undefined,
  serial: 0,
};

/**
 * Reads what follows the checkpoint (everything, where there is none) and changes nothing.
 * Throws Refusal journal.damaged (with the line), journal.truncated, journal.foreign, journal.newer,
 * journal.rewound, seal.failed, store.*.
 */
export async function openJournal(parts: JournalParts): Promise<Journal> {
  const { store, key, anchor } = parts;
  const known = (await readCheckpoint(store, key)) ?? START;
  const ledger = new SpendLedger(known.spends);
  let { newestMs, serial, last } = known;
  const { place, torn } = await walk(store, key, known.place, (text, { count }) => {
    const entry = decodeEntry(text, count);
    ledger.add(entry);
    newestMs = Math.max(newestMs, entry.at);
    last = stampOf(entry, newestMs);
    if (entry.kind === "kept") serial = entry.serial;
  });
  if (anchor) await checkAnchor(parts, anchor, place);
  await checkCounter(parts, place.count);
  return new Journal(parts, { place, newestMs, serial, last }, ledger, known.place.count, torn);
}

/** Lines of before there were stamps say only what the machine's clock said: what was written since is unknown. */
function stampOf({ clock, at }: Entry, newestMs: number): Stamp {
  return { at: newestMs, ...(clock ?? { wallMs: at, onMs: 0, boot: "" }) };
}

/** One line more than was counted is one whose raise a cut of power took: it is counted now. Nothing else will do. */
async function checkCounter(
  { counter, counterBase = 0 }: Pick<JournalParts, "counter" | "counterBase">,
  lines: number,
): Promise<void> {
  if (!counter) return;
  const counted = (await counter.value()) - counterBase;
  if (lines === counted + 1) await counter.raise();
  else if (lines !== counted)
    refuse("journal.rewound", `${lines} lines, where the machine counted ${counted}`);
}

async function checkAnchor({ store, key }: JournalParts, anchor: Anchor, place: Place): Promise<void> {
  if (place.count < anchor.count)
    refuse("journal.truncated", `${place.count} lines, where the home remembers ${anchor.count}`);
  if (anchor.count === 0) return;
  const [line] = await readLines(store, key, anchor.count, anchor.count);
  if (toHex(line!.head) !== anchor.head) refuse("journal.foreign", `line ${anchor.count}`);
}

export class Journal {
  readonly #parts: JournalParts;
  readonly #key: Uint8Array;
  readonly #ledger: SpendLedger;
  #counting: Pick<JournalParts, "counter" | "counterBase">;
  #state: Omit<Checkpoint, "spends">;
  /** Lines that the checkpoint on the medium covers. */
  #covered: number;
  /** A segment that may hold more than whole lines, and how much of it is whole. */
  #torn: { readonly segment: number; readonly length: number } | undefined;
  #busy = false;
  /** A line is on the medium that the machine's counter does not know yet, or may not: its answer was lost. */
  #uncounted: "no" | "yes" | "perhaps" = "no";

  /** Only openJournal makes one. */
  constructor(
    parts: JournalParts,
    state: Omit<Checkpoint, "spends">,
    ledger: SpendLedger,
    covered: number,
    torn: boolean,
  ) {
    this.#parts = parts;
    this.#counting = parts;
    this.#ledger = ledger;
    this.#key = Uint8Array.from(parts.key);
    this.#state = state;
    this.#covered = covered;
    this.#torn = torn ? state.place : undefined;
  }

  /**
   * One line at the end; when this resolves it is on the medium. Throws Refusal store.* and is then as before:
   * the line was not written, or is cut off again before the next one. One at a time.
   */
  async append(draft: Draft): Promise<void> {
    if (this.#busy) throw new Error("the journal is closed, or another line is under way");
    this.#busy = true;
    try {
      await this.#mend();
      await this.#count();
      await this.#write(this.#stamped(draft));
      await this.#renew();
    } finally {
      this.#busy = false;
    }
  }

  /** What was recorded, for judge. It grows with every line. */
  ledger(): Ledger {
    return this.#ledger;
  }

  /** Now, as windows and waits count time: Unix, ms. */
  nowMs(): number {
    return reckon(this.#parts.clock, this.#state.last).at;
  }

  /** The latest `most` lines, oldest first, read from the medium. Throws Refusal journal.damaged, store.*. */
  async entries(most = 200): Promise<readonly Entry[]> {
    const { count } = this.#state.place;
    if (count === 0) return [];
    const lines = await readLines(this.#parts.store, this.#key, Math.max(1, count - most + 1), count);
    return lines.map(({ line, text }) => decodeEntry(text, line));
  }

  /** How many lines there are, and the head of the last: what an anchor remembers. */
  head(): Anchor {
    const { count, head } = this.#state.place;
    return { count, head: toHex(head) };
  }

  /** Of the home as it was last written, as far as this record knows. */
  serial(): number {
    return this.#state.serial;
  }

  /** The latest time that any line carries, Unix ms; a clock before it was set back. 0 where there is no line. */
  newestMs(): number {
    return this.#state.newestMs;
  }

  /** Reads the whole chain from its first line. Throws Refusal journal.damaged with the line, journal.truncated. */
  async verify(): Promise<void> {
    const { place } = await walk(this.#parts.store, this.#key, START.place, (text, { count }) => {
      decodeEntry(text, count);
    });
    const { count, head } = this.#state.place;
    if (place.count < count) refuse("journal.truncated", `${place.count} of ${count} lines`);
    if (place.count > count || !equal(place.head, head)) refuse("journal.foreign", `line ${place.count}`);
  }

  /** Wipes the key. Nothing can be read or written afterwards. */
  close(): void {
    this.#key.fill(0);
    this.#busy = true;
  }

  /** From the next line on this counter counts, and no other. What it stands at belongs to the present lines. */
  countOn(counter: Counter, counterBase: number): void {
    this.#counting = { counter, counterBase };
    this.#uncounted = "no";
  }

  #stamped(draft: Draft): Entry {
    const { at: reckoned, ...clock } = reckon(this.#parts.clock, this.#state.last);
    const at = draft.kind === "time-proven" ? Math.max(reckoned, draft.notBefore) : reckoned;
    return { ...draft, at, clock };
  }

  async #mend(): Promise<void> {
    if (this.#torn === undefined) return;
    const name = segmentName(this.#torn.segment);
    const { store } = this.#parts;
    if ((await store.names()).includes(name)) await store.truncate(name, this.#torn.length);
    this.#torn = undefined;
  }

  async #write(entry: Entry): Promise<void> {
    const { place, newestMs, serial } = this.#state;
    const { segment, length } = next(place);
    const line = place.count + 1;
    const sealed = sealLine(this.#key, line, place.head, encodeEntry(entry), this.#parts.random);
    this.#torn = { segment, length };
    await this.#parts.store.append(segmentName(segment), sealed.frame);
    this.#torn = undefined;
    this.#state = {
      place: { count: line, head: sealed.head, segment, length: length + sealed.frame.length },
      newestMs: Math.max(newestMs, entry.at),
      serial: entry.kind === "kept" ? entry.serial : serial,
      last: stampOf(entry, Math.max(newestMs, entry.at)),
    };
    this.#ledger.add(entry);
    this.#uncounted = "yes";
    await this.#count();
  }

  /** A raise that failed may have counted all the same, and counting twice would shut the home for ever. */
  async #count(): Promise<void> {
    const before = this.#uncounted;
    if (before === "no") return;
    this.#uncounted = "perhaps";
    if (before === "yes") await this.#counting.counter?.raise();
    else await checkCounter(this.#counting, this.#state.place.count);
    this.#uncounted = "no";
  }

  /** The line is on the medium already, so a medium that refuses the shortcut changes nothing: it is tried again. */
  async #renew(): Promise<void> {
    const { count } = this.#state.place;
    if (count - this.#covered < CHECKPOINT_LINES) return;
    try {
      const { store, random } = this.#parts;
      await writeCheckpoint(store, this.#key, random, { ...this.#state, spends: this.#ledger.since(0) });
      this.#covered = count;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
  }
}
