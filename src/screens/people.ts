// Persons: what a code for an authenticator looks like, and what is said where somebody is asked for a proof.

import type { Block, CodeLoop } from "../model.ts";
import { DIGITS, type FieldAnswer, field } from "./field.ts";
import type { Screen } from "./screen.ts";
import { done } from "./screen.ts";

/** One code that stands still. `other`: what back leads to. */
export function oneCode(options: {
  readonly title: string;
  readonly caption: string;
  /** One text. */
  readonly loop: CodeLoop;
  readonly other: string;
}): Screen<"done" | "other"> {
  const { title, caption, loop, other } = options;
  return {
    wants: { awake: true },
    draw: () => ({
      title,
      tone: "calm",
      blocks: [
        { kind: "text", text: caption },
        { kind: "code", loop, index: 0 },
      ],
      buttons: { ok: "go on", back: other },
    }),
    on(event) {
      if (event.kind !== "press") return this;
      if (event.button === "ok") return done("done");
      return event.button === "back" ? done("other") : this;
    },
  };
}

export interface CodeWords {
  readonly title: string;
  readonly above: readonly Block[];
  readonly digits: number;
}

/** Six digits that an authenticator shows: seen as they are typed, for they are worth nothing a minute later. */
export function oneTimeCode({ title, above, digits }: CodeWords): Screen<FieldAnswer> {
  const check = (value: string) => (value.length < digits ? `${digits} digits.` : undefined);
  return field({ title, label: "Code", above, allowed: DIGITS, longest: digits, check });
}

/** What this device takes the time to be. `agreed`: how long ago it was last seen to be the authenticator's. */
export function timeBlocks(dateMs: number, agreed: string | undefined): Block[] {
  const here: Block = {
    kind: "fact",
    label: "Time here (30 seconds off will do)",
    value: `${utcSeconds(dateMs)} UTC`,
  };
  if (agreed === undefined) return [here];
  return [here, { kind: "fact", label: "Last agreed with this authenticator", value: `${agreed} ago` }];
}

/** "2026-01-01 12:00:00"; beyond what a date can say, the number itself. */
export function utcSeconds(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? String(ms) : date.toISOString().slice(0, 19).replace("T", " ");
}
