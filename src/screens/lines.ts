// A long record, newest first: the cursor goes through what is there, and where it comes to the end of that, more is
// asked for. However long it is, a picture holds only what lies around the cursor.

import type { Block } from "../model.ts";
import type { Screen } from "./screen.ts";
import { done } from "./screen.ts";

export interface LinesOptions {
  readonly title: string;
  readonly above?: readonly Block[];
  readonly items: readonly string[];
  /** More lie behind the last one. */
  readonly more: boolean;
}

/** A line to be opened; "more" where the cursor went past the last one that is there. */
export type LinesAnswer = { readonly open: number } | "more" | "back";

/** More than any screen shows before and behind the cursor. */
const AROUND = 40;
/** So many a press of right or left. */
const LEAP = 10;

export function lines(options: LinesOptions, cursor = 0): Screen<LinesAnswer> {
  const { items, more } = options;
  const last = items.length - 1;
  const to = (wanted: number) => {
    if (wanted > last && more) return done<LinesAnswer>("more");
    return lines(options, Math.max(0, Math.min(wanted, last)));
  };
  return {
    draw() {
      const from = Math.max(0, cursor - AROUND);
      return {
        title: options.title,
        step: `${cursor + 1} of ${items.length}${more ? " and more" : ""}`,
        tone: "calm",
        blocks: [
          ...(options.above ?? []),
          { kind: "list", items: items.slice(from, cursor + AROUND + 1), cursor: cursor - from },
        ],
        buttons: { up: "up", down: "down", ok: "open", back: "back" },
      };
    },
    on(event) {
      if (event.kind !== "press") return this;
      if (event.button === "down") return to(cursor + 1);
      if (event.button === "up") return to(cursor - 1);
      if (event.button === "right") return to(cursor + LEAP);
      if (event.button === "left") return to(cursor - LEAP);
      return done<LinesAnswer>(event.button === "ok" ? { open: cursor } : "back");
    },
  };
}
