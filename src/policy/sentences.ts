// A policy for reading: what the owner approves. Its own lines are the sentences.

import type { Policy, Rule } from "../rules.ts";
import { isOfEthereum } from "./matters.ts";
import { unspoken } from "./unspoken.ts";
import { scopesOf, textOf, writeEntry, writeHead, writeRule, writeScope } from "./write.ts";

/** What belongs together, as on one page. */
export interface Section {
  readonly title: string;
  readonly lines: readonly string[];
}

/** Every line of it under its title, and what it refuses by not speaking of it. */
export function sections(policy: Policy): Section[] {
  const silent = unspoken(policy);
  return [
    { title: `Policy ${policy.number}`, lines: writeHead(policy).slice(2) },
    ...policy.lists.map(({ name, entries }) => ({ title: `List ${name}`, lines: entries.map(writeEntry) })),
    ...scopesOf(policy).flatMap(({ scope, rules }) => scopeSections(writeScope(scope), rules)),
    ...(silent.length === 0 ? [] : [{ title: "Refused, as no rule speaks of it", lines: silent }]),
  ];
}

/** What is of Ethereum alone stands behind the rest. */
function scopeSections(title: string, rules: readonly Rule[]): Section[] {
  const others = rules.filter(({ limit }) => !isOfEthereum(limit));
  const ethereum = rules.filter(({ limit }) => isOfEthereum(limit));
  return [
    ...(others.length === 0 ? [] : [{ title, lines: others.map(writeRule) }]),
    ...(ethereum.length === 0 ? [] : [{ title: `${title}, on Ethereum`, lines: ethereum.map(writeRule) }]),
  ];
}

/** Every line of it, in order; empty lines part its sections. */
export function sentences(policy: Policy): string[] {
  return textOf(policy).trimEnd().split("\n");
}
