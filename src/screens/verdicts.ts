// What one policy, or two beside each other, say of a transaction: the outcome, then rule by rule.

import type { Block, Tone } from "../model.ts";
import type { Outcome, RuleResult, Verdict } from "../rules.ts";
import type { Sheet } from "./pages.ts";

export interface Judged {
  /** Which policy: "Now, policy 4 (1a2b3c4d)". */
  readonly name: string;
  readonly verdict: Verdict;
}

/** dateOf: of RuleResult.untilMs, as people read it. */
type DateOf = (ms: number) => string;

const TONES: Readonly<Record<Outcome, Tone>> = {
  allow: "calm",
  ask: "caution",
  wait: "caution",
  refuse: "danger",
};

const OUTCOME_WORDS: Readonly<Record<Outcome, string>> = {
  allow: "It would be signed, with the hold.",
  ask: "It would be signed, once those who are asked agree.",
  wait: "It would have to wait.",
  refuse: "It would be refused.",
};

export function verdictSheets(present: Judged, other: Judged | undefined, dateOf: DateOf): Sheet[] {
  const all = other ? [present, other] : [present];
  const names = all.length > 1 ? ["Now", "Proposed"] : ["Now"];
  const outcomes = all.map(
    ({ name, verdict }): Block => ({
      kind: "fact",
      label: name,
      value: OUTCOME_WORDS[verdict.outcome],
      tone: TONES[verdict.outcome],
    }),
  );
  const rules = rulesOf(all.map(({ verdict }) => verdict));
  const nothing: Block = { kind: "text", text: "Nothing was signed or recorded, and nothing counts." };
  return [
    { title: "As it would be judged", tone: worst(all), blocks: [...outcomes, nothing] },
    { title: "Rule by rule", blocks: rules.map((rule) => ruleBlock(rule, all, names, dateOf)) },
  ];
}

function worst(all: readonly Judged[]): Tone {
  const tones = all.map(({ verdict }) => TONES[verdict.outcome]);
  return tones.find((tone) => tone === "danger") ?? tones.find((tone) => tone === "caution") ?? "calm";
}

/** Every rule that either speaks by, in their order, each once. */
function rulesOf(verdicts: readonly Verdict[]): readonly string[] {
  return [...new Set(verdicts.flatMap(({ rules }) => rules.map(({ rule }) => rule)))];
}

function ruleBlock(rule: string, all: readonly Judged[], names: readonly string[], dateOf: DateOf): Block {
  const said = all.map(({ verdict }) => verdict.rules.filter((one) => one.rule === rule));
  const found = said.flatMap((results, index) =>
    results.length === 0
      ? [`${names[index]}: no such rule.`]
      : results.map((one) => `${names[index]}: ${resultWords(one, dateOf)}`),
  );
  // What holds in both alike is said once.
  const [first, second] = said.map((results) => results.map((one) => resultWords(one, dateOf)).join("\n"));
  const value = all.length > 1 && first === second ? `Both: ${first}` : found.join("\n");
  return { kind: "fact", label: rule, value, tone: toneOf(said.flat()) };
}

function toneOf(results: readonly RuleResult[]): Tone {
  const tones = results.map(({ outcome }) => TONES[outcome]);
  return tones.find((tone) => tone === "danger") ?? tones.find((tone) => tone === "caution") ?? "calm";
}

function resultWords({ outcome, sentence, ask, untilMs }: RuleResult, dateOf: DateOf): string {
  switch (outcome) {
    case "allow":
      return `allowed. ${sentence}`;
    case "ask":
      return `asks ${ask ? `${ask.need} of ${ask.of.join(", ")}` : "somebody"}. ${sentence}`;
    case "wait":
      return `waits${untilMs === undefined ? "" : ` until ${dateOf(untilMs)}`}. ${sentence}`;
    case "refuse":
      return `refuses. ${sentence}`;
  }
}
