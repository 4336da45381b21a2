// The one loop that draws and waits.

import { type Counted, Gestures, type Holds } from "./gestures.ts";
import { HoldLines } from "./hold-lines.ts";
import type { Picture, Wants } from "./model.ts";
import type { Facts, Ports, Stick } from "./ports.ts";
import type { Work } from "./request.ts";
import { progress, stoppable } from "./screens/progress.ts";
import type { Screen } from "./screens/screen.ts";

/**
 * asked: the owner's wish. afresh: words or a PIN were on the glass. frozen: the long hold of back. off: the machine is
 * switched off. wiped: for ever.
 */
export type WhyLocked = "idle" | "asked" | "afresh" | "frozen" | "off" | "wiped";

/** Thrown through all flows when the session ends. */
export class Locked extends Error {
  readonly why: WhyLocked;

  constructor(why: WhyLocked) {
    super(why);
    this.why = why;
  }
}

export interface Desk {
  readonly ports: Ports;
  /** On every screen: the network unless it is mainnet, and practice. */
  banner: string | undefined;
  readonly holds: Holds;
  /** Keys are open: the idle lock counts. Before that there is nothing to lock, and words to write down. */
  guarded: boolean;
  /** The stick, where the owner lets one in: see flows/stick.ts. */
  stick: Stick | undefined;
  /** What was found of the machine when it was last looked at; undefined where it says nothing of itself. */
  facts: Facts | undefined;
}

export function openDesk(ports: Ports): Desk {
  const banner = ports.machine.practice ? "PRACTICE KEYS" : undefined;
  const { hold, clock } = ports;
  const holds = hold ? new HoldLines(hold, clock.monotonicMs()) : new Gestures();
  return { ports, banner, holds, guarded: false, stick: ports.stick, facts: undefined };
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
  let tickedMs = clock.monotonicMs();
  desk.holds.pageCame(tickedMs);
  for (;;) {
    const wants = wantsNow(desk, screen, countedOn(screen, picture), tickedMs);
    let event = busy ? panel.poll(wants) : await panel.next(wants);
    if (event === undefined) {
      busy = !run(desk, meanwhile!);
      await clock.breathe();
      continue;
    }
    if (event.kind === "idle") throw new Locked("idle");
    const nowMs = clock.monotonicMs();
    event = desk.holds.read(event, nowMs, countedOn(screen, picture));
    if (event.kind === "held" && event.button === "back") throw new Locked("frozen");
    if (event.kind === "tick") {
      if (!isDue(screen, nowMs - tickedMs)) continue;
      tickedMs = nowMs;
    }
    const next = screen.on(event, panel.size());
    if ("done" in next) return next.done;
    if (next === screen && event.kind !== "resize") continue;
    if (next.wants?.tickMs !== screen.wants?.tickMs) tickedMs = nowMs;
    screen = next;
    picture = show(desk, screen);
    if (event.kind === "press" || event.kind === "char" || event.kind === "resize")
      desk.holds.pageCame(clock.monotonicMs());
  }
}

/** What the screen wants, and ticks for whoever looks after holds. */
function wantsNow<Answer>(desk: Desk, { wants }: Screen<Answer>, counted: Counted, tickedMs: number): Wants {
  const lookMs = desk.holds.lookMs(counted);
  const own = wants?.tickMs;
  const leftMs = own === undefined ? [] : [Math.max(1, tickedMs + own - desk.ports.clock.monotonicMs())];
  const ticks = lookMs === undefined ? leftMs : [...leftMs, lookMs];
  return {
    ...wants,
    ...(ticks.length === 0 ? {} : { tickMs: Math.min(...ticks) }),
    ...(desk.guarded ? {} : { awake: true }),
  };
}

/** A tick that came early was only for the holds. */
function isDue<Answer>({ wants }: Screen<Answer>, sinceMs: number): boolean {
  return wants?.tickMs !== undefined && sinceMs >= wants.tickMs;
}

/** The hold that this page asks for. */
function countedOn<Answer>(screen: Screen<Answer>, picture: Picture): Counted {
  if (picture.hold === undefined) return "none";
  return screen.wants?.both ? "both" : "ok";
}

function show<Answer>(desk: Desk, screen: Screen<Answer>): Picture {
  const picture = screen.draw(desk.ports.panel.size());
  desk.ports.panel.show(dressed(desk, picture));
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
      panel.show(dressed(desk, progress(title, step.value)));
      shownAt = now;
    }
    await clock.breathe();
    drain(desk);
    until = clock.monotonicMs() + STEP_MS;
  }
}

/** As perform, for work that reads the card between its steps, and that a person may stop. */
export async function performReading<T>(
  desk: Desk,
  title: string,
  work: AsyncGenerator<number, T, void>,
): Promise<T | "stopped"> {
  const { panel, clock } = desk.ports;
  let shownAt = Number.NEGATIVE_INFINITY;
  for (;;) {
    const step = await work.next();
    if (step.done) {
      drain(desk);
      return step.value;
    }
    const now = clock.monotonicMs();
    if (now - shownAt >= REDRAW_MS) {
      panel.show(dressed(desk, stoppable(title, step.value)));
      shownAt = now;
    }
    await clock.breathe();
    if (drain(desk) === "back") {
      await work.return(undefined as never);
      return "stopped";
    }
  }
}

/** Waits for something that the machine does elsewhere (key stretching, the disk). */
export async function wait<T>(desk: Desk, title: string, promise: Promise<T>, words?: string): Promise<T> {
  desk.ports.panel.show(dressed(desk, progress(title, undefined, words)));
  return promise;
}

/** What holds for every picture of this machine: its banner, and what a hold is held on. */
function dressed(desk: Desk, picture: Picture): Picture {
  const { banner, ports } = desk;
  const { hold } = picture;
  return {
    ...picture,
    ...(banner === undefined ? {} : { banner }),
    // Where Firn reads the buttons itself no key of a keyboard will do.
    ...(ports.hold && hold !== undefined ? { hold: hold.replace(/^hold ok\b/, "hold the ok button") } : {}),
  };
}

/** Keys pressed while work was under way, or held since then, are not for the screen that comes next. */
export function drain(desk: Desk): "back" | "nothing" {
  let pressed: "back" | "nothing" = "nothing";
  for (;;) {
    const event = desk.ports.panel.poll({ awake: true });
    if (event === undefined) break;
    if (event.kind === "press" && event.button === "back") pressed = "back";
    const read = desk.holds.drop(event, desk.ports.clock.monotonicMs());
    if (read.kind === "held" && read.button === "back") throw new Locked("frozen");
  }
  if (desk.holds.freezes(desk.ports.clock.monotonicMs())) throw new Locked("frozen");
  return pressed;
}
