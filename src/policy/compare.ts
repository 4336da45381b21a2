// Whether one policy allows anything that another one does not. Where that cannot be proven rule by rule it is taken to
// allow more: then it waits.

import type { Policy, Rule, Scope } from "../rules.ts";
import { entryKey, implies, isWider, reachOf } from "./implies.ts";
import { type Matter, matterOf, scopesNear, scopesOn } from "./matters.ts";
import { writeDuration } from "./units.ts";
import { writeEntry, writeFreeze, writeRule, writeScope } from "./write.ts";

/** In sentences; what is both, or cannot be told apart, stands in both. */
export interface Changes {
  readonly tighter: readonly string[];
  readonly looser: readonly string[];
}

/** Whatever `now` does not allow, `next` does not allow either: whatever is asked, was spent before, and at any time. */
export function isAtLeastAsStrict(next: Policy, now: Policy): boolean {
  return changesOf(now, next).looser.length === 0;
}

/** What becomes tighter and looser when `next` takes the place of `now`. Whether reasons are shown is neither. */
export function changesOf(now: Policy, next: Policy): Changes {
  const all = [...headChanges(now, next), ...ruleChanges(now, next)];
  const texts = (of: "tightens" | "loosens") => all.flatMap((one) => (one[of] ? [one.text] : []));
  return { tighter: texts("tightens"), looser: texts("loosens") };
}

interface Change {
  readonly text: string;
  readonly tightens: boolean;
  readonly loosens: boolean;
}

/** A line before and after. */
function told(was: string | undefined, is: string | undefined): string {
  if (was === undefined) return `New: ${is}`;
  return is === undefined ? `No longer: ${was}` : `${is}. Before: ${was}`;
}

function headChanges(now: Policy, next: Policy): Change[] {
  const changes: Change[] = [];
  const say = (was: string | undefined, is: string | undefined, tightens: boolean, loosens: boolean) => {
    if (tightens || loosens) changes.push({ text: told(was, is), tightens, loosens });
  };
  // Policies of two networks cannot be compared at all.
  const isElsewhere = now.network !== next.network;
  say(`Network ${now.network}`, `Network ${next.network}`, isElsewhere, isElsewhere);
  const [leaps, isBack] = [next.number - now.number > LEAP, now.number - next.number > LEAP];
  const number = `Number ${next.number}${leaps ? ", and none below it ever again" : ""}`;
  say(`Number ${now.number}`, number, isBack, leaps);
  const wait = ({ loosenMs }: Policy) => `Loosening waits ${writeDuration(loosenMs)}`;
  say(wait(now), wait(next), next.loosenMs > now.loosenMs, next.loosenMs < now.loosenMs);
  const freeze = (policy: Policy) => policy.freeze && `Freeze after ${writeFreeze(policy.freeze)}`;
  say(freeze(now), freeze(next), !freezesAsSoon(now, next), !freezesAsSoon(next, now));
  return changes;
}

/** Numbers come to an end, and with them all changes: whoever takes so many at once waits, and can be stopped. */
const LEAP = 1_000;

function freezesAsSoon({ freeze: a }: Policy, { freeze: b }: Policy): boolean {
  return b === undefined || (a !== undefined && a.refusals <= b.refusals && a.withinMs >= b.withinMs);
}

function ruleChanges(now: Policy, next: Policy): Change[] {
  const [holdsNow, holdsNext] = [holder(now), holder(next)];
  return pairs(now.rules, next.rules).flatMap(([was, is]) => {
    const loosens = (was && !holdsNext(was)) || (is && speaksAnew(is, now)) || false;
    const tightens = (is && !holdsNow(is)) || (was && speaksAnew(was, next)) || false;
    if (!loosens && !tightens) return [];
    const [before, after] = [was && lineOf(was), is && lineOf(is)];
    const text = was && before === after ? `${before}: ${listChanges(was, now, next)}` : told(before, after);
    return [{ text, tightens, loosens }];
  });

  /** Whether a rule of the other policy holds in this one: by a rule of its own, or by silence. */
  function holder(policy: Policy): (rule: Rule) => boolean {
    const other = policy === now ? next : now;
    const [reach, otherReach] = [reachOf(policy), reachOf(other)];
    return (rule) =>
      policy.rules.some((own) => implies({ rule: own, reach }, { rule, reach: otherReach })) ||
      isSilent(policy, rule);
  }
}

