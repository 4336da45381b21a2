// Dice or coins, typed as they fall: with a keyboard, or with four buttons by a dial. Counted, and shown as typed.

import type { Block, Event, Picture, Size } from "../model.ts";
import { bodySize, utf8, wrap } from "../text.ts";
import type { Done, Screen } from "./screen.ts";
import { done } from "./screen.ts";

export interface RollsOptions {
  readonly title: string;
  readonly ask: string;
  /** What one roll can be, in the dial's order. */
  readonly faces: string;
  /** Other keys that mean a face. */
  readonly also?: Readonly<Record<string, string>>;
  /** So many are needed, and no fewer are taken; more are, up to `most`. */
  readonly least: number;
  readonly most: number;
}

/** The faces in ASCII, as they fell; the caller wipes them. */
export type RollsAnswer = Uint8Array | "back";

interface State {
  readonly typed: string;
  /** Place of the face that the dial shows; −1 where it shows none. */
  readonly dial: number;
  readonly wrong: string;
}

const GROUP = 5;

export function rolls(
  options: RollsOptions,
  state: State = { typed: "", dial: -1, wrong: "" },
): Screen<RollsAnswer> {
  const { faces, most } = options;
  const { typed, dial } = state;
  const next = (change: Partial<State>) => rolls(options, { typed, dial: -1, wrong: "", ...change });
  const add = (key: string) => {
    const face = options.also?.[key] ?? key;
    // People type groups.
    if (face === " ") return next({});
    if (!faces.includes(face)) return next({ wrong: `Only ${[...faces].join(", ")} can be typed here.` });
    if (typed.length >= most) return next({ wrong: "That is enough: no more are taken." });
    return next({ typed: typed + face });
  };
  const turn = (by: number) => {
    const from = dial < 0 ? (by > 0 ? -1 : 0) : dial;
    return next({ dial: (from + by + faces.length) % faces.length });
  };
  return {
    draw: (size) => picture(options, state, bodySize(size)),
    on(event: Event) {
      if (event.kind === "char") return event.char === "\b" ? erased(state, next) : add(event.char);
      if (event.kind !== "press") return this;
      if (event.button === "down") return turn(1);
      if (event.button === "up") return turn(-1);
      if (event.button === "back") return dial < 0 ? erased(state, next) : next({});
      if (event.button !== "ok") return this;
      return dial < 0 ? finish(options, state, next) : add(faces[dial]!);
    },
  };
}

type Next = (change: Partial<State>) => Screen<RollsAnswer>;

function erased({ typed }: State, next: Next): Screen<RollsAnswer> | Done<RollsAnswer> {
  return typed === "" ? done<RollsAnswer>("back") : next({ typed: typed.slice(0, -1) });
}

function finish({ least }: RollsOptions, { typed }: State, next: Next) {
  const missing = least - typed.length;
  return missing > 0 ? next({ wrong: `Still needed: ${missing}.` }) : done<RollsAnswer>(utf8(typed));
}

function picture({ title, ask, faces, least }: RollsOptions, state: State, body: Size): Picture {
  const { typed, dial, wrong } = state;
  const count = `${typed.length} of ${least}`;
  const texts = [ask, ...(wrong === "" ? [] : [wrong])];
  const above = texts.reduce((sum, text) => sum + wrap(text, body.columns).length, 0);
  // Where not all have room the last ones are to be seen; erasing shows those before.
  const room = Math.max(1, body.rows - above - 3);
  const shown = wrap(grouped(typed + (dial < 0 ? "" : faces[dial])), body.columns - 2).slice(-room);
  const enough = typed.length >= least;
  return {
    title,
    step: count,
    tone: wrong === "" ? "calm" : "caution",
    blocks: [
      ...texts.map((text): Block => ({ kind: "text", text })),
      { kind: "meter", label: count, share: Math.min(1, typed.length / least) },
      { kind: "field", label: "As they fell", value: shown.join("\n") },
    ],
    buttons: {
      up: "turn",
      down: "turn",
      ...(dial >= 0 ? { ok: `take ${faces[dial]}` } : enough ? { ok: "done" } : {}),
      back: typed === "" && dial < 0 ? "back" : "erase",
    },
  };
}

function grouped(typed: string): string {
  return typed.match(new RegExp(`.{1,${GROUP}}`, "g"))?.join(" ") ?? "";
}
