// Eye and glass as Firn sees them: one thing to show on, one thing to wait for.
// Rule: everything that waits here is bounded, and nothing that Firn did not ask for is delivered.

import type { Event, Picture, Sight, Size, Wants } from "../../src/model.ts";
import type { Clock, Panel, SecurityKey } from "../../src/ports.ts";
import type { Channel, End } from "./channel.ts";
import type { FromEye, FromGlass, ToEye, ToGlass } from "./lines.ts";
import { EventQueue, sightOf } from "./queue.ts";

/** A cage went away or broke the rules: Firn ends with it. */
export class CageEnded extends Error {
  readonly cage: "eye" | "glass";
  readonly why: End;

  constructor(cage: "eye" | "glass", why: End, detail: string) {
    super(`the ${cage} ended: ${why}${detail === "" ? "" : ` (${detail})`}`);
    this.name = "CageEnded";
    this.cage = cage;
    this.why = why;
  }
}

export interface Timer {
  /** Calls `fire` once after `ms`; the answer calls it off. */
  after(ms: number, fire: () => void): () => void;
}

export interface PanelParts {
  readonly eye: Channel<ToEye, FromEye>;
  readonly glass: Channel<ToGlass, FromGlass>;
  readonly clock: Pick<Clock, "monotonicMs">;
  readonly timer: Timer;
  /** Without a key for so long an idle event comes, once for each such time. */
  readonly idleMs: number;
}

/** How far things have gone: for whoever plays the machine, and for tests. */
export interface Counts {
  /** Sequence number of the last picture shown; 0 before the first. */
  readonly shown: number;
  /** Lines taken from each pipe so far. */
  readonly fromGlass: number;
  readonly fromEye: number;
  /** Lines for the security key that the glass was given. */
  readonly toKey: number;
  /** Events that were dropped: keys beyond the bound, and what nobody asked for. */
  readonly droppedKeys: number;
  readonly droppedPackets: number;
  readonly unasked: number;
}

export interface WirePanel extends Panel {
  /** Resolves when the glass has told its size; rejects with CageEnded. */
  readonly ready: Promise<void>;
  /** At the glass; what is sent while no screen wants a key goes nowhere. */
  readonly securityKey: SecurityKey;
  counts(): Counts;
  /** Called when next() waits with nothing queued, and again after each line that changed nothing about that. */
  onWaiting(take: (counts: Counts) => void): void;
  /** The orderly end: both cages are told by the end of their pipes. */
  close(): void;
}

/** The smallest screen that pictures are made for. */
const SMALLEST: Size = { columns: 40, rows: 15 };

type Waiting = { readonly resolve: (event: Event) => void; readonly reject: (error: Error) => void };

