// Holds where the machine has lines for them: counted from what Firn itself reads there, whatever the glass says.
// The glass's presses still walk about. Times are the monotonic clock's, ms.

import type { Counted, Holds } from "./gestures.ts";
import { FREEZE_MS, Gestures, HOLD_MS } from "./gestures.ts";
import type { Button, Event } from "./model.ts";
import type { Hold } from "./ports.ts";

/** How often the lines are read while a page asks for a hold, or something is held; and otherwise, for the freeze. */
const LOOK_MS = 40;
const REST_MS = 250;
/**
 * A level counts once looks have seen nothing else for so long. Contacts bounce for some ms: a flicker that is shorter
 * meets one look at most, and neither begins a hold nor ends one.
 */
const SETTLE_MS = 30;
/** Between two looks further apart than this a button may have been let go: what is held then begins anew. */
const BLIND_MS = 300;
/** A line that flickers more often within one hold is held by nobody: a wire is off. */
const MOST_FLICKERS = 3;
/** A single back on a page that asks for both: so long it may still be the first of the two. */
const ALONE_MS = 250;

/** One line as Firn has seen it. */
interface Line {
  /** Settled. Until it was seen released for the first time it is taken for pressed, and counts for nothing. */
  pressed: boolean;
  since: number;
  /** Since when looks have seen the other level. */
  otherSince: number | undefined;
  flickers: number;
  /** Was seen released since the start, and since the page came. */
  known: boolean;
  armed: boolean;
  /** Held from an earlier hold or page: until it is let go the glass's presses of it are nobody's. */
  spent: boolean;
}

const ASKED = { ok: ["ok"], both: ["ok", "back"] } as const;

export class HoldLines implements Holds {
  readonly #hold: Hold;
  /** The long back of a keyboard freezes too. */
  readonly #glass = new Gestures();
  readonly #lines: Readonly<Record<"ok" | "back", Line>>;
  #lookedMs: number;
  /** When a single back came on a page that asks for both. */
  #aloneMs: number | undefined;
  #told = 0;

  constructor(hold: Hold, nowMs: number) {
    this.#hold = hold;
    this.#lines = { ok: unseen(nowMs), back: unseen(nowMs) };
    this.#lookedMs = nowMs;
  }

