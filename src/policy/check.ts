// What a policy must be to be taken: whole, within bounds, without contradictions, and no rule in it that can never pass
// or never matter. A rule that does nothing is one that its owner misunderstood.

import { LIMITS } from "../limits.ts";
import { NETWORKS } from "../model.ts";
import { refuse } from "../refusal.ts";
import { CODE, type Policy, type Rule, type Scope, type WalletRef, WINDOWS } from "../rules.ts";
import { shown } from "../text.ts";
import { pairProblem } from "./check-pair.ts";
import { isDuration, ruleProblem } from "./check-rule.ts";
import { entryProblem, LIST_NAME } from "./entries.ts";
import { WALLET } from "./forms.ts";
import { entryKey, isWider, type Placed, reachOf } from "./implies.ts";
import { listsIn, personsIn } from "./named.ts";
import { writeDuration } from "./units.ts";
import { scopesOf, writeEntry, writeFreeze, writeRule, writeScope } from "./write.ts";

/** Where parts of a policy were read: "line 12". */
export type Places = ReadonlyMap<unknown, string>;

class Checker {
  readonly #policy: Policy;
  readonly #places: Places;

  constructor(policy: Policy, places: Places) {
    this.#policy = policy;
    this.#places = places;
  }

  head(): void {
    const { number, network, loosenMs, reasons, freeze } = this.#policy;
    if (!Number.isSafeInteger(number) || number < 1 || number > 999_999_999)
      this.#wrong("Number", `Number ${number}`, "it is from 1 to 999999999");
    if (!NETWORKS.includes(network))
      this.#wrong("Network", `Network ${network}`, `it is one of ${NETWORKS.join(", ")}`);
    if (!isDuration(loosenMs))
      this.#wrong(
        "Loosening waits",
        `Loosening waits ${writeDuration(loosenMs)}`,
        "it waits 365 days at most",
      );
    if (reasons !== "shown" && reasons !== "hidden")
      this.#wrong("Reasons", `Reasons ${reasons}`, 'it is "shown" or "hidden"');
    if (!freeze) return;
    const { refusals, withinMs } = freeze;
    const line = `Freeze after ${writeFreeze(freeze)}`;
    if (!Number.isSafeInteger(refusals) || refusals < 1 || refusals > 100)
      this.#wrong("Freeze after", line, "it is after 1 to 100 refusals");
    if (!isDuration(withinMs) || withinMs === 0 || withinMs > WINDOWS.month)
      this.#wrong("Freeze after", line, "it is within 1 minute to 30 days");
  }

  lists(): void {
    const { lists, network } = this.#policy;
    const names = new Set<string>();
    let entries = 0;
    for (const list of lists) {
      const line = `List ${list.name}`;
      if (!LIST_NAME.test(list.name) || list.name === "any")
        this.#wrong(
          list,
          line,
          'its name has small letters, digits and hyphens, 24 at most, and is not "any"',
        );
      if (names.has(list.name)) this.#wrong(list, line, "a list of this name stood above already");
      names.add(list.name);
      if (list.entries.length === 0)
        this.#wrong(
          list,
          line,
          "it is empty; addresses, wallets and parties stand right below it, one a line",
        );
      entries += list.entries.length;
      if (entries > LIMITS.policyDestinations)
        this.#wrong(list, line, `there are more than ${LIMITS.policyDestinations} entries in all`);
      const keys = new Set<string>();
      for (const entry of list.entries) {
        const problem = entryProblem(entry, network);
        if (problem !== undefined) this.#wrong(entry, writeEntry(entry), problem);
        if (keys.has(entryKey(entry))) this.#wrong(entry, writeEntry(entry), "it is on this list already");
        keys.add(entryKey(entry));
      }
    }
  }

  /** What is named is named alike everywhere. */
  names(): void {
    const wallets = new Map<string, string>();
    for (const { ref, thing, text } of this.#refs()) {
      const problem = walletProblem(ref, wallets.get(ref.fingerprint));
      if (problem !== undefined) this.#wrong(thing, text, problem);
      wallets.set(ref.fingerprint, ref.name);
    }
    const parties = new Map<string, string>();
    for (const entry of this.#policy.lists.flatMap(({ entries }) => entries)) {
      if (entry.kind !== "party") continue;
      if ((parties.get(entry.name) ?? entry.descriptor) !== entry.descriptor)
        this.#wrong(entry, writeEntry(entry), "another party has this name");
      parties.set(entry.name, entry.descriptor);
    }
    this.#used();
  }

  #used(): void {
    const { lists, rules } = this.#policy;
    const used = new Set(rules.flatMap(({ limit }) => listsIn(limit)));
    // Whatever is on any list is no new destination.
    if (rules.some(({ limit }) => limit.kind === "new-destination")) return;
    for (const list of lists)
      if (!used.has(list.name))
        this.#wrong(list, `List ${list.name}`, `no rule uses it, like "To ${list.name} only"`);
  }

  #refs(): { readonly ref: WalletRef; readonly thing: unknown; readonly text: string }[] {
    const { lists, rules } = this.#policy;
    return [
      ...lists.flatMap(({ entries }) =>
        entries.flatMap((ref) => (ref.kind === "wallet" ? [{ ref, thing: ref, text: writeEntry(ref) }] : [])),
      ),
      ...rules.flatMap((rule) => {
        const { scope, limit } = rule;
        const text = writeRule(rule);
        const only = limit.kind === "wallets" ? limit.only.map((ref) => ({ ref, thing: rule, text })) : [];
        return scope.of === "wallet"
          ? [{ ref: scope, thing: scope, text: writeScope(scope) }, ...only]
          : only;
      }),
    ];
  }

  rules(): void {
    const { rules } = this.#policy;
    const past = rules[LIMITS.policyRules];
    if (past) this.#wrong(past, writeRule(past), `there are more than ${LIMITS.policyRules} rules`);
    const scopes = new Set<string>();
    for (const { scope } of scopesOf(this.#policy)) {
      const text = writeScope(scope);
      if (scope.of === "key" && !/^[0-9a-f]{8}$/.test(scope.fingerprint))
        this.#wrong(scope, text, 'a key is its fingerprint, like "For key 1a2b3c4d"');
      if (scopes.has(text)) this.#wrong(scope, text, "this stood above already: its rules belong together");
      scopes.add(text);
    }
    for (const rule of rules) {
      const problem = ruleProblem(rule, this.#policy);
      if (problem !== undefined) this.#wrong(rule, writeRule(rule), problem);
    }
    const persons = personsIn(this.#policy).filter((person) => person !== CODE);
    if (persons.length > LIMITS.people)
      this.#wrong(undefined, persons.at(-1)!, `more than ${LIMITS.people} persons are named`);
  }

  /** No rule is for nothing because of another one. */
  together(): void {
    const reach = reachOf(this.#policy);
    const placed = this.#policy.rules.map((rule): Placed => ({ rule, reach }));
    for (const [i, one] of placed.entries())
      for (const [j, other] of placed.entries()) {
        const problem = i === j ? undefined : pairProblem(one, other, j < i);
        if (problem !== undefined) this.#clash(one.rule, problem, other.rule);
      }
    for (const shut of this.#policy.rules)
      for (const { scope } of this.#policy.rules)
        if (isShut(scope, shut))
          this.#wrong(scope, writeScope(scope), `${quoted(shut)} lets it sign nothing`);
  }

  #clash(rule: Rule, problem: string, other: Rule): never {
    const place = this.#places.get(other);
    this.#wrong(rule, writeRule(rule), `${problem} ${place ? `${place}, ` : ""}${quoted(other)}`);
  }

  #wrong(thing: unknown, text: string, what: string): never {
    const place = this.#places.get(thing);
    return refuse("policy.malformed", `${place ? `${place}, ` : ""}"${shown(text)}": ${what}`);
  }
}

/** Throws Refusal policy.malformed with the line (its place too where that is known) and a sentence. */
export function checkPolicy(policy: Policy, places: Places = new Map()): void {
  const checker = new Checker(policy, places);
  checker.head();
  checker.lists();
  checker.rules();
  checker.names();
  checker.together();
}

function quoted(rule: Rule): string {
  return `"${shown(`${writeScope(rule.scope)}: ${writeRule(rule)}`, 200)}"`;
}

/** A wallet's own rules are for nothing where it may not sign. */
function isShut(scope: Scope, { scope: where, limit, otherwise }: Rule): boolean {
  if (scope.of !== "wallet" || limit.kind !== "wallets" || otherwise.do !== "refuse") return false;
  return isWider(where, scope) && !limit.only.some(({ fingerprint }) => fingerprint === scope.fingerprint);
}

/** Printable ASCII as names of wallets are, and nothing in it that reads as the end of a name in a list. */
function walletProblem({ fingerprint, name }: WalletRef, known: string | undefined): string | undefined {
  if (!/^[0-9a-f]{8}$/.test(fingerprint) || !/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(name))
    return WALLET;
  if (name.length > LIMITS.walletNameChars)
    return `a wallet's name has at most ${LIMITS.walletNameChars} characters`;
  if (/, ([0-9a-f]{8} |else )/.test(name))
    return "its name reads as the end of a list; give the wallet another one";
  return (known ?? name) === name
    ? undefined
    : `the wallet of this fingerprint is called "${shown(known ?? "")}" above`;
}
