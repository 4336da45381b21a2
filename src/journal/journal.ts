// The journal while it is open: one synced line a fact.

import { equal } from "../bytes.ts";
import type { Counter } from "../ports.ts";
import { reckon } from "../reckoning.ts";
import { Refusal, refuse } from "../refusal.ts";
import type { Ledger } from "../rules.ts";
import { writeCheckpoint } from "./checkpoint.ts";
import { type Draft, decodeEntry, type Entry, encodeEntry } from "./entry.ts";
import type { SpendLedger } from "./ledger.ts";
import { sealLine } from "./line.ts";
import { type Counting, checkCounter, type JournalParts, type Reading } from "./opening.ts";
import {
  damaged,
  exportLines,
  type Found,
  type Line,
  readEntries,
  type Source,
  searchLines,
} from "./reading.ts";
import { next, reaching, segmentName } from "./segments.ts";
import { JournalKey } from "./signing.ts";
import { type Anchor, after, anchorOf, START, type Standing } from "./standing.ts";

/** After so many lines the next one is a signature. */
const ATTESTED_LINES = 64;

export class Journal {
  readonly #parts: JournalParts;
  readonly #key: Uint8Array;
  readonly #signing: JournalKey;
  readonly #ledger: SpendLedger;
  #counting: Counting;
  #standing: Standing;
  /** Lines that the checkpoint on the medium covers, and after how many more it is renewed. */
  #covered: number;
  #renewAfter: number;
  /** A segment that may hold more than whole lines, and how much of it is whole. */
  #torn: { readonly segment: number; readonly length: number } | undefined;
  #busy = false;
  /** A line is on the medium that the machine's counter does not know yet, or may not: its answer was lost. */
  #uncounted: "no" | "yes" | "perhaps" = "no";

  /** Only openJournal makes one. */
  constructor(parts: JournalParts, { standing, ledger, torn, covered, renewAfter }: Reading) {
    this.#parts = parts;
    this.#counting = parts;
    this.#ledger = ledger;
    this.#key = Uint8Array.from(parts.key);
    this.#signing = new JournalKey(parts.signing);
    this.#standing = standing;
    this.#covered = covered;
    this.#renewAfter = renewAfter;
    this.#torn = torn ? standing.place : undefined;
  }

