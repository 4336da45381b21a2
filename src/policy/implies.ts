// Whether one rule holds at least whatever another holds: said only where it can be proven rule by rule.

import { CHAINS } from "../ethereum/known/chains.ts";
import type { Ask, Entry, Limit, Otherwise, Policy, Rule, Scope } from "../rules.ts";
import { WINDOWS, type Window } from "../rules.ts";
import { isAtMost } from "./assets.ts";
import type { Of } from "./form.ts";
import { isUnder } from "./paths.ts";

/** A rule, and what its lists stand for. */
export interface Placed {
  readonly rule: Rule;
  readonly reach: Reach;
}

/** Entries of a policy's lists as texts: of those that are named, and of all. */
export interface Reach {
  readonly named: (names: readonly string[]) => ReadonlySet<string>;
  readonly all: ReadonlySet<string>;
}

export function reachOf({ lists }: Policy): Reach {
  const keys = new Map(lists.map(({ name, entries }) => [name, entries.flatMap(reachKeys)]));
  const known = new Map<string, ReadonlySet<string>>();
  const named = (names: readonly string[]) => {
    const found = known.get(names.join()) ?? new Set(names.flatMap((name) => keys.get(name) ?? []));
    known.set(names.join(), found);
    return found;
  };
  return { named, all: named([...keys.keys()]) };
}

/** The same place has the same. */
export function entryKey(entry: Entry): string {
  return reachKeys(entry).join();
}

/** Of a contract one for each way in which it may be called. */
function reachKeys(entry: Entry): readonly string[] {
  switch (entry.kind) {
    case "address":
      return [entry.to];
    case "wallet":
      return [`wallet ${entry.fingerprint}`];
    case "party":
      return [`party ${entry.name} ${entry.descriptor}`];
    case "contract": {
      const whole = `contract ${entry.chainId} ${entry.address}`;
      return entry.selectors?.map((selector) => `${whole}${BY}${selector}`) ?? [whole];
    }
  }
}

const BY = " by ";

/** Whenever `b` is broken, `a` is, with an outcome at least as strict. */
export function implies(a: Placed, b: Placed): boolean {
  return (
    isNever(b.rule.limit) ||
    (a.rule.limit.kind === b.rule.limit.kind &&
      isWider(a.rule.scope, b.rule.scope) &&
      isHarder(a.rule.otherwise, b.rule.otherwise) &&
      isTighter(a, b))
  );
}

/** It is never broken: such rules only say that something is allowed. */
export function isNever(limit: Limit): boolean {
  if (limit.kind === "unusual") return limit.allowed;
  if (limit.kind === "sites") return limit.only === "any";
  return "to" in limit && limit.to === "any";
}

/** Every request in the scope of `b` is in that of `a`. */
export function isWider(a: Scope, b: Scope): boolean {
  if (a.of === "all") return true;
  return a.of === b.of && a.fingerprint === b.fingerprint;
}

/** A wait ends by itself and an ask does not, so that neither stands for the other. */
export function isHarder(a: Otherwise, b: Otherwise): boolean {
  if (a.do === "refuse") return true;
  if (a.do === "wait") return b.do === "wait" && a.ms >= b.ms;
  return b.do === "ask" && meets(a.ask, b.ask);
}

/** Whoever meets `a` meets `b`: also with as few of those of b as a allows. */
function meets(a: Ask, b: Ask): boolean {
  const others = a.of.filter((person) => !b.of.includes(person)).length;
  return a.need - others >= b.need;
}

type Tighter = {
  readonly [K in Limit["kind"]]: (a: Of<K>, b: Of<K>, of: Record<"a" | "b", Reach>) => boolean;
};

