// Holds: counted by Firn's own clock, from single presses where the machine has no lines for them (hold-lines.ts).
// No cage can send a hold.

import type { Button, Event } from "./model.ts";

export const HOLD_MS = 1500;
export const FREEZE_MS = 3000;
/** A key that repeats more slowly than this was let go. */
const GAP_MS = 700;
/** How often a hold under way is looked after, so that one that was let go does not stay on the screen. */
const LOOK_MS = 300;
/** A hold begins only after this much silence since the page came: a key held from before never counts. */
const SILENCE_MS = 700;

interface Run {
  readonly button: Button;
  readonly since: number;
  last: number;
}

/** A single back on a page that asks for both: so long it may still be the first of the two. */
const ALONE_MS = 250;

/** The hold that a page asks for. */
export type Counted = "ok" | "both" | "none";

/** What counts holds. Times are the monotonic clock's, ms. */
export interface Holds {
  /** When it wants a tick at the latest, ms from the last; undefined where only a press can begin a hold. */
  lookMs(counted: Counted): number | undefined;
  /** A page came onto the glass, or something was pressed: what was held before counts for nothing. */
  pageCame(nowMs: number): void;
  /** The event itself, or what it means: a hold, its share so far, a press that waited for another. */
  read(event: Event, nowMs: number, counted: Counted): Event;
  /** Reads what nobody asked for: until it is let go, what was held then is nobody's press. */
  drop(event: Event, nowMs: number): Event;
  /** To be asked while work is under way and no events come: back was held for the freeze. */
  freezes(nowMs: number): boolean;
}

/** Turns single presses into holds. */
export class Gestures implements Holds {
  #quietSince = 0;
  #ok: Run | undefined;
  #back: Run | undefined;
  #both: Both | undefined;
  /** When the ok of a counted hold, or one that was dropped, last repeated: until let go it is nobody's press. */
  #spentMs = Number.NEGATIVE_INFINITY;
  /** The same for the back of a counted hold of both. */
  #spentBackMs = Number.NEGATIVE_INFINITY;

  /** While a hold is under way, as far as is known, or a press waits for what comes with it. */
  lookMs(): number | undefined {
    return this.#ok !== undefined || this.#both !== undefined ? LOOK_MS : undefined;
  }

  /** Silence begins anew. */
  pageCame(nowMs: number): void {
    this.#quietSince = nowMs;
    this.#ok = undefined;
    this.#both = undefined;
  }

  read(event: Event, nowMs: number, counted: Counted): Event {
    if (event.kind === "tick") return this.#look(event, nowMs);
    if (event.kind !== "press") {
      if (event.kind === "char") this.#stop(nowMs);
      return event;
    }
    if (counted === "both" && (event.button === "back" || event.button === "ok"))
      return this.#readBoth(event, event.button, nowMs);
    if (event.button === "back") return this.#readBack(event, nowMs);
    this.#back = undefined;
    if (event.button === "ok" && nowMs - this.#spentMs <= GAP_MS) {
      this.#spentMs = nowMs;
      return { kind: "holding", share: 0 };
    }
    if (event.button === "ok" && counted === "ok") return this.#readOk(nowMs);
    this.#stop(nowMs);
    return event;
  }

  drop(event: Event, nowMs: number): Event {
    const read = this.read(event, nowMs, "none");
    if (event.kind === "press" && event.button === "ok") this.#spentMs = nowMs;
    return read;
  }

  /** Keys are known by their events alone. */
  freezes(): boolean {
    return false;
  }

  /** A key that has not repeated for longer than its gap was let go: the hold shows nothing any more. */
  #look(tick: Event, nowMs: number): Event {
    if (this.#both) return this.#lookBoth(tick, this.#both, nowMs);
    if (this.#ok === undefined || nowMs - this.#ok.last <= GAP_MS) return tick;
    this.#ok = undefined;
    return { kind: "holding", share: 0 };
  }

  #stop(nowMs: number): void {
    this.#quietSince = nowMs;
    this.#ok = undefined;
    this.#back = undefined;
    this.#both = undefined;
  }

  #readOk(nowMs: number): Event {
    const run = this.#ok;
    if (run && nowMs - run.last <= GAP_MS) {
      run.last = nowMs;
      if (nowMs - run.since < HOLD_MS) return { kind: "holding", share: (nowMs - run.since) / HOLD_MS };
      this.#stop(nowMs);
      this.#spentMs = nowMs;
      return { kind: "held", button: "ok" };
    }
    const silent = nowMs - this.#quietSince >= SILENCE_MS;
    this.#quietSince = nowMs;
    this.#ok = silent ? { button: "ok", since: nowMs, last: nowMs } : undefined;
    return { kind: "holding", share: 0 };
  }

  #readBack(event: Event, nowMs: number): Event {
    this.#ok = undefined;
    this.#quietSince = nowMs;
    const run = this.#back;
    if (run && nowMs - run.last <= GAP_MS) {
      run.last = nowMs;
      if (nowMs - run.since >= FREEZE_MS) {
        this.#back = undefined;
        return { kind: "held", button: "back" };
      }
    } else this.#back = { button: "back", since: nowMs, last: nowMs };
    if (nowMs - this.#spentBackMs > GAP_MS) return event;
    this.#spentBackMs = nowMs;
    return { kind: "holding", share: 0 };
  }

  /** Both count from the later one's first press, and as long as each goes on repeating. */
  #readBoth(event: Event, button: "back" | "ok", nowMs: number): Event {
    const frozen = button === "back" ? this.#readBack(event, nowMs) : event;
    if (frozen.kind === "held" && this.#both?.since === undefined) return frozen;
    if (nowMs - this.#spentMs <= GAP_MS) {
      this.#spentMs = nowMs;
      return { kind: "holding", share: 0 };
    }
    const both: Both = this.#both ?? { ok: undefined, back: undefined, since: undefined };
    both[button] = nowMs;
    const { ok, back } = both;
    this.#both = both;
    if (ok === undefined || back === undefined) return { kind: "holding", share: 0 };
    if (Math.abs(ok - back) > GAP_MS) {
      both.since = undefined;
      both[button === "ok" ? "back" : "ok"] = undefined;
      return { kind: "holding", share: 0 };
    }
    both.since ??= nowMs;
    if (nowMs - both.since < HOLD_MS) return { kind: "holding", share: (nowMs - both.since) / HOLD_MS };
    this.#stop(nowMs);
    this.#spentMs = nowMs;
    this.#spentBackMs = nowMs;
    return { kind: "held", button: "both" };
  }

  /** A back that stayed alone is a press after all; two that are not repeated were let go. */
  #lookBoth(tick: Event, both: Both, nowMs: number): Event {
    const { ok, back } = both;
    if (ok === undefined && back !== undefined && nowMs - back > ALONE_MS) {
      this.#both = undefined;
      return { kind: "press", button: "back" };
    }
    if (nowMs - Math.max(ok ?? 0, back ?? 0) <= GAP_MS) return tick;
    this.#both = undefined;
    return { kind: "holding", share: 0 };
  }
}

/** When each was last pressed, and since when both are held. */
interface Both {
  ok: number | undefined;
  back: number | undefined;
  since: number | undefined;
}
