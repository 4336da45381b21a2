// Policies to start from: each asks a few questions, and says for whom it is.

import type { Network } from "../model.ts";
import type { Amount, Entry, Limit, List, Otherwise, Policy, Rule } from "../rules.ts";
import { UNUSUAL, WINDOWS } from "../rules.ts";
import { checkPolicy } from "./check.ts";
import { messagesOf } from "./first.ts";

/** What an answer is, by the kind of its question. duration: ms, whole minutes. */
export interface Answers {
  readonly amount: Amount;
  readonly duration: number;
  /** Names as policies have them. */
  readonly persons: readonly string[];
  /** May be none where the question says so. */
  readonly entries: readonly Entry[];
}

export interface Question<K extends keyof Answers = keyof Answers> {
  readonly key: string;
  readonly kind: K;
  readonly label: string;
  /** Of persons and entries: how many at least, at most. */
  readonly least?: number;
  readonly most?: number;
  /** What is offered, where anything can be. */
  readonly suggested?: Answers[K];
}

type AnswersTo<Q extends readonly Question[]> = {
  readonly [One in Q[number] as One["key"]]: Answers[One["kind"]];
};

/** What every template is told, not asked. */
export interface Basis {
  readonly number: number;
  readonly network: Network;
}

export interface Template {
  readonly name: string;
  readonly forWhom: string;
  readonly questions: readonly Question[];
  /** By the questions' keys. Refusal policy.malformed, with a sentence, where the answers contradict each other. */
  readonly make: (basis: Basis, answers: Readonly<Record<string, Answers[keyof Answers]>>) => Policy;
}

type Parts = Pick<Policy, "loosenMs" | "freeze" | "lists" | "rules">;

function template<const Q extends readonly Question[]>(of: {
  readonly name: string;
  readonly forWhom: string;
  readonly questions: Q;
  readonly parts: (answers: AnswersTo<Q>) => Parts;
}): Template {
  const { name, forWhom, questions, parts } = of;
  return {
    ...{ name, forWhom, questions },
    make: (basis, answers) => {
      for (const { key } of questions) if (answers[key] === undefined) throw new Error(`no answer to ${key}`);
      const made = parts(answers as AnswersTo<Q>);
      const rules = [...made.rules, rule(messagesOf(basis.network))];
      const policy: Policy = { ...basis, reasons: "shown", ...made, rules };
      checkPolicy(policy);
      return policy;
    },
  };
}

const DAY = WINDOWS.day;
const NOTHING: Amount = { asset: "btc", units: 0n };
const btc = (milli: number): Amount => ({ asset: "btc", units: BigInt(milli) * 100_000n });
const REFUSE: Otherwise = { do: "refuse" };

function rule(limit: Limit, otherwise: Otherwise = REFUSE): Rule {
  return { scope: { of: "all" }, limit, otherwise };
}

function ask(need: number, of: readonly string[]): Otherwise {
  return { do: "ask", ask: { need, of } };
}

function wait(ms: number): Otherwise {
  return { do: "wait", ms };
}

function amount(per: "transaction" | "day" | "week" | "month", most: Amount, otherwise = REFUSE): Rule {
  return rule({ kind: "amount", per, most }, otherwise);
}

/** They stop a slip of the hand and let busy times pass: docs/policy.md says why they are so wide. */
const FEES: readonly Rule[] = [
  rule({ kind: "fee", most: btc(10) }),
  rule({ kind: "fee-rate", most: 1000 }),
  rule({ kind: "fee-percent", most: 25 }),
];

/** Whoever needs one of these knows it, and says so in a policy of his own. */
const NOTHING_UNUSUAL: readonly Rule[] = UNUSUAL.map((what) =>
  rule({ kind: "unusual", what, allowed: false }),
);

/** What is on no list and was never paid is new; a list of nothing is none. */
function known(name: string, entries: readonly Entry[]): readonly List[] {
  return entries.length === 0 ? [] : [{ name, entries }];
}

const saver = template({
  name: "Saver",
  forWhom:
    "For one person who saves for years. A little goes at once; more waits, so that nobody can be made to give it away in an hour.",
  questions: [
    { key: "week", kind: "amount", label: "Goes at once, per week", suggested: btc(10) },
    { key: "month", kind: "amount", label: "Most per month, after any wait", suggested: btc(500) },
    { key: "wait", kind: "duration", label: "More waits", suggested: 3 * DAY },
    { key: "own", kind: "entries", label: "Addresses and wallets of your own", least: 0, suggested: [] },
  ],
  parts: ({ week, month, wait: ms, own }) => ({
    loosenMs: Math.max(DAY, ms),
    freeze: { refusals: 5, withinMs: DAY },
    lists: known("own", own),
    rules: [
      amount("week", week, wait(ms)),
      amount("month", month),
      rule({ kind: "destinations", to: "any" }),
      rule({ kind: "new-destination", most: NOTHING }, wait(ms)),
      ...FEES,
      ...NOTHING_UNUSUAL,
    ],
  }),
});

