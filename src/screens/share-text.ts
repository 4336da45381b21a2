// A share that is a string of letters, typed: in groups of four as on paper, at once or letter by letter by the dial.

import type { Block, Event, Size } from "../model.ts";
import { bodySize, wrap } from "../text.ts";
import type { Screen } from "./screen.ts";
import { done } from "./screen.ts";

export interface ShareTextOptions {
  readonly title: string;
  readonly ask: string;
  /** What every such string begins with, capitals: it stands there already, and may be typed all the same. */
  readonly begins: string;
  /** Capitals, in the dial's order. */
  readonly letters: string;
  /** Which signs never occur, in a few words. */
  readonly foreign: string;
  readonly longest: number;
  /** What is odd about the letters so far, said while the others are typed. */
  readonly watch?: (text: string) => string | undefined;
}

interface State {
  readonly text: string;
  /** Place of the letter that the dial shows; −1 where it shows none. */
  readonly dial: number;
  readonly wrong: string;
}

export type ShareTextAnswer = { readonly text: string } | "back";

const GROUP = 4;

/** `before`: typed already, and what was wrong with it. */
export function shareText(
  options: ShareTextOptions,
  before: { readonly text: string; readonly wrong: string } = { text: options.begins, wrong: "" },
): Screen<ShareTextAnswer> {
  return at(options, { ...before, dial: -1 });
}

function at(options: ShareTextOptions, state: State): Screen<ShareTextAnswer> {
  const { begins, letters } = options;
  const { text, dial } = state;
  const next = (change: Partial<State>) => at(options, { ...state, dial: -1, wrong: "", ...change });
  const add = (letter: string) => {
    if (text.length >= options.longest)
      return next({ wrong: `There are never more than ${options.longest} letters.` });
    return next({ text: text + letter });
  };
  // What is odd about the letters stays said until they are others.
  const wrong = state.wrong || (options.watch?.(text) ?? "");
  const erase = () => (text === begins ? done<ShareTextAnswer>("back") : next({ text: text.slice(0, -1) }));
  return {
    draw: (size) => ({
      title: options.title,
      step: `letter ${text.length + 1}`,
      tone: wrong === "" ? "calm" : "caution",
      blocks: blocks(options, { ...state, wrong }, bodySize(size)),
      buttons: {
        up: "turn",
        down: "turn",
        ok: dial < 0 ? "done" : `take ${letters[dial]}`,
        back: text === begins && dial < 0 ? "back" : "erase",
      },
    }),
    on(event: Event) {
      if (event.kind === "char") return onChar(event.char);
      if (event.kind !== "press") return this;
      if (event.button === "up" || event.button === "down") {
        const by = event.button === "down" ? 1 : -1;
        const from = dial < 0 && by < 0 ? 0 : dial;
        return next({ dial: (from + by + letters.length) % letters.length });
      }
      if (event.button === "back") return dial < 0 ? erase() : next({});
      if (event.button !== "ok") return this;
      return dial < 0 ? done<ShareTextAnswer>({ text }) : add(letters[dial]!);
    },
  };

  function onChar(char: string): ReturnType<Screen<ShareTextAnswer>["on"]> {
    if (char === "\b") return text === begins ? next({}) : erase();
    if (char === " ") return next({ wrong: state.wrong });
    const letter = char.toUpperCase();
    // Whoever types the beginning too means the one that stands there.
    if (text + letter === begins + begins) return next({ text: begins });
    return letters.includes(letter) ? add(letter) : next({ wrong: options.foreign });
  }
}

function blocks(options: ShareTextOptions, { text, dial, wrong }: State, body: Size): Block[] {
  const whole = text.length - (text.length % GROUP);
  const typing = text.slice(whole) + (dial < 0 ? "" : options.letters[dial]!);
  const said = wrong === "" ? options.ask : wrong;
  const room = body.rows - 2 - wrap(said, body.columns).length;
  // Where there is room for few, the last groups typed are the ones to see.
  const lines = groupLines(text.slice(0, whole), body.columns).slice(-Math.max(1, room));
  return [
    { kind: "text", text: said },
    { kind: "field", label: `Group ${whole / GROUP + 1}`, value: typing },
    ...(lines.length === 0 ? [] : [{ kind: "text", text: lines.join("\n") } as const]),
  ];
}

/** Each line begins with the number of its first group. */
export function groupLines(text: string, columns: number): string[] {
  const groups = text.match(/.{1,4}/g) ?? [];
  const most = Math.max(1, Math.min(8, Math.floor((columns - 2) / (GROUP + 1))));
  const lines: string[] = [];
  for (let from = 0; from < groups.length; from += most)
    lines.push(`${String(from + 1).padEnd(2)} ${groups.slice(from, from + most).join(" ")}`);
  return lines;
}
