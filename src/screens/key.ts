// At the security key: plug it in, touch it, wait for it. What the key says is for the flow, unread.

import type { Block, Event } from "../model.ts";
import { type FieldAnswer, field, PRINTABLE } from "./field.ts";
import type { Screen } from "./screen.ts";
import { done } from "./screen.ts";

export interface KeyWords {
  readonly title: string;
  /** What it is for, a sentence. */
  readonly why: string;
}

/** again: it was touched for this before. */
export type KeyMoment = "plug" | "work" | "touch" | "touch-again";

export type KeyAnswer = "plugged" | "gone" | "tick" | "back" | { readonly packet: Uint8Array };

/** How often a key that is silent is looked after. */
const TICK_MS = 1000;

const TEXTS: Readonly<Record<KeyMoment, string>> = {
  plug: "Plug in the security key.",
  work: "One moment. Leave the security key in.",
  touch: "Touch the security key now. It blinks while it waits; one with a reader wants your finger.",
  "touch-again": "Touch the security key once more.",
};

export function key(words: KeyWords, moment: KeyMoment): Screen<KeyAnswer> {
  const touch = moment === "touch" || moment === "touch-again";
  return {
    draw: () => ({
      title: words.title,
      tone: touch ? "caution" : "calm",
      blocks: [
        { kind: "text", text: TEXTS[moment] },
        { kind: "text", text: words.why },
      ],
      buttons: { back: "cancel" },
    }),
    on(event: Event) {
      if (event.kind === "packet") return done<KeyAnswer>({ packet: event.bytes });
      if (event.kind === "key") return done<KeyAnswer>(event.present ? "plugged" : "gone");
      if (event.kind === "tick") return done<KeyAnswer>("tick");
      return event.kind === "press" && event.button === "back" ? done<KeyAnswer>("back") : this;
    },
    wants: { key: true, ...(moment === "plug" ? {} : { tickMs: TICK_MS }) },
  };
}

/** CTAP's bounds: four characters, 63 bytes. */
const [LEAST, MOST] = [4, 63];

/** The key's own PIN. The key stays in: "gone" where it is pulled out meanwhile. */
export function keyPin(retries: number, wrong: boolean): Screen<FieldAnswer | "gone"> {
  const left = retries === 1 ? "One try is left" : `${retries} tries are left`;
  const after = "after that the security key is blocked for good.";
  const above: Block[] = [
    { kind: "text", text: `${wrong ? "That was not its PIN. " : ""}${left}; ${after}` },
    { kind: "text", text: "This is the PIN that was set in the key itself, not Firn's." },
  ];
  const check = (value: string) => (value.length < LEAST ? `At least ${LEAST} characters.` : undefined);
  const masked = { masked: true, longest: MOST, allowed: PRINTABLE, check } as const;
  return whilePlugged(field({ title: "The key's PIN", label: "PIN of the key", above, ...masked }));
}

function whilePlugged<Answer>(screen: Screen<Answer>): Screen<Answer | "gone"> {
  return {
    draw: (size) => screen.draw(size),
    on(event, size) {
      if (event.kind === "key" && !event.present) return done("gone");
      const next = screen.on(event, size);
      if ("done" in next) return next;
      return next === screen ? this : whilePlugged(next);
    },
    wants: { ...screen.wants, key: true },
  };
}
