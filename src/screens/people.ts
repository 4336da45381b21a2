// Persons: what a code for an authenticator looks like, and what is said where somebody is asked for a proof.

import { CODE_LENGTH, CODE_LETTERS } from "../code.ts";
import type { Block, CodeLoop } from "../model.ts";
import { CODE } from "../rules.ts";
import { DIGITS, type FieldAnswer, field } from "./field.ts";
import { menu } from "./menu.ts";
import type { Screen } from "./screen.ts";
import { done } from "./screen.ts";

export interface Asked {
  /** "0.50001234 BTC", one an asset. */
  readonly takes: readonly string[];
  /** "anna", "1 of bert, carl": one an ask. */
  readonly needed: readonly string[];
  /** Asked, and not enrolled here. */
  readonly missing: readonly string[];
  /** Who can still prove something. */
  readonly persons: readonly string[];
}

/** Persons in any order, each by himself; and whoever comes later reads for himself. */
export function whoAgrees({
  takes,
  needed,
  missing,
  persons,
}: Asked): Screen<{ readonly person: string } | "read" | "decline"> {
  const absent = missing.join(", ");
  const named = absent.length > LINE_CHARS ? `${missing.length} persons` : absent;
  const items = persons.map((person) => ({
    label: person === CODE ? "The transaction's code" : person,
    answer: { person },
  }));
  return menu<{ readonly person: string } | "read" | "decline">({
    title: "Who agrees?",
    above: [
      {
        kind: "fact",
        label: "It takes, fee included",
        value: takes.join("\n") || "nothing: it is a message",
      },
      { kind: "fact", label: "Still needed", value: needed.join("\n") },
      ...(missing.length === 0 ? [] : [{ kind: "text", text: `Not enrolled here: ${named}.` } as const]),
    ],
    items: [...items, { label: "Read the transaction again", answer: "read" }],
    back: { label: "decline", answer: "decline" },
  });
}

/** A list of names takes no more, so that those to choose from have room on the smallest screen. */
export const LINE_CHARS = 60;

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

/** The transaction's own code, as another machine gives it: never shown here before it is typed. */
export function typedCode(): Screen<FieldAnswer> {
  const check = (value: string) =>
    value.replaceAll(" ", "").length < CODE_LENGTH ? `${CODE_LENGTH} letters and digits.` : undefined;
  return field({
    title: "The transaction's code",
    label: "Code",
    above: [{ kind: "text", text: CODE_WORDS }],
    allowed: `${CODE_LETTERS} `,
    longest: CODE_LENGTH + 1,
    check,
  });
}

const CODE_WORDS =
  "On another machine, let the same transaction be explained (npm run explain): it prints this code. Type it here.";

/** What this device takes the time to be. `agreed`: when it was last seen to be the authenticator's as well. */
export function timeBlocks(dateMs: number, agreed: string | undefined): Block[] {
  const here: Block = {
    kind: "fact",
    label: "Time here (30 seconds off will do)",
    value: `${utcSeconds(dateMs)} UTC`,
  };
  if (agreed === undefined) return [here];
  return [here, { kind: "fact", label: "Last agreed with this authenticator", value: agreed }];
}

/** "2026-01-01 12:00:00"; beyond what a date can say, the number itself. */
export function utcSeconds(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? String(ms) : date.toISOString().slice(0, 19).replace("T", " ");
}
