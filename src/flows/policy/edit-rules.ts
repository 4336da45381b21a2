// The rules of a policy that is edited: looked at, added, changed, removed.

import { isNever, isOfEthereum, writeRule, writeScope } from "../../policy/index.ts";
import type { Policy, Rule } from "../../rules.ts";
import { type Item, menu } from "../../screens/menu.ts";
import { ask } from "../../ui.ts";
import { BACK, choose } from "./asks.ts";
import { addRule, askOtherwise, changeLimit, type Setting } from "./edit-rule.ts";

type Which = "all" | "ethereum";

/** Those of Ethereum alone stand on a page of their own, where there are any. */
export function editRules(setting: Setting): Promise<Policy> {
  return editSome(setting, "all");
}

async function editSome(setting: Setting, which: Which): Promise<Policy> {
  let { draft } = setting;
  let cursor = 0;
  for (;;) {
    const items = itemsOf(draft.rules, which);
    const title = which === "all" ? "Rules" : "Rules on Ethereum";
    const at = Math.min(cursor, items.length - 1);
    const answer = await ask(
      setting.desk,
      menu<number | "add" | "more" | "back">({ title, items, back: BACK }, at),
    );
    if (answer === "back") return draft;
    cursor = items.findIndex((item) => item.answer === answer);
    const present = { ...setting, draft };
    if (answer === "more") draft = await editSome(present, "ethereum");
    else if (answer === "add") draft = await withAdded(present, which);
    else draft = { ...draft, rules: await editRule(present, answer) };
  }
}

function itemsOf(rules: readonly Rule[], which: Which): readonly Item<number | "add" | "more">[] {
  const isHere = ({ limit }: Rule) => isOfEthereum(limit) === (which === "ethereum");
  const others = rules.filter((rule) => !isHere(rule)).length;
  const more = { label: `On Ethereum (${others})`, answer: "more" } as const;
  return [
    ...rules.flatMap((rule, index) =>
      isHere(rule) ? [{ label: `${forWhat(rule)}${writeRule(rule)}`, answer: index }] : [],
    ),
    ...(which === "all" && others > 0 ? [more] : []),
    { label: "Add a rule", answer: "add" },
  ];
}

async function withAdded(setting: Setting, which: Which): Promise<Policy> {
  const { draft } = setting;
  const rule = await addRule(setting, which);
  return rule === "back" ? draft : { ...draft, rules: inOrder([...draft.rules, rule]) };
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
