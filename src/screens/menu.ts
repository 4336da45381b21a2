// A list to choose from. Answers are words of the caller's choosing.

import type { Block, Tone } from "../model.ts";
import type { Screen } from "./screen.ts";
import { done } from "./screen.ts";

export interface Item<Answer> {
  readonly label: string;
  readonly answer: Answer;
}

export interface MenuOptions<Answer> {
  readonly title: string;
  readonly items: readonly Item<Answer>[];
  readonly above?: readonly Block[];
  readonly tone?: Tone;
  /** Absent where there is nowhere to go back to. */
  readonly back?: Item<Answer>;
}

export function menu<Answer>(options: MenuOptions<Answer>, cursor = 0): Screen<Answer> {
  const { items, back } = options;
  const count = items.length;
  return {
    draw: () => ({
      title: options.title,
      tone: options.tone ?? "calm",
      blocks: [...(options.above ?? []), { kind: "list", items: items.map((item) => item.label), cursor }],
      buttons: { up: "up", down: "down", ok: "choose", ...(back ? { back: back.label } : {}) },
    }),
    on(event) {
      if (event.kind !== "press") return this;
      if (event.button === "down") return menu(options, (cursor + 1) % count);
      if (event.button === "up") return menu(options, (cursor + count - 1) % count);
      if (event.button === "ok") return done(items[cursor]!.answer);
      if (event.button === "back" && back) return done(back.answer);
      return this;
    },
  };
}
