// What the policy says of a request, rule by rule, and whom it asks.

import type { Block } from "../model.ts";
import type { Ask, Outcome, Policy, Verdict } from "../rules.ts";
import { CODE } from "../rules.ts";
import type { Sheet } from "./pages.ts";

const TITLES: Record<Outcome, string> = {
  allow: "Your policy allows this",
  ask: "Your policy asks for more",
  wait: "Your policy makes this wait",
  refuse: "Your policy does not allow this",
};

/** Whom it asks comes first, then every rule with its head-room; where reasons are hidden, the outcome alone. */
export function verdictSheet({ outcome, rules }: Verdict, reasons: Policy["reasons"]): Sheet {
  const title = TITLES[outcome];
  const asked = rules.flatMap(({ ask, sentence }) => (ask ? [{ ask, sentence }] : []));
  const tone = outcome === "allow" ? "calm" : "caution";
  if (reasons === "hidden")
    return {
      title: "Your policy",
      tone,
      blocks: [text(`${title}.`), ...asked.map(({ ask }) => askFact(ask))],
    };
  const others = rules.filter(({ ask }) => ask === undefined).map(({ sentence }) => text(sentence));
  return {
    title,
    tone,
    blocks: [...asked.flatMap(({ ask, sentence }) => [text(sentence), askFact(ask)]), ...others],
  };
}

function text(words: string): Block {
  return { kind: "text", text: words };
}

function askFact(ask: Ask): Block {
  return { kind: "fact", label: "Asks for", value: askWords(ask) };
}

/** "Anna", "Anna and Ben", "2 of Anna, Ben or the code of this transaction". */
export function askWords({ need, of }: Ask): string {
  const names = of.map((person) => (person === CODE ? "the code of this transaction" : person));
  const last = names.at(-1) ?? "nobody";
  const all =
    names.length < 2 ? last : `${names.slice(0, -1).join(", ")} ${need < of.length ? "or" : "and"} ${last}`;
  return need < of.length ? `${need} of ${all}` : all;
}
