// A code to be copied by hand: whole, so that it can be scanned, and zone by zone under a grid.

import type { Button, CodeLoop, Event, Picture, Size } from "../model.ts";
import type { Done, Screen } from "./screen.ts";
import { done } from "./screen.ts";

export interface SeedGridOptions {
  /** "SeedQR". */
  readonly title: string;
  /** What to do with the whole of it, in a line. */
  readonly caption: string;
  /** One code, in `texts[0]`. */
  readonly loop: CodeLoop;
}

interface Place {
  readonly row: number;
  readonly column: number;
}

/** As SeedSigner's templates have it: the smallest code in 3 × 3 zones of seven, all others in zones of five. */
function sideOf(modules: number): number {
  return modules === 21 ? 7 : 5;
}

/** Nobody fills in more than 33 × 33 modules by hand. */
function isCopied({ version }: CodeLoop): boolean {
  return version <= 4;
}

/** `at`: the zone that is shown; undefined shows the whole code. */
export function seedGrid(options: SeedGridOptions, at?: Place): Screen<"done" | "back"> {
  const modules = 17 + 4 * options.loop.version;
  const count = Math.ceil(modules / sideOf(modules));
  const to = (place: Place) => seedGrid(options, place);
  return {
    wants: { awake: true },
    draw: (size) => (at ? zonePicture(options, at, count, size) : wholePicture(options)),
    on(event: Event): Screen<"done" | "back"> | Done<"done" | "back"> {
      if (event.kind !== "press") return this;
      if (at === undefined) {
        if (event.button === "back") return done("back");
        if (event.button !== "ok") return this;
        return isCopied(options.loop) ? to({ row: 0, column: 0 }) : done("done");
      }
      if (event.button === "back") return seedGrid(options);
      if (event.button !== "ok") return to(moved(at, event.button, count));
      const next = at.row * count + at.column + 1;
      if (next === count * count) return done("done");
      return to({ row: Math.floor(next / count), column: next % count });
    },
  };
}

const ROOMY = 60;
const HINT = { kind: "text", text: "Fill in what is dark.\nArrows go to other zones." } as const;

const STEPS: Readonly<Record<Exclude<Button, "ok" | "back">, readonly [number, number]>> = {
  up: [-1, 0],
  down: [1, 0],
  left: [0, -1],
  right: [0, 1],
};

/** Over the edge and in again at the other side. */
function moved({ row, column }: Place, button: keyof typeof STEPS, count: number): Place {
  const [down, right] = STEPS[button];
  return { row: (row + down + count) % count, column: (column + right + count) % count };
}

function wholePicture({ title, caption, loop }: SeedGridOptions): Picture {
  return {
    title,
    tone: "calm",
    blocks: [
      { kind: "text", text: caption },
      { kind: "code", loop, index: 0 },
    ],
    buttons: { ok: isCopied(loop) ? "copy" : "done", back: "leave" },
  };
}

/** Rows of zones have letters, columns numbers: A-1 is at the top left. */
function zonePicture(options: SeedGridOptions, { row, column }: Place, count: number, size: Size): Picture {
  const { title, loop } = options;
  const letter = (at: number) => String.fromCharCode(65 + at);
  const map = Array.from({ length: count }, (_, y) => {
    const zones = Array.from({ length: count }, (_, x) => (y === row && x === column ? "■" : "·"));
    return `${letter(y)} ${zones.join(" ")}`;
  });
  const last = row * count + column + 1 === count * count;
  return {
    title: `${title}: zone ${letter(row)}-${column + 1}`,
    step: `${row * count + column + 1} of ${count * count}`,
    tone: "calm",
    blocks: [
      { kind: "text", text: map.join("\n") },
      ...(size.columns >= ROOMY ? [HINT] : []),
      { kind: "code", loop, index: 0, zone: { row, column, side: sideOf(17 + 4 * loop.version) } },
    ],
    buttons: { ok: last ? "done" : "next", back: "whole" },
  };
}
