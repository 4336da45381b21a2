// A policy edited on the device. Every question gives another draft or none; nothing holds until the whole is read and taken.

import { isNever, writeDuration, writeRule, writeScope } from "../../policy/index.ts";
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
import { addRule, askOtherwise, changeLimit, type Setting } from "./edit-rule.ts";
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
    { label: `Rules (${rules.length})`, answer: "rules" },
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

async function editRules(setting: Setting): Promise<Policy> {
  let { draft } = setting;
  let cursor = 0;
  for (;;) {
    const items = [
      ...draft.rules.map((rule, index) => ({ label: `${forWhat(rule)}${writeRule(rule)}`, answer: index })),
      { label: "Add a rule", answer: "add" } as const,
    ];
    const answer = await ask(
      setting.desk,
      menu<number | "add" | "back">(
        { title: "Rules", items, back: BACK },
        Math.min(cursor, items.length - 1),
      ),
    );
    if (answer === "back") return draft;
    cursor = answer === "add" ? items.length - 1 : answer;
    const present = { ...setting, draft };
    if (answer === "add") {
      const rule = await addRule(present);
      if (rule !== "back") draft = { ...draft, rules: inOrder([...draft.rules, rule]) };
    } else draft = { ...draft, rules: await editRule(present, answer) };
  }
}

function forWhat({ scope }: Rule): string {
  return scope.of === "all" ? "" : `${writeScope(scope)}: `;
}

/** Rules of one scope stand together, the scopes in the order in which they came. */
function inOrder(rules: readonly Rule[]): readonly Rule[] {
  const scopes = [...new Set(rules.map(({ scope }) => writeScope(scope)))];
  return scopes.flatMap((name) => rules.filter(({ scope }) => writeScope(scope) === name));
}

async function editRule(setting: Setting, index: number): Promise<readonly Rule[]> {
  const { rules } = setting.draft;
  const rule = rules[index]!;
  const answer = await choose<"limit" | "otherwise" | "remove">(
    setting.desk,
    "This rule",
    [
      { label: "Change what it limits", answer: "limit" },
      { label: "Change what holds otherwise", answer: "otherwise" },
      { label: "Remove it", answer: "remove" },
    ],
    `${writeScope(rule.scope)}: ${writeRule(rule)}`,
  );
  if (answer === "back") return rules;
  if (answer === "remove") return rules.filter((one) => one !== rule);
  const changed = answer === "limit" ? await withLimit(setting, rule) : await withOtherwise(setting, rule);
  return rules.map((one) => (one === rule ? changed : one));
}

async function withLimit(setting: Setting, rule: Rule): Promise<Rule> {
  const limit = await changeLimit(setting, rule.limit);
  if (limit === "back") return rule;
  return isNever(limit) ? { ...rule, limit, otherwise: { do: "refuse" } } : { ...rule, limit };
}

async function withOtherwise(setting: Setting, rule: Rule): Promise<Rule> {
  const otherwise = await askOtherwise(setting);
  return otherwise === "back" ? rule : { ...rule, otherwise };
}