const business = template({
  name: "Business of two",
  forWhom:
    "For two people who run a business. Small bills are paid by one; larger ones, and whoever is paid for the first time, take both.",
  questions: [
    { key: "two", kind: "persons", label: "The two of you", least: 2, most: 2 },
    { key: "alone", kind: "amount", label: "One alone, per day", suggested: btc(20) },
    { key: "day", kind: "amount", label: "Most per day, both agreed", suggested: btc(500) },
    { key: "month", kind: "amount", label: "Most per month", suggested: btc(3000) },
    { key: "payees", kind: "entries", label: "Whom you pay regularly", least: 0, suggested: [] },
  ],
  parts: ({ two, alone, day, month, payees }) => ({
    loosenMs: 2 * DAY,
    freeze: { refusals: 5, withinMs: WINDOWS.hour },
    lists: known("payees", payees),
    rules: [
      amount("day", alone, ask(two.length, two)),
      amount("day", day),
      amount("month", month),
      rule({ kind: "count", per: "day", most: 20 }),
      rule({ kind: "destinations", to: "any" }),
      rule({ kind: "new-destination", most: NOTHING }, ask(two.length, two)),
      ...FEES,
      ...NOTHING_UNUSUAL,
    ],
  }),
});

const treasury = template({
  name: "Treasury with limits",
  forWhom:
    "For an organisation with several officers. Every payment takes one of them, a large one two; who is not on the list takes two and a day.",
  questions: [
    { key: "officers", kind: "persons", label: "The officers", least: 2, most: 12 },
    { key: "payees", kind: "entries", label: "Whom you pay", least: 1 },
    { key: "one", kind: "amount", label: "One officer, per day", suggested: btc(100) },
    { key: "day", kind: "amount", label: "Most per day, two officers", suggested: btc(1000) },
    { key: "month", kind: "amount", label: "Most per month", suggested: btc(10_000) },
  ],
  parts: ({ officers, payees, one, day, month }) => ({
    loosenMs: 3 * DAY,
    freeze: { refusals: 5, withinMs: WINDOWS.hour },
    lists: [{ name: "payees", entries: payees }],
    rules: [
      amount("transaction", NOTHING, ask(1, officers)),
      amount("day", one, ask(2, officers)),
      amount("day", day),
      amount("month", month),
      rule({ kind: "count", per: "day", most: 50 }),
      rule({ kind: "destinations", to: ["payees"] }, ask(2, officers)),
      rule({ kind: "new-destination", most: NOTHING }, wait(DAY)),
      ...FEES,
      ...NOTHING_UNUSUAL,
    ],
  }),
});

const inheritance = template({
  name: "Inheritance",
  forWhom:
    "For savings that others shall inherit. You live on a monthly sum; whoever takes more, an heir too, needs a trusted person and a long wait in which you can step in.",
  questions: [
    { key: "month", kind: "amount", label: "Goes at once, per month", suggested: btc(50) },
    { key: "trusted", kind: "persons", label: "Trusted persons: any one of them agrees", least: 1, most: 8 },
    { key: "wait", kind: "duration", label: "More waits", suggested: 30 * DAY },
    { key: "heirs", kind: "entries", label: "Addresses and wallets of the heirs", least: 0, suggested: [] },
  ],
  parts: ({ month, trusted, wait: ms, heirs }) => ({
    loosenMs: Math.max(7 * DAY, ms),
    freeze: { refusals: 10, withinMs: DAY },
    lists: known("heirs", heirs),
    rules: [
      amount("month", month, ask(1, trusted)),
      amount("month", month, wait(ms)),
      rule({ kind: "destinations", to: "any" }),
      rule({ kind: "new-destination", most: NOTHING }, wait(DAY)),
      ...FEES,
      ...NOTHING_UNUSUAL,
    ],
  }),
});

const plain = template({
  name: "Plain",
  forWhom: "For one person who pays now and then: a limit for one transaction and one for a day, to anybody.",
  questions: [
    { key: "transaction", kind: "amount", label: "Most per transaction", suggested: btc(100) },
    { key: "day", kind: "amount", label: "Most per day", suggested: btc(200) },
  ],
  parts: ({ transaction, day }) => ({
    loosenMs: DAY,
    lists: [],
    rules: [
      amount("transaction", transaction),
      amount("day", day),
      rule({ kind: "destinations", to: "any" }),
      ...FEES,
      ...NOTHING_UNUSUAL,
    ],
  }),
});

export const TEMPLATES: readonly Template[] = [plain, saver, business, treasury, inheritance];
