// Codes leave: an animated loop, its density and speed under the person's hand while it is shown.

import type { CodeLoop, Density, Event, Picture, Size } from "../model.ts";
import type { Screen } from "./screen.ts";
import { done } from "./screen.ts";

export interface CodesOptions {
  /** What this is, all of it: where the window is small there is room for nothing else. */
  readonly title: string;
  /** One line above the code: what to do with it. */
  readonly caption: string;
  /** The loop at a density. Throws a Refusal where the content fits no code of this form. */
  readonly loop: (density: Density) => CodeLoop;
  /** What `back` leads to, besides being done. */
  readonly other?: string;
  /** How to have fewer codes, beside a larger window: said where the loop has many. */
  readonly fewer?: string;
}

export const SPEEDS_MS = [400, 250, 167, 125] as const;
const DENSITIES: readonly Density[] = ["least", "low", "medium", "high"];
const SIZES: Record<Density, string> = { least: "smallest", low: "small", medium: "medium", high: "large" };
/** More codes than this are a long time with a phone in the hand. */
const MANY_CODES = 20;

export type CodesAnswer = "done" | "other";

interface State {
  readonly density: Density;
  /** The person chose the density: the window's size has no say any more. */
  readonly byHand: boolean;
  readonly loop: CodeLoop;
  readonly index: number;
  readonly speed: number;
}

/**
 * Begins with medium codes, or the largest below that which this screen has room for; else the smallest.
 * Chooses anew when the window's size changes, until the person chooses.
 */
export function codes(options: CodesOptions, size: Size): Screen<CodesAnswer> {
  return at(options, { ...fitting(options, size), byHand: false, index: 0, speed: 1 });
}

function fitting({ loop }: CodesOptions, size: Size): Pick<State, "density" | "loop"> {
  for (const density of ["medium", "low"] as const) {
    const made = loop(density);
    if (fits(made.version, size)) return { density, loop: made };
  }
  return { density: "least", loop: loop("least") };
}

/** The least quiet zone on both sides; title, banner and buttons above and below. */
const QUIET_MODULES = 4;
const CHROME_ROWS = 3;

function fits(version: number, size: Size): boolean {
  const side = 17 + 4 * version;
  if (size.codeModules !== undefined) return side <= size.codeModules;
  const modules = side + QUIET_MODULES;
  return modules <= size.columns && Math.ceil(modules / 2) + CHROME_ROWS <= size.rows;
}

function at(options: CodesOptions, now: State): Screen<CodesAnswer> {
  const count = now.loop.texts.length;
  return {
    wants: { awake: true, ...(count > 1 ? { tickMs: SPEEDS_MS[now.speed]! } : {}) },
    draw: (size) => picture(options, now, size),
    on(event: Event) {
      if (event.kind === "tick") return at(options, { ...now, index: (now.index + 1) % count });
      if (event.kind === "resize") return now.byHand ? this : (resized(options, now, event.size) ?? this);
      if (event.kind !== "press") return this;
      if (event.button === "up") return denser(options, now);
      if (event.button === "down") return at(options, { ...now, speed: (now.speed + 1) % SPEEDS_MS.length });
      if (event.button === "ok") return done("done");
      if (event.button === "back") return done(options.other === undefined ? "done" : "other");
      return this;
    },
  };
}

function picture(options: CodesOptions, { density, loop, index, speed }: State, size: Size): Picture {
  const count = loop.texts.length;
  const fewer = count > MANY_CODES ? fewerWords(options, size) : undefined;
  return {
    title: options.title,
    ...(count > 1 ? { step: `code ${index + 1} of ${count}` } : {}),
    tone: "calm",
    blocks: [
      { kind: "text", text: options.caption },
      ...(fewer === undefined ? [] : [{ kind: "text", text: fewer } as const]),
      { kind: "code", loop, index },
    ],
    buttons: {
      up: `size ${SIZES[density]}`,
      ...(count > 1 ? { down: `speed ${speed + 1}/${SPEEDS_MS.length}` } : {}),
      ok: "done",
      ...(options.other === undefined ? { back: "done" } : { back: options.other }),
    },
  };
}

/** A panel that draws codes in pixels is no window: it has the size that it has. */
function fewerWords({ fewer }: CodesOptions, { codeModules }: Size): string | undefined {
  if (codeModules === undefined)
    return `Make the window larger${fewer === undefined ? "" : `, or ${fewer},`} for fewer codes.`;
  return fewer === undefined ? undefined : `For fewer codes ${fewer}.`;
}

/** Undefined where the new size changes nothing: the loop then goes on where it is. */
function resized(options: CodesOptions, now: State, size: Size): Screen<CodesAnswer> | undefined {
  const fresh = fitting(options, size);
  return fresh.density === now.density ? undefined : at(options, { ...now, ...fresh, index: 0 });
}

function denser(options: CodesOptions, now: State): Screen<CodesAnswer> {
  const density = DENSITIES[(DENSITIES.indexOf(now.density) + 1) % DENSITIES.length]!;
  return at(options, { ...now, density, byHand: true, loop: options.loop(density), index: 0 });
}
