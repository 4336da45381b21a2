// Codes leave: an animated loop, its density and speed under the person's hand while it is shown.

import type { CodeLoop, Density, Event, Size } from "../model.ts";
import type { Screen } from "./screen.ts";
import { done } from "./screen.ts";

export interface CodesOptions {
  readonly title: string;
  /** One line above the code: what this is. */
  readonly caption: string;
  /** The loop at a density. Throws a Refusal where the content fits no code of this form. */
  readonly loop: (density: Density) => CodeLoop;
  /** What `back` leads to, besides being done. */
  readonly other?: string;
}

export const SPEEDS_MS = [400, 250, 167, 125] as const;
const DENSITIES: readonly Density[] = ["least", "low", "medium", "high"];
const SIZES: Record<Density, string> = { least: "smallest", low: "small", medium: "medium", high: "large" };

export type CodesAnswer = "done" | "other";

/** Begins with medium codes, or the largest below that which this screen has room for; else the smallest. */
export function codes(options: CodesOptions, size: Size): Screen<CodesAnswer> {
  const tried = (["medium", "low", "least"] as const).map((density) => ({
    density,
    loop: options.loop(density),
  }));
  const { density, loop } = tried.find((one) => fits(one.loop.version, size)) ?? tried.at(-1)!;
  return state(options, density, loop, 0, 1);
}

/** The least quiet zone on both sides; title, banner and buttons above and below. */
const QUIET_MODULES = 4;
const CHROME_ROWS = 3;

function fits(version: number, size: Size): boolean {
  const modules = 17 + 4 * version + QUIET_MODULES;
  return modules <= size.columns && Math.ceil(modules / 2) + CHROME_ROWS <= size.rows;
}

function state(
  options: CodesOptions,
  density: Density,
  loop: CodeLoop,
  index: number,
  speed: number,
): Screen<CodesAnswer> {
  const count = loop.texts.length;
  const denser = DENSITIES[(DENSITIES.indexOf(density) + 1) % DENSITIES.length]!;
  return {
    wants: { awake: true, ...(count > 1 ? { tickMs: SPEEDS_MS[speed]! } : {}) },
    draw: () => ({
      title: options.title,
      ...(count > 1 ? { step: `code ${index + 1} of ${count}` } : {}),
      tone: "calm",
      blocks: [
        { kind: "text", text: options.caption },
        { kind: "code", loop, index },
      ],
      buttons: {
        up: `size ${SIZES[density]}`,
        ...(count > 1 ? { down: `speed ${speed + 1}/${SPEEDS_MS.length}` } : {}),
        ok: "done",
        ...(options.other === undefined ? { back: "done" } : { back: options.other }),
      },
    }),
    on(event: Event) {
      if (event.kind === "tick") return state(options, density, loop, (index + 1) % count, speed);
      if (event.kind !== "press") return this;
      if (event.button === "up") return codesAt(options, denser, speed);
      if (event.button === "down")
        return state(options, density, loop, index, (speed + 1) % SPEEDS_MS.length);
      if (event.button === "ok") return done("done");
      if (event.button === "back") return done(options.other === undefined ? "done" : "other");
      return this;
    },
  };
}

function codesAt(options: CodesOptions, density: Density, speed: number): Screen<CodesAnswer> {
  return state(options, density, options.loop(density), 0, speed);
}
