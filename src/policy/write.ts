// A policy's lines, each written in the one way there is.

import { chainName } from "../assets.ts";
import type { Ask, Entry, Otherwise, Policy, Rule, Scope } from "../rules.ts";
import { writeLimit, writeWallet } from "./forms.ts";
import { counted, writeDuration } from "./units.ts";

export const FIRST = "Firn policy 2";

/** All of it, one line a rule, in the order of the policy; ends with a line's end. */
export function textOf(policy: Policy): string {
  const lists = policy.lists.flatMap((list) => ["", `List ${list.name}`, ...list.entries.map(writeEntry)]);
  const rules = scopesOf(policy).flatMap(({ scope, rules }) => [
    "",
    writeScope(scope),
    ...rules.map(writeRule),
  ]);
  return `${[...writeHead(policy), ...lists, ...rules].join("\n")}\n`;
}

export function writeHead({ number, network, loosenMs, reasons, freeze }: Policy): string[] {
  return [
    FIRST,
    `Number ${number}`,
    `Network ${network}`,
    `Loosening waits ${writeDuration(loosenMs)}`,
    `Reasons ${reasons}`,
    ...(freeze ? [`Freeze after ${writeFreeze(freeze)}`] : []),
  ];
}

export function writeFreeze({ refusals, withinMs }: NonNullable<Policy["freeze"]>): string {
  return `${counted(refusals, "refusal")} within ${writeDuration(withinMs)}`;
}

/** Rules that follow each other under one scope, together. */
export function scopesOf({ rules }: Policy): { readonly scope: Scope; readonly rules: readonly Rule[] }[] {
  const blocks: { scope: Scope; rules: Rule[] }[] = [];
  for (const rule of rules) {
    const last = blocks.at(-1);
    if (last && writeScope(last.scope) === writeScope(rule.scope)) last.rules.push(rule);
    else blocks.push({ scope: rule.scope, rules: [rule] });
  }
  return blocks;
}

/** As its line in the policy, without the scope. */
export function writeRule({ limit, otherwise }: Pick<Rule, "limit" | "otherwise">): string {
  return writeLimit(limit) + writeOtherwise(otherwise);
}

export function writeScope(scope: Scope): string {
  if (scope.of === "all") return "For everything";
  return scope.of === "key" ? `For key ${scope.fingerprint}` : `For wallet ${writeWallet(scope)}`;
}

function writeOtherwise(otherwise: Otherwise): string {
  if (otherwise.do === "refuse") return "";
  if (otherwise.do === "wait") return `, else wait ${writeDuration(otherwise.ms)}`;
  return `, else ask ${writeAsk(otherwise.ask)}`;
}

/** "anna", "all of anna, ben", "2 of anna, ben, carla" */
export function writeAsk({ need, of }: Ask): string {
  const names = of.join(", ");
  if (need !== of.length) return `${need} of ${names}`;
  return need === 1 ? names : `all of ${names}`;
}

export function writeEntry(entry: Entry): string {
  if (entry.kind === "address") return entry.to;
  if (entry.kind === "wallet") return `wallet ${writeWallet(entry)}`;
  if (entry.kind === "contract") {
    const by = entry.selectors?.map((selector) => `, ${selector}`).join("") ?? "";
    return `contract ${entry.address} on ${chainName(entry.chainId)}${by}`;
  }
  return `party ${entry.name} ${entry.descriptor}`;
}
