// The one loop that draws and waits.

import { Gestures, LOOK_MS } from "./gestures.ts";
import type { Picture, Wants } from "./model.ts";
import type { Ports } from "./ports.ts";
import type { Work } from "./request.ts";
import { progress } from "./screens/progress.ts";
import type { Screen } from "./screens/screen.ts";

/** asked: the owner's wish. afresh: words or a PIN were on the glass. frozen: the long hold of back. wiped: for ever. */
export type WhyLocked = "idle" | "asked" | "afresh" | "frozen" | "wiped";

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
    const ownTicks = desk.gestures.waits && screen.wants?.tickMs === undefined;
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
    event = desk.gestures.read(event, clock.monotonicMs(), countedOn(screen, picture));
    if (event.kind === "held" && event.button === "back") throw new Locked("frozen");
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

/** The hold that this page asks for. */
function countedOn<Answer>(screen: Screen<Answer>, picture: Picture): "ok" | "both" | "none" {
  if (picture.hold === undefined) return "none";
  return screen.wants?.both ? "both" : "ok";
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
    if (read.kind === "held" && read.button === "back") throw new Locked("frozen");
  }
}
