// A policy for reading: what the owner approves. Its own lines are the sentences.

import type { Policy } from "../rules.ts";
import { unspoken } from "./unspoken.ts";
import { scopesOf, textOf, writeEntry, writeHead, writeRule, writeScope } from "./write.ts";

/** What belongs together, as on one page. */
export interface Section {
  readonly title: string;
  readonly lines: readonly string[];
}

/** Every line of it under its title, in order, and what it refuses by not speaking of it. */
export function sections(policy: Policy): Section[] {
  const silent = unspoken(policy);
  return [
    { title: `Policy ${policy.number}`, lines: writeHead(policy).slice(2) },
    ...policy.lists.map(({ name, entries }) => ({ title: `List ${name}`, lines: entries.map(writeEntry) })),
    ...scopesOf(policy).map(({ scope, rules }) => ({
      title: writeScope(scope),
      lines: rules.map(writeRule),
    })),
    ...(silent.length === 0 ? [] : [{ title: "Refused, as no rule speaks of it", lines: silent }]),
  ];
}

/** Every line of it, in order; empty lines part its sections. */
export function sentences(policy: Policy): string[] {
  return textOf(policy).trimEnd().split("\n");
}