  /**
   * One line at the end; when this resolves it is on the medium. Throws Refusal store.* and is then as before:
   * the line was not written, or is cut off again before the next one. One at a time.
   */
  async append(draft: Draft): Promise<void> {
    await this.#alone(async () => {
      if (this.#standing.place.count - this.#standing.attested >= ATTESTED_LINES) await this.#attest();
      await this.#write(draft);
      await this.#renew();
    });
  }

  /** Signs all lines so far; nothing where the last line did so already. */
  async attest(): Promise<void> {
    const { place, attested } = this.#standing;
    if (place.count === attested) return;
    await this.#alone(() => this.#attest());
  }

  /** What was recorded, for judge. It grows with every line. */
  ledger(): Ledger {
    return this.#ledger;
  }

  /** Now, as windows and waits count time: Unix, ms. */
  nowMs(): number {
    return reckon(this.#parts.clock, this.#standing.last).at;
  }

  /** The latest `most` lines, oldest first, read from the medium. Throws Refusal journal.damaged, store.*. */
  async entries(most = 200): Promise<readonly Entry[]> {
    const { count } = this.#standing.place;
    return (await this.lines(Math.max(1, count - most + 1), count)).map(({ entry }) => entry);
  }

  /** Lines `from` to `to` as far as there are any, oldest first. Throws Refusal journal.damaged, store.*. */
  async lines(from: number, to: number): Promise<readonly Line[]> {
    return readEntries(this.#source(), Math.max(1, from), Math.min(to, this.#standing.place.count));
  }

  /** Newest first, from the line before `before` down: a few lines a step, for as long as somebody asks for more. */
  search(matches: (entry: Entry) => boolean, before = Number.POSITIVE_INFINITY): AsyncGenerator<Found> {
    return searchLines(this.#source(), matches, Math.min(before - 1, this.#standing.place.count));
  }

  /** Lines `from` to `to`, signed, for scripts/verify-journal.ts: in chunks. Several that follow each other join. */
  exportText(from: number, to: number): AsyncGenerator<string> {
    return exportLines(this.#source(), this.#signing, from, to);
  }

  /** Of the journal's own signing key, 64 hex digits. */
  publicKey(): string {
    return this.#signing.publicKey();
  }

  /** body: "Firn receipt 1", then further lines, each ended; signed, with "signature" and the signature as the last. */
  signReceipt(body: string): string {
    return this.#signing.signReceipt(body);
  }

  /** The number of the last line, and its head: what an anchor remembers. */
  head(): Anchor {
    return anchorOf(this.#standing);
  }

  /** Of the home as it was last written, as far as this record knows. */
  serial(): number {
    return this.#standing.serial;
  }

  /** The latest time that any line carries, Unix ms; a clock before it was set back. 0 where there is no line. */
  newestMs(): number {
    return this.#standing.newestMs;
  }

  /** All of verifying. */
  async verify(): Promise<void> {
    for await (const _ of this.verifying());
  }

  /**
   * Reads the whole chain from its first line, and proves every signature: a few lines a step, each yields what share
   * is done. Throws Refusal journal.damaged with the line, journal.truncated, journal.foreign.
   */
  async *verifying(): AsyncGenerator<number> {
    const { count, head } = this.#standing.place;
    let before = START.place.head;
    const steps = reaching(this.#parts.store, this.#key, START.place, (text, place) => {
      const entry = decodeEntry(text, place.count);
      if (entry.kind === "attested" && !this.#signing.isAttested(place.count - 1, before, entry.signature))
        damaged(place.count);
      before = place.head;
    });
    let step = await steps.next();
    for (; !step.done; step = await steps.next()) yield Math.min(1, step.value / count);
    const { broken, place } = step.value;
    if (broken) refuse(broken.reason, broken.detail);
    if (place.count < count) refuse("journal.truncated", `${place.count} of ${count} lines`);
    if (place.count > count || !equal(place.head, head)) refuse("journal.foreign", `line ${place.count}`);
  }

  /** Wipes the keys. Nothing can be read or written afterwards. */
  close(): void {
    this.#key.fill(0);
    this.#signing.wipe();
    this.#busy = true;
  }

  /** From the next line on this counter counts, and no other. What it stands at belongs to the present lines. */
  countOn(counter: Counter, counterBase: number): void {
    this.#counting = { counter, counterBase };
    this.#uncounted = "no";
  }

  #source(): Source {
    return { store: this.#parts.store, key: this.#key, gaps: this.#standing.gaps };
  }

  async #alone(write: () => Promise<void>): Promise<void> {
    if (this.#busy) throw new Error("the journal is closed, or another line is under way");
    this.#busy = true;
    try {
      await write();
    } finally {
      this.#busy = false;
    }
  }

  #stamped(draft: Draft): Entry {
    const { at: reckoned, ...clock } = reckon(this.#parts.clock, this.#standing.last);
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

  async #attest(): Promise<void> {
    const { count, head } = this.#standing.place;
    await this.#write({ kind: "attested", signature: this.#signing.attest(count, head) });
  }

  async #write(draft: Draft): Promise<void> {
    await this.#mend();
    await this.#count();
    const entry = this.#stamped(draft);
    const { place } = this.#standing;
    const { segment, length } = next(place);
    const line = place.count + 1;
    const sealed = sealLine(this.#key, line, place.head, encodeEntry(entry), this.#parts.random);
    this.#torn = { segment, length };
    await this.#parts.store.append(segmentName(segment), sealed.frame);
    this.#torn = undefined;
    const end = { count: line, head: sealed.head, segment, length: length + sealed.frame.length };
    this.#standing = after(this.#standing, entry, end);
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
    else await checkCounter(this.#counting, this.#standing.place.count);
    this.#uncounted = "no";
  }

  /** The line is on the medium already, so a medium that refuses the shortcut changes nothing: it is tried again. */
  async #renew(): Promise<void> {
    const { count } = this.#standing.place;
    if (count - this.#covered < this.#renewAfter) return;
    try {
      const { store, random } = this.#parts;
      const snapshot = this.#ledger.snapshot();
      this.#renewAfter = await writeCheckpoint(store, this.#key, random, this.#standing, snapshot);
      this.#covered = count;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
  }
}
