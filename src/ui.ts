// The one loop that draws and waits, and the one place where a hold is counted:
// by Firn's own clock, from single presses. No cage can send a hold.

import type { Button, Event, Picture, Wants } from "./model.ts";
import type { Ports } from "./ports.ts";
import type { Work } from "./request.ts";
import { progress } from "./screens/progress.ts";
import type { Screen } from "./screens/screen.ts";

/** Thrown through all flows when the session ends: idle, the owner's wish, the long hold of back. */
export class Locked extends Error {
  readonly why: "idle" | "asked";

  constructor(why: "idle" | "asked") {
    super(why);
    this.why = why;
  }
}

export interface Desk {
  readonly ports: Ports;
  /** On every screen: the network unless it is mainnet, and practice. */
  banner: string | undefined;
  readonly gestures: Gestures;
  /** Keys are open: the idle lock counts. Before that there is nothing to lock, and words to write down. */
  guarded: boolean;
}

export function openDesk(ports: Ports): Desk {
  const banner = ports.machine.practice ? "PRACTICE KEYS" : undefined;
  return { ports, banner, gestures: new Gestures(), guarded: false };
}

/** Work between events takes at most this long at a time. */
const STEP_MS = 15;
const REDRAW_MS = 100;

/**
 * Shows the screen until it answers. `meanwhile` is stepped between events and may throw a Refusal,
 * which then ends the question; it need not have ended when the answer comes.
 */
export async function ask<Answer>(
  desk: Desk,
  first: Screen<Answer>,
  meanwhile?: Work<unknown>,
): Promise<Answer> {
  const { panel, clock } = desk.ports;
  let screen = first;
  let picture = show(desk, screen);
  let busy = meanwhile !== undefined;
  desk.gestures.pageCame(clock.monotonicMs());
  for (;;) {
    const ownTicks = desk.gestures.holding && screen.wants?.tickMs === undefined;
    const wants: Wants = {
      ...screen.wants,
      ...(ownTicks ? { tickMs: LOOK_MS } : {}),
      ...(desk.guarded ? {} : { awake: true }),
    };
    let event = busy ? panel.poll(wants) : await panel.next(wants);
    if (event === undefined) {
      busy = !run(desk, meanwhile!);
      await clock.breathe();
      continue;
    }
    if (event.kind === "idle") throw new Locked("idle");
    event = desk.gestures.read(event, clock.monotonicMs(), picture.hold !== undefined);
    if (event.kind === "held" && event.button === "back") throw new Locked("asked");
    if (event.kind === "tick" && ownTicks) continue;
    const next = screen.on(event, panel.size());
    if ("done" in next) return next.done;
    if (next === screen && event.kind !== "resize") continue;
    screen = next;
    picture = show(desk, screen);
    if (event.kind === "press" || event.kind === "char" || event.kind === "resize")
      desk.gestures.pageCame(clock.monotonicMs());
  }
}

function show<Answer>(desk: Desk, screen: Screen<Answer>): Picture {
  const picture = screen.draw(desk.ports.panel.size());
  desk.ports.panel.show(withBanner(desk, picture));
  return picture;
}

/** Steps the work for a while; true when it has come to its end. */
function run(desk: Desk, work: Work<unknown>): boolean {
  const until = desk.ports.clock.monotonicMs() + STEP_MS;
  do {
    if (work.next().done) return true;
  } while (desk.ports.clock.monotonicMs() < until);
  return false;
}

/** Runs long work to its end, showing how far it is; the idle lock and the long hold of back still count. */
export async function perform<T>(desk: Desk, title: string, work: Work<T>): Promise<T> {
  const { panel, clock } = desk.ports;
  const started = clock.monotonicMs();
  let shownAt = started;
  let until = started + STEP_MS;
  for (;;) {
    const step = work.next();
    if (step.done) {
      drain(desk);
      return step.value;
    }
    const now = clock.monotonicMs();
    if (now < until) continue;
    if (now - shownAt >= REDRAW_MS) {
      panel.show(withBanner(desk, progress(title, step.value)));
      shownAt = now;
    }
    await clock.breathe();
    drain(desk);
    until = clock.monotonicMs() + STEP_MS;
  }
}

/** Waits for something that the machine does elsewhere (key stretching, the disk). */
export async function wait<T>(desk: Desk, title: string, promise: Promise<T>): Promise<T> {
  desk.ports.panel.show(withBanner(desk, progress(title)));
  return promise;
}

function withBanner(desk: Desk, picture: Picture): Picture {
  return desk.banner === undefined ? picture : { ...picture, banner: desk.banner };
}

/** Keys pressed while work was under way, or held since then, are not for the screen that comes next. */
export function drain(desk: Desk): void {
  for (;;) {
    const event = desk.ports.panel.poll({ awake: true });
    if (event === undefined) return;
    const read = desk.gestures.drop(event, desk.ports.clock.monotonicMs());
    if (read.kind === "held" && read.button === "back") throw new Locked("asked");
  }
}

const HOLD_OK_MS = 1500;
const HOLD_BACK_MS = 3000;
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

/** Turns single presses into holds. Times are the monotonic clock's, ms. */
export class Gestures {
  #quietSince = 0;
  #ok: Run | undefined;
  #back: Run | undefined;
  /** When the ok of a counted hold, or one that was dropped, last repeated: until let go it is nobody's press. */
  #spentMs = Number.NEGATIVE_INFINITY;

  /** A hold of ok is under way, as far as is known. */
  get holding(): boolean {
    return this.#ok !== undefined;
  }

  /** A page came onto the glass, or something was pressed: silence begins anew. */
  pageCame(nowMs: number): void {
    this.#quietSince = nowMs;
    this.#ok = undefined;
  }

  read(event: Event, nowMs: number, countOk: boolean): Event {
    if (event.kind === "tick") return this.#look(event, nowMs);
    if (event.kind !== "press") {
      if (event.kind === "char") this.#stop(nowMs);
      return event;
    }
    if (event.button === "back") return this.#readBack(event, nowMs);
    this.#back = undefined;
    if (event.button === "ok" && nowMs - this.#spentMs <= GAP_MS) {
      this.#spentMs = nowMs;
      return { kind: "holding", share: 0 };
    }
    if (event.button === "ok" && countOk) return this.#readOk(nowMs);
    this.#stop(nowMs);
    return event;
  }

  /** Reads what nobody asked for: until it is let go, an ok that was pressed then is nobody's press. */
  drop(event: Event, nowMs: number): Event {
    const read = this.read(event, nowMs, false);
    if (event.kind === "press" && event.button === "ok") this.#spentMs = nowMs;
    return read;
  }

  /** A key that has not repeated for longer than its gap was let go: the hold shows nothing any more. */
  #look(tick: Event, nowMs: number): Event {
    if (this.#ok === undefined || nowMs - this.#ok.last <= GAP_MS) return tick;
    this.#ok = undefined;
    return { kind: "holding", share: 0 };
  }

  #stop(nowMs: number): void {
    this.#quietSince = nowMs;
    this.#ok = undefined;
    this.#back = undefined;
  }

  #readOk(nowMs: number): Event {
    const run = this.#ok;
    if (run && nowMs - run.last <= GAP_MS) {
      run.last = nowMs;
      if (nowMs - run.since < HOLD_OK_MS) return { kind: "holding", share: (nowMs - run.since) / HOLD_OK_MS };
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
      if (nowMs - run.since >= HOLD_BACK_MS) {
        this.#back = undefined;
        return { kind: "held", button: "back" };
      }
    } else this.#back = { button: "back", since: nowMs, last: nowMs };
    return event;
  }
}
