// What a rule is: one question about one spend, answered always and with a sentence.

import { inSymbol, UNLIMITED } from "../assets.ts";
import type { Reason } from "../refusal.ts";
import type {
  Amount,
  Destination,
  Ledger,
  Limit,
  Now,
  Policy,
  Rule as RuleLine,
  RuleResult,
  Spend,
} from "../rules.ts";
import { WINDOWS } from "../rules.ts";
import { shown, spokenDuration, utcDate } from "../text.ts";
import { type Lists, listsOf } from "./lists.ts";

export interface Case extends Lists {
  readonly policy: Policy;
  readonly spend: Spend;
  readonly ledger: Ledger;
  readonly now: Now;
  /** Destinations that are on no list and were never paid. */
  readonly fresh: () => readonly Destination[];
}

/** What a limit finds: it holds, or it is broken for this reason. */
export interface Finding {
  readonly holds: boolean;
  readonly reason: Reason;
  /** With the head-room left, where there is one. */
  readonly sentence: string;
  /** Since when the wait of a rule that is broken counts; absent: it was not asked for yet. */
  readonly askedAt?: number | undefined;
  /** It refuses, whatever the rule would do otherwise. */
  readonly finally?: true;
}

/** Pure and total: for any case an answer, never a throw. Undefined where the limit has nothing to say here. */
export type Question<K extends Limit["kind"]> = (
  limit: Extract<Limit, { readonly kind: K }>,
  of: Case,
  rule: RuleLine,
) => Finding | undefined;

export function caseOf(policy: Policy, spend: Spend, ledger: Ledger, now: Now): Case {
  const lists = listsOf(policy, spend.ethereum?.chainId);
  const all = policy.lists.map(({ name }) => name);
  let fresh: readonly Destination[] | undefined;
  const isFresh = (one: Destination) => {
    const { paidAt } = ledger.known(one.to);
    // What a clock behind the record would have paid later is not paid yet.
    return !lists.isListed(all)(one) && !(paidAt !== undefined && paidAt <= now.ms);
  };
  return {
    ...{ policy, spend, ledger, now, ...lists },
    fresh: () => {
      fresh ??= spend.destinations.filter(isFresh);
      return fresh;
    },
  };
}

export function fine(sentence: string): Finding {
  return { holds: true, reason: "policy.none", sentence };
}

export function broken(reason: Reason, sentence: string): Finding {
  return { holds: false, reason, sentence };
}

/** Of what a limit finds of several things: broken where one of them is. */
export function allOf(findings: readonly Finding[]): Finding | undefined {
  const no = findings.filter(({ holds }) => !holds);
  const decide = no.find((one) => one.finally) ?? no[0] ?? findings[0];
  if (decide === undefined) return undefined;
  const sentences = [...new Set((no.length > 0 ? no : findings).map(({ sentence }) => sentence))];
  const more = sentences.length - MOST_SENTENCES;
  const last = more > 0 ? [`And so ${more} more.`] : [];
  return { ...decide, sentence: [...sentences.slice(0, MOST_SENTENCES), ...last].join(" ") };
}

const MOST_SENTENCES = 3;

/**
 * Nothing leaves by it, nor can by what it allows, and no nonce is used up: the journal has it as a message, and no
 * window counts it.
 */
export function isMessage({ ethereum, takes, outpoints }: Spend): boolean {
  const isSigned = ethereum !== undefined && ethereum.form !== "transaction";
  return isSigned && takes.length === 0 && outpoints.length === 0;
}

export function refusal(rule: string, reason: Reason, sentence: string): RuleResult {
  return { rule, outcome: "refuse", reason, sentence };
}

/** Lines were lost that may tell of it: until when that refuses, as the longest window does. Undefined where none were. */
export function unknownUntil({ ledger: { uncountedBefore: lost }, now }: Case): number | undefined {
  const until = lost === undefined ? undefined : lost + WINDOWS.month;
  return until === undefined || now.ms >= until ? undefined : until;
}

/** "bc1q… and 2 more", as Shown. */
export function firstOf(destinations: readonly Destination[]): string {
  const [first, ...more] = destinations;
  return `${shown(first?.to ?? "")}${more.length === 0 ? "" : ` and ${more.length} more`}`;
}

/** "0.21000000": all places of its asset, before a limit that has the symbol. */
export function bare(amount: Amount): string {
  return amount.units >= UNLIMITED ? "unlimited" : inSymbol(amount).split(" ")[0]!;
}

/** The same, with the symbol where the limit is one of any coin or token. */
export function beside(amount: Amount, limit: Amount): string {
  return amount.asset === limit.asset ? bare(amount) : inSymbol(amount);
}

/** "2026-03-01 12:00 UTC, in 23 hours", by the date that people read. */
export function whenOf(ms: number, now: Now): string {
  const dateMs = ms + now.dateMs - now.ms;
  if (!Number.isFinite(dateMs)) return "a time that cannot be told";
  const left = ms - now.ms;
  return `${utcDate(dateMs)}${left > 0 ? `, in ${spokenDuration(left)}` : ""}`;
}