  lookMs(counted: Counted): number {
    const busy = Object.values(this.#lines).some((line) => line.known && isBusy(line));
    return counted !== "none" || busy || this.#aloneMs !== undefined ? LOOK_MS : REST_MS;
  }

  pageCame(nowMs: number): void {
    this.#glass.pageCame(nowMs);
    this.#look(nowMs);
    this.#aloneMs = undefined;
    this.#told = 0;
    for (const line of Object.values(this.#lines)) {
      line.armed = false;
      // Whatever was seen of a press belongs to the page before.
      if (line.otherSince === undefined || line.pressed) continue;
      line.pressed = true;
      line.since = line.otherSince;
      line.otherSince = undefined;
    }
  }

  read(event: Event, nowMs: number, counted: Counted): Event {
    this.#look(nowMs);
    if (event.kind === "tick") return this.#outcome(nowMs, counted) ?? event;
    const read = this.#glass.read(event, nowMs, "none");
    if (event.kind !== "press" || read.kind === "held") return read;
    return this.#pressed(event.button, nowMs, counted) ?? event;
  }

  drop(event: Event, nowMs: number): Event {
    this.#look(nowMs);
    for (const line of Object.values(this.#lines)) line.spent ||= line.known && isBusy(line);
    return this.#glass.drop(event, nowMs);
  }

  freezes(nowMs: number): boolean {
    this.#look(nowMs);
    return this.#isLongBack(nowMs);
  }

  // ---------------------------------------------------------------- what the lines say

  #isLongBack(nowMs: number): boolean {
    const { known, pressed, since } = this.#lines.back;
    return known && pressed && nowMs - since >= FREEZE_MS;
  }

  #look(nowMs: number): void {
    const blind = nowMs - this.#lookedMs > BLIND_MS;
    this.#lookedMs = nowMs;
    const levels = this.#hold.levels();
    for (const name of ["ok", "back"] as const) {
      const line = this.#lines[name];
      if (blind) beginAnew(line, nowMs);
      see(line, levels[name], nowMs);
    }
  }

  /** What is held now, as an event; undefined where nothing changed about it. */
  #outcome(nowMs: number, counted: Counted): Event | undefined {
    const since = this.#heldSince(counted);
    // Whoever holds both for a page that asks for both does not mean the freeze.
    const wait = counted === "both" && since !== undefined;
    if (!wait && this.#isLongBack(nowMs)) return { kind: "held", button: "back" };
    // The look that ends a hold saw nothing else itself.
    const steady = Object.values(this.#lines).every(({ otherSince }) => otherSince === undefined);
    if (counted !== "none" && since !== undefined && steady && nowMs - since >= HOLD_MS) {
      for (const name of ASKED[counted]) spend(this.#lines[name], nowMs);
      this.#aloneMs = undefined;
      this.#told = 0;
      return { kind: "held", button: counted };
    }
    return this.#alone(nowMs) ?? this.#share(since, nowMs);
  }

  /** Since when exactly the lines that the page asks for are pressed. */
  #heldSince(counted: Counted): number | undefined {
    const { ok, back } = this.#lines;
    const held =
      counted === "both" ? isHeld(ok) && isHeld(back) : counted === "ok" && isHeld(ok) && !back.pressed;
    return held ? Math.max(ok.since, back.since) : undefined;
  }

  #share(since: number | undefined, nowMs: number): Event | undefined {
    const share = since === undefined ? 0 : Math.min(1, (nowMs - since) / HOLD_MS);
    if (share === this.#told) return undefined;
    this.#told = share;
    return { kind: "holding", share };
  }

  // ---------------------------------------------------------------- what the glass says

  /** Undefined where it stays the press that it is. */
  #pressed(button: Button, nowMs: number, counted: Counted): Event | undefined {
    if (button !== "ok" && button !== "back") return undefined;
    const still: Event = { kind: "holding", share: this.#told };
    if (this.#lines[button].spent) return still;
    if (button === "ok") return counted === "none" ? undefined : still;
    if (counted !== "both") return undefined;
    this.#aloneMs ??= nowMs;
    return still;
  }

  /** A back to which no ok came is a press after all, once no button is down. */
  #alone(nowMs: number): Event | undefined {
    const { ok, back } = this.#lines;
    if (this.#aloneMs === undefined) return undefined;
    if (ok.pressed && back.pressed && ok.armed && back.armed) this.#aloneMs = undefined;
    else if (nowMs - this.#aloneMs > ALONE_MS && !(back.known && isBusy(back))) {
      this.#aloneMs = undefined;
      return { kind: "press", button: "back" };
    }
    return undefined;
  }
}

function unseen(nowMs: number): Line {
  return {
    pressed: true,
    since: nowMs,
    otherSince: undefined,
    flickers: 0,
    known: false,
    armed: false,
    spent: false,
  };
}

/** A hold was counted: what goes on being held begins anew, and may freeze in the end. */
function spend(line: Line, nowMs: number): void {
  line.since = nowMs;
  line.armed = false;
  line.spent = true;
}

function isBusy({ pressed, otherSince }: Line): boolean {
  return pressed || otherSince !== undefined;
}

function isHeld({ armed, pressed }: Line): boolean {
  return armed && pressed;
}

function beginAnew(line: Line, sinceMs: number): void {
  line.since = sinceMs;
  line.otherSince = undefined;
  line.flickers = 0;
}

function see(line: Line, raw: boolean, nowMs: number): void {
  if (raw !== line.pressed) {
    line.otherSince ??= nowMs;
    if (nowMs - line.otherSince < SETTLE_MS) return;
    line.pressed = raw;
    beginAnew(line, line.otherSince);
  } else if (line.otherSince !== undefined) {
    line.otherSince = undefined;
    if (++line.flickers > MOST_FLICKERS) beginAnew(line, nowMs);
  }
  if (line.pressed) return;
  line.known = true;
  line.armed = true;
  line.spent = false;
}
