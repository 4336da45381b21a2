// A refusal, or something that was done, in the person's words.
// First page: title, the dotted names of all reasons, what it means for the money. Details follow.

import type { Block } from "../model.ts";
import type { Refusal } from "../refusal.ts";
import { REFUSALS } from "../refusal.ts";
import type { Sheet } from "./pages.ts";
import { pages } from "./pages.ts";
import type { Screen } from "./screen.ts";

export function refusalSheets(refusal: Refusal, details: readonly Sheet[] = []): Sheet[] {
  const text = REFUSALS[refusal.reason];
  const names = [...new Set([refusal.reason, ...refusal.also])].join(" ");
  const reason = refusal.detail === "" ? names : `${names}\n${refusal.detail}`;
  const blocks: Block[] = [
    { kind: "text", text: text.meaning },
    { kind: "fact", label: "Reason", value: reason },
    { kind: "fact", label: "What to do", value: text.remedy },
  ];
  const others = refusal.also.filter((reason) => reason !== refusal.reason);
  return [
    { title: text.title, tone: "danger", blocks },
    ...others.map((reason): Sheet => {
      const other = REFUSALS[reason];
      return {
        title: other.title,
        tone: "danger",
        blocks: [
          { kind: "text", text: other.meaning },
          { kind: "fact", label: "What to do", value: other.remedy },
        ],
      };
    }),
    ...details,
  ];
}

export function refused(refusal: Refusal, details: readonly Sheet[] = []): Screen<"seen"> {
  return pages<"seen">({
    sheets: refusalSheets(refusal, details),
    ok: { label: "close", answer: "seen" },
    back: { label: "close", answer: "seen" },
  });
}

/** Something that was done, or that has to be known before going on; or that was only looked at. */
export function notice(title: string, blocks: readonly Block[], leave = "go on"): Screen<"seen"> {
  return pages<"seen">({
    sheets: [{ title, blocks }],
    ok: { label: leave, answer: "seen" },
    back: { label: leave, answer: "seen" },
  });
}

/** A question whose yes is held for: an act that a key pressed too long must not do. */
export function heldQuestion(sheets: readonly Sheet[], yes: string, no: string): Screen<"yes" | "no"> {
  return pages<"yes" | "no">({
    sheets,
    ok: { label: yes, answer: "yes", hold: true },
    back: { label: no, answer: "no" },
  });
}

/** A question with a yes and a no, on the last page of what has to be read first. */
export function question(sheets: readonly Sheet[], yes: string, no: string): Screen<"yes" | "no"> {
  return pages<"yes" | "no">({
    sheets,
    ok: { label: yes, answer: "yes" },
    back: { label: no, answer: "no" },
  });
}
