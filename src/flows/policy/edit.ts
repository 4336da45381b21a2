// A policy edited on the device. Every question gives another draft or none; nothing holds until the whole is read and taken.

import { isOfEthereum, writeDuration } from "../../policy/index.ts";
import type { Policy, Rule } from "../../rules.ts";
import { menu } from "../../screens/menu.ts";
import { question } from "../../screens/notice.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { orRefused } from "../or-refused.ts";
import type { Session } from "../session.ts";
import { askDuration, askNumber, BACK, choose } from "./asks.ts";
import { dryRun } from "./dry-run.ts";
import { editLists } from "./edit-lists.ts";
import type { Setting } from "./edit-rule.ts";
import { editRules } from "./edit-rules.ts";
import { take } from "./take.ts";

type Choice = "rules" | "lists" | "wait" | "reasons" | "freeze" | "take" | "dry";

/** Starts from a policy: the one that holds, or a template. Ends where it was taken, or left as if never begun. */
export async function edit(desk: Desk, session: Session, start: Policy): Promise<void> {
  let draft: Policy = { ...start, number: session.state.policy.number + 1 };
  let cursor = 0;
  for (;;) {
    const items = itemsOf(draft);
    const above = [{ kind: "text", text: "Nothing of it holds until you take the whole." }] as const;
    const answer = await ask(
      desk,
      menu<Choice | "back">({ title: `Policy ${draft.number}, as edited`, above, items, back: BACK }, cursor),
    );
    if (answer === "back") {
      if (
        isEdited(draft, session.state.policy) &&
        (await ask(desk, question([LEAVE], "leave", "edit on"))) === "no"
      )
        continue;
      return;
    }
    cursor = items.findIndex((item) => item.answer === answer);
    if (answer === "take") {
      if ((await orRefused(desk, () => take(desk, session, draft))) === "taken") return;
    } else if (answer === "dry") await orRefused(desk, () => dryRun(desk, session, draft));
    else draft = await STEPS[answer]({ desk, session, draft });
  }
}

const LEAVE = {
  title: "Leave what was edited?",
  tone: "caution",
  blocks: [{ kind: "text", text: "Nothing of it holds, and nothing of it is kept." }],
} as const;

function isEdited(draft: Policy, present: Policy): boolean {
  return contentOf(draft) !== contentOf(present);
}

function contentOf({ number: _, ...rest }: Policy): string {
  return JSON.stringify(rest, (__, value) => (typeof value === "bigint" ? String(value) : value));
}

function itemsOf({ rules, lists, loosenMs, reasons, freeze }: Policy) {
  return [
    { label: rulesLabel(rules), answer: "rules" },
    { label: `Lists (${lists.length})`, answer: "lists" },
    { label: `Loosening waits: ${writeDuration(loosenMs)}`, answer: "wait" },
    { label: `Reasons of a refusal: ${reasons}`, answer: "reasons" },
    {
      label: `Freeze: ${freeze ? `after ${freeze.refusals} refused in ${writeDuration(freeze.withinMs)}` : "off"}`,
      answer: "freeze",
    },
    { label: "Try it with a transaction", answer: "dry" },
    { label: "Read it and take it", answer: "take" },
  ] as const satisfies readonly { readonly label: string; readonly answer: Choice }[];
}

function rulesLabel(rules: readonly Rule[]): string {
  const others = rules.filter(({ limit }) => isOfEthereum(limit)).length;
  return `Rules (${rules.length - others})${others === 0 ? "" : `, on Ethereum (${others})`}`;
}

type Step = (setting: Setting) => Promise<Policy>;

const STEPS: Readonly<Record<Exclude<Choice, "take" | "dry">, Step>> = {
  rules: editRules,
  lists: editLists,
  wait: async ({ desk, draft }) => {
    const ms = await askDuration(desk, "Loosening waits", 0, draft.loosenMs);
    return ms === "back" ? draft : { ...draft, loosenMs: ms };
  },
  reasons: async ({ desk, draft }) => {
    const text =
      "Hidden, a refusal says only that it is not allowed: whoever holds the device learns no limit. The journal always has the reasons.";
    const reasons = await choose<Policy["reasons"]>(
      desk,
      "Reasons of a refusal",
      [
        { label: "Shown", answer: "shown" },
        { label: "Hidden", answer: "hidden" },
      ],
      text,
    );
    return reasons === "back" ? draft : { ...draft, reasons };
  },
  freeze: editFreeze,
};

async function editFreeze({ desk, draft }: Setting): Promise<Policy> {
  const { freeze: _, ...off } = draft;
  const answer = await choose<"off" | "on">(
    desk,
    "Freeze on refusals",
    [
      { label: "After so many refusals", answer: "on" },
      { label: "Never", answer: "off" },
    ],
    "Many refused requests in a short time are somebody who tries.",
  );
  if (answer === "back") return draft;
  if (answer === "off") return off;
  const refusals = await askNumber(desk, "After how many refusals", { least: 1, most: 99 });
  if (refusals === "back") return draft;
  const withinMs = await askDuration(desk, "Within", 1);
  return withinMs === "back" ? draft : { ...draft, freeze: { refusals, withinMs } };
}
