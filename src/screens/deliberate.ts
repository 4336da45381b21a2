// The last step before an act that gives away more than a payment: back and ok are held together, or, where a
// keyboard is all there is, the word that is shown is typed. A hold that was meant for a payment can never serve here.

import type { Block } from "../model.ts";
import type { Screen } from "./screen.ts";
import { done } from "./screen.ts";

export interface DeliberateOptions {
  readonly title: string;
  readonly blocks: readonly Block[];
  /** What happens: "to show the words". */
  readonly what: string;
  /**
   * Another one each time, so that nobody types it by habit. Absent where Firn reads the buttons itself: a glass that
   * lies could type the word that it was given to show.
   */
  readonly word?: string;
}

export function deliberate(options: DeliberateOptions, typed = "", share = 0): Screen<"yes" | "no"> {
  const { title, blocks, what, word } = options;
  const meter = share > 0 ? [{ kind: "meter", label: "Held", share } as const] : [];
  return {
    wants: { hold: true, both: true },
    draw: () => ({
      title,
      tone: "caution",
      blocks: [...blocks, ...asked(options, typed), ...meter],
      buttons: { back: "leave" },
      hold: `hold both ${what}`,
    }),
    on(event) {
      if (event.kind === "held" && event.button === "both") return done("yes");
      if (event.kind === "holding") return deliberate(options, typed, event.share);
      if (event.kind === "press" && event.button === "back") return done("no");
      if (event.kind !== "char" || word === undefined) return this;
      if (event.char === "\b") return deliberate(options, typed.slice(0, -1));
      const longer = typed + event.char.toLowerCase();
      if (longer === word) return done("yes");
      return longer.length <= LONGEST ? deliberate(options, longer) : this;
    },
  };
}

function asked({ what, word }: DeliberateOptions, typed: string): Block[] {
  const ask = `Hold back and ok together ${what}`;
  if (word === undefined) return [{ kind: "text", text: `${ask}: the buttons, no keyboard.` }];
  return [
    { kind: "text", text: `${ask}, or type this word: ${word}` },
    { kind: "field", label: "Word", value: typed },
  ];
}

const LONGEST = 16;