/** Nothing is said of its matter wherever it holds: that refuses. */
function isSilent(policy: Policy, { limit, scope }: Rule): boolean {
  const matter = matterOf(limit);
  return matter !== undefined && !scopesNear(policy, matter).some((other) => mayMeet(other, scope));
}

/** One request can be in both: a transaction has one key, and may spend from several wallets. */
function mayMeet(a: Scope, b: Scope): boolean {
  return a.of !== "key" || b.of !== "key" || a.fingerprint === b.fingerprint;
}

/** It speaks of what the policy refuses by silence, and not to refuse it as well. */
function speaksAnew({ limit, scope, otherwise }: Rule, policy: Policy): boolean {
  const matter = matterOf(limit);
  if (matter === undefined) return false;
  if (limit.kind === "unusual" && !limit.allowed && otherwise.do === "refuse") return false;
  return !scopesOn(policy, withoutChains(policy, matter)).some((other) => isWider(other, scope));
}

/** Where no rule names chains nothing moves on Ethereum, so that only Bitcoin is spoken of. */
function withoutChains({ rules }: Policy, matter: Matter): Matter {
  const isPlain = matter.asset === undefined && matter.of === "destinations";
  if (!isPlain || rules.some(({ limit }) => limit.kind === "chains")) return matter;
  return { ...matter, asset: "btc" };
}

/** Rules that stand for each other: the same line, or else the first that limits the same thing; the rest alone. */
function pairs(was: readonly Rule[], is: readonly Rule[]): [Rule | undefined, Rule | undefined][] {
  const left = new Set(is);
  const partner = new Map<Rule, Rule>();
  for (const keyOf of [lineOf, subjectOf])
    for (const rule of was) {
      if (partner.has(rule)) continue;
      const found = [...left].find((one) => keyOf(one) === keyOf(rule));
      if (!found) continue;
      partner.set(rule, found);
      left.delete(found);
    }
  return [
    ...was.map((rule): [Rule, Rule | undefined] => [rule, partner.get(rule)]),
    ...[...left].map((rule): [undefined, Rule] => [undefined, rule]),
  ];
}

function lineOf(rule: Rule): string {
  return `${writeScope(rule.scope)}: ${writeRule(rule)}`;
}

/** What is limited, where. */
function subjectOf({ scope, limit }: Rule): string {
  const asset = "most" in limit && typeof limit.most === "object" && limit.most.asset;
  return [
    writeScope(scope),
    limit.kind,
    "per" in limit && limit.per,
    "what" in limit && limit.what,
    asset,
  ].join();
}

/** Of a rule that reads the same: how its lists differ. */
function listChanges({ limit }: Rule, now: Policy, next: Policy): string {
  const entries = (policy: Policy) => {
    const named = "to" in limit ? limit.to : "any";
    const lists = policy.lists.filter(({ name }) => named === "any" || named.includes(name));
    return new Map(lists.flatMap((list) => list.entries.map((entry) => [entryKey(entry), entry])));
  };
  const [before, after] = [entries(now), entries(next)];
  const more = [...after].filter(([key]) => !before.has(key)).map(([, entry]) => writeEntry(entry));
  const fewer = [...before].filter(([key]) => !after.has(key)).map(([, entry]) => writeEntry(entry));
  const say = (what: string, texts: readonly string[]) =>
    texts.length === 0 ? [] : [`${what} ${texts.slice(0, 3).join(", ")}${rest(texts.length - 3)}`];
  return [...say("its lists also have", more), ...say("no longer have", fewer)].join("; ");
}

function rest(count: number): string {
  return count > 0 ? ` and ${count} more` : "";
}