/** Whatever breaks the second breaks the first, where both are asked. */
const TIGHTER: Tighter = {
  amount: (a, b) => isLonger(a.per, b.per) && isAtMost(a.most, b.most),
  count: (a, b) => isLonger(a.per, b.per) && a.most <= b.most,
  destinations: (a, b, of) => {
    if (a.to === "any" || b.to === "any") return b.to === "any";
    if (a.above && !(b.above && isAtMost(a.above, b.above))) return false;
    return isWithin(of.a.named(a.to), of.b.named(b.to));
  },
  // Whatever stands on any list is not new.
  "new-destination": (a, b, of) => isAtMost(a.most, b.most) && isWithin(of.a.all, of.b.all),
  fee: (a, b) => isAtMost(a.most, b.most),
  "fee-rate": (a, b) => a.most <= b.most,
  "fee-percent": (a, b) => a.most <= b.most,
  "height-step": (a, b) => a.blocks >= b.blocks,
  hours: (a, b) => {
    const open = spansOf(b, [-2, -1, 0, 1, 2]);
    return spansOf(a, [0]).every(([from, until]) =>
      open.some(([first, last]) => first <= from && until <= last),
    );
  },
  wallets: (a, b) => a.only.every((one) => b.only.some(({ fingerprint }) => fingerprint === one.fingerprint)),
  unusual: (a, b) => a.what === b.what && !a.allowed,
  messages: (a, b) => a.under.every((path) => b.under.some((above) => isUnder(path, above))),
  chains: ({ only: a }, { only: b }) => {
    if (b === "any") return a === "any" || a.every((id) => CHAINS.some((chain) => BigInt(chain.id) === id));
    return a !== "any" && a.every((id) => b.includes(id));
  },
  calls: areWithin,
  blind: areWithin,
  spenders: areWithin,
  allowance: (a, b) => isAtMost(a.most, b.most),
  typed: areWithin,
  delegates: areWithin,
  sites: ({ only: a }, { only: b }) => b === "any" || (a !== "any" && a.every((site) => b.includes(site))),
};

/** Lists of the first hold nothing that those of the second do not. */
function areWithin(
  { to: a }: { readonly to: "any" | readonly string[] },
  { to: b }: { readonly to: "any" | readonly string[] },
  of: Record<"a" | "b", Reach>,
): boolean {
  if (a === "any" || b === "any") return b === "any";
  return isWithin(of.a.named(a), of.b.named(b));
}

function isTighter(a: Placed, b: Placed): boolean {
  const tighter = TIGHTER[a.rule.limit.kind] as (a: Limit, b: Limit, of: Record<"a" | "b", Reach>) => boolean;
  return tighter(a.rule.limit, b.rule.limit, { a: a.reach, b: b.reach });
}

/** What is summed over a longer time is never less. */
function isLonger(a: "transaction" | Window, b: "transaction" | Window): boolean {
  const ms = (per: "transaction" | Window) => (per === "transaction" ? 0 : WINDOWS[per]);
  return ms(a) >= ms(b);
}

/** A contract by one selector is within the whole contract. */
function isWithin(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  for (const key of a) if (!b.has(key) && !b.has(key.split(BY)[0]!)) return false;
  return true;
}

const DAY = 1440;
const WEEK = 7 * DAY;

/** Whether two such limits are ever open together. */
export function areOpenTogether(a: Of<"hours">, b: Of<"hours">): boolean {
  const other = spansOf(b, [-2, -1, 0, 1, 2]);
  return spansOf(a, [0]).some(([from, until]) => other.some(([first, last]) => from < last && first < until));
}

/** When it is open in these weeks, in minutes from the start of one of them in UTC; what touches is one span. */
function spansOf(
  { from, until, days, offsetMinutes }: Of<"hours">,
  weeks: readonly number[],
): readonly (readonly [number, number])[] {
  const midnights = weeks.flatMap((week) => days.map((day) => week * WEEK + day * DAY - offsetMinutes));
  const spans: [number, number][] = [];
  for (const midnight of midnights.sort((a, b) => a - b)) {
    const last = spans.at(-1);
    if (last && last[1] === midnight + from) last[1] = midnight + until;
    else spans.push([midnight + from, midnight + until]);
  }
  return spans;
}