class CagePanel implements WirePanel {
  readonly ready: Promise<void>;
  readonly securityKey: SecurityKey;
  readonly #parts: PanelParts;
  readonly #queue = new EventQueue();
  #size: Size = { columns: 80, rows: 24 };
  #sized: (() => void) | undefined;
  #unready: ((error: Error) => void) | undefined;
  readonly #counts = {
    ...{ shown: 0, fromGlass: 0, fromEye: 0, toKey: 0 },
    ...{ droppedKeys: 0, droppedPackets: 0, unasked: 0 },
  };
  #report: ((counts: Counts) => void) | undefined;
  /** What the eye was last told to look for. */
  #watching: readonly Sight[] | undefined;
  /** The glass was told that a security key is wanted. */
  #keyWanted = false;
  #wants: Wants = {};
  #waiting: Waiting | undefined;
  #cancelTimer: (() => void) | undefined;
  #tickFromMs: number;
  #idleFromMs: number;
  #tickedLast = false;
  #ended: CageEnded | undefined;

  constructor(parts: PanelParts) {
    this.#parts = parts;
    this.#tickFromMs = this.#idleFromMs = parts.clock.monotonicMs();
    this.ready = new Promise((resolve, reject) => {
      this.#sized = resolve;
      this.#unready = reject;
    });
    this.securityKey = {
      send: (packet) => {
        if (this.#keyWanted) this.#toKey({ t: "packet", bytes: packet });
      },
    };
    // Whoever does not wait for it learns of the end from next().
    this.ready.catch(() => undefined);
    parts.eye.onEnd((why, detail = "") => this.#end(new CageEnded("eye", why, detail)));
    parts.glass.onEnd((why, detail = "") => this.#end(new CageEnded("glass", why, detail)));
    parts.eye.onMessage((line) => this.#took("fromEye", () => this.#fromEye(line)));
    parts.glass.onMessage((line) => this.#took("fromGlass", () => this.#fromGlass(line)));
  }

  size(): Size {
    return this.#size;
  }

  show(picture: Picture): void {
    this.#counts.shown++;
    this.#parts.glass.send({ t: "show", seq: this.#counts.shown, picture });
  }

  next(wants: Wants): Promise<Event> {
    if (this.#waiting) throw new Error("two waits at once");
    return new Promise((resolve, reject) => {
      this.#settle(wants);
      this.#waiting = { resolve, reject };
      this.#serve();
    });
  }

  poll(wants: Wants): Event | undefined {
    if (this.#waiting) throw new Error("two waits at once");
    if (this.#ended) throw this.#ended;
    this.#settle(wants);
    return this.#due();
  }

  counts(): Counts {
    return { ...this.#counts };
  }

  onWaiting(take: (counts: Counts) => void): void {
    this.#report = take;
    if (this.#waiting) take(this.counts());
  }

  close(): void {
    this.#cancelTimer?.();
    this.#parts.eye.close();
    this.#parts.glass.close();
  }

  // -------------------------------------------------------------- what Firn wants now

  #settle(wants: Wants): void {
    const now = this.#parts.clock.monotonicMs();
    if (wants.tickMs !== this.#wants.tickMs) this.#tickFromMs = now;
    if (wants.awake) this.#idleFromMs = now;
    this.#wants = wants;
    this.#wantKey(wants.key === true);
    const scan = wants.scan?.length ? wants.scan : undefined;
    const { message } = this.#queue;
    if (message && scan?.includes(message.message.kind)) return;
    const differs = String(scan) !== String(this.#watching);
    // What was seen for another screen is not for this one.
    if (message || differs) this.#counts.unasked += this.#queue.forget("sights");
    if (differs) this.#watch(scan);
  }

  #watch(kinds: readonly Sight[] | undefined): void {
    this.#watching = kinds;
    this.#parts.eye.send(kinds ? { t: "watch", kinds } : { t: "rest" });
  }

  #wantKey(wanted: boolean): void {
    if (wanted === this.#keyWanted) return;
    this.#keyWanted = wanted;
    this.#counts.unasked += this.#queue.forget("packets");
    this.#toKey({ t: "key", open: wanted });
  }

  #toKey(line: ToGlass & { readonly t: "key" | "packet" }): void {
    this.#counts.toKey++;
    this.#parts.glass.send(line);
  }

  // -------------------------------------------------------------- what comes from the cages

  #took(pipe: "fromEye" | "fromGlass", take: () => void): void {
    this.#counts[pipe]++;
    take();
    this.#serve();
  }

  #fromGlass(line: FromGlass): void {
    if (line.t === "size") {
      const { t: _, columns, rows, ...rest } = line;
      this.#size = {
        columns: Math.max(columns, SMALLEST.columns),
        rows: Math.max(rows, SMALLEST.rows),
        ...rest,
      };
      this.#sized?.();
      this.#queue.pushNewest({ kind: "resize", size: this.#size });
      return;
    }
    if (line.t === "key") this.#fromKey({ kind: "key", present: line.present });
    else if (line.t === "packet") this.#fromKey({ kind: "packet", bytes: line.bytes });
    else if (line.t === "press") this.#pressed({ kind: "press", button: line.button });
    else this.#pressed({ kind: "char", char: line.char });
  }

  #pressed(event: Event): void {
    this.#idleFromMs = this.#parts.clock.monotonicMs();
    if (!this.#queue.push(event)) this.#counts.droppedKeys++;
  }

  #fromKey(event: Event): void {
    if (!this.#keyWanted) this.#counts.unasked++;
    else if (!this.#queue.push(event)) this.#counts.droppedPackets++;
  }

  #fromEye(line: FromEye): void {
    const wanted = this.#watching;
    if (!wanted || (line.t === "message" && !wanted.includes(line.message.kind))) {
      this.#counts.unasked++;
      return;
    }
    if (line.t === "message") {
      this.#queue.push({ kind: "message", message: line.message });
      // One watch gives one message: whatever the eye says after it was not asked for.
      this.#watch(undefined);
    } else this.#queue.pushNewest(sightOf(line));
  }

  #end(ended: CageEnded): void {
    if (this.#ended) return;
    this.#ended = ended;
    this.#unready?.(ended);
    // The three end together.
    this.close();
    this.#serve();
  }

  // -------------------------------------------------------------- what is delivered

  /** Answers the wait if there is something to answer with; else sets the timer for what comes by itself. */
  #serve(): void {
    const waiting = this.#waiting;
    if (!waiting) return;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const event = this.#ended ? undefined : this.#due();
    if (event || this.#ended) {
      this.#waiting = undefined;
      if (this.#ended) waiting.reject(this.#ended);
      else if (event) waiting.resolve(event);
      return;
    }
    const ms = this.#nextDueMs();
    if (ms !== undefined) this.#cancelTimer = this.#parts.timer.after(ms, () => this.#serve());
    this.#report?.(this.counts());
  }

  /** Ticks and keys take turns when both are late, so that neither starves the other. */
  #due(): Event | undefined {
    const now = this.#parts.clock.monotonicMs();
    const { tickMs, awake } = this.#wants;
    const ticks = tickMs !== undefined && now - this.#tickFromMs >= tickMs;
    if (ticks && (!this.#tickedLast || this.#queue.empty)) {
      this.#tickFromMs = now;
      this.#tickedLast = true;
      return { kind: "tick" };
    }
    this.#tickedLast = false;
    const event = this.#queue.shift();
    if (event) return event;
    if (awake || now - this.#idleFromMs < this.#parts.idleMs) return undefined;
    this.#idleFromMs = now;
    return { kind: "idle" };
  }

  #nextDueMs(): number | undefined {
    const now = this.#parts.clock.monotonicMs();
    const { tickMs, awake } = this.#wants;
    const tick = tickMs === undefined ? undefined : this.#tickFromMs + tickMs - now;
    const idle = awake ? undefined : this.#idleFromMs + this.#parts.idleMs - now;
    if (tick === undefined || idle === undefined) return tick ?? idle;
    return Math.max(0, Math.min(tick, idle));
  }
}

/** Joins two cages into the Panel port. */
export function joinPanel(parts: PanelParts): WirePanel {
  return new CagePanel(parts);
}
