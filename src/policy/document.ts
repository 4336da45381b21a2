// A policy as the text that its owner reads, approves and compares: one line a rule, one way to write each.

import { LIMITS } from "../limits.ts";
import { NETWORKS, type Network } from "../model.ts";
import { refuse } from "../refusal.ts";
import type { Ask, Entry, List, Otherwise, Policy, Rule, Scope } from "../rules.ts";
import { shown } from "../text.ts";
import { checkPolicy } from "./check.ts";
import { parsePolicy1 } from "./document-1.ts";
import { readEntry } from "./entries.ts";
import { readLimit, readWallet, WALLET } from "./forms.ts";
import { readCount, readDuration, writeDuration } from "./units.ts";
import { FIRST, textOf, writeFreeze, writeRule } from "./write.ts";

export { writeAsk, writeRule, writeScope } from "./write.ts";

/**
 * Throws Refusal policy.malformed with the line and the sentence for anything but a whole and sensible policy.
 * network: the one that a text of version 1, which names none, is for.
 */
export function parsePolicy(text: string, network: Network = "mainnet"): Policy {
  if (text.length > LIMITS.policyTextChars) refuse("policy.malformed", "the text is too long");
  if (text.trimStart().startsWith("{")) return parsePolicy1(text, network);
  const reader = new Reader(text);
  const policy = reader.policy();
  checkPolicy(policy, reader.places);
  return policy;
}

/** Only what parsePolicy takes again: Refusal policy.malformed for anything else. */
export function writePolicy(policy: Policy): string {
  checkPolicy(policy);
  const text = textOf(policy);
  if (text.length > LIMITS.policyTextChars) refuse("policy.malformed", "the text is too long");
  return text;
}

const HEAD = ["Number", "Network", "Loosening", "Reasons", "Freeze"] as const;
const WAIT = 'a time is in whole minutes, hours or days, like "3 days"';

class Reader {
  /** Where each part of the policy was read. */
  readonly places = new Map<unknown, string>();
  readonly #lines: readonly string[];
  #at = 0;

  constructor(text: string) {
    this.#lines = text.split("\n").map((line) => line.trim());
  }

  policy(): Policy {
    if (this.#next() !== FIRST) this.#wrong(`the first line must be "${FIRST}"`);
    const number = this.#head("Number", "7", readCount, String);
    const network = this.#head("Network", "mainnet", (name) => NETWORKS.find((one) => one === name), String);
    const loosenMs = this.#head("Loosening waits", "1 day", readDuration, writeDuration);
    const reasons = this.#head("Reasons", "shown", (word) => REASONS.find((one) => one === word), String);
    const hasFreeze = this.#lines
      .slice(this.#at)
      .find((line) => line !== "")
      ?.startsWith("Freeze ");
    const freeze =
      hasFreeze && this.#head("Freeze after", "5 refusals within 1 hour", readFreeze, writeFreeze);
    return { number, network, loosenMs, reasons, ...(freeze ? { freeze } : {}), ...this.#blocks() };
  }

  #blocks(): Pick<Policy, "lists" | "rules"> {
    const lists: List[] = [];
    const rules: Rule[] = [];
    const scopes = new Set<string>();
    for (let line = this.#next(); line !== undefined; line = this.#next()) {
      if (line.startsWith("List ")) {
        if (scopes.size > 0) this.#wrong("lists stand above the first rules");
        lists.push(this.#list(line.slice(5)));
      } else {
        const scope = this.#scope(line);
        if (scopes.has(line)) this.#wrong("this stood above already: its rules belong together");
        scopes.add(line);
        rules.push(...this.#rules(scope));
      }
    }
    return { lists, rules };
  }

  /** The next line that is not empty, taken. */
  #next(): string | undefined {
    while (this.#lines[this.#at] === "") this.#at++;
    const line = this.#lines[this.#at++];
    if (line !== undefined && !/^[\x20-\x7e]*$/.test(line))
      this.#wrong("only letters, digits and signs as on an English keyboard may stand in it");
    if (line !== undefined && /^(#|\/\/|;|--)/.test(line)) this.#wrong("comments have no place in a policy");
    return line;
  }

  /** The line that comes, where the block goes on. */
  #more(): string | undefined {
    const line = this.#lines[this.#at];
    return line === undefined || line === "" || /^(List|For) /.test(line) ? undefined : this.#next();
  }

  get #place(): string {
    return `line ${this.#at}`;
  }

  #wrong(what: string): never {
    const line = this.#lines[this.#at - 1];
    const where = line === undefined ? "at the end" : `${this.#place}, "${shown(line)}"`;
    return refuse("policy.malformed", `${where}: ${what}`);
  }

  /** There is one way to write each line. What had no name when it was written may have one by now. */
  #canonical(written: string): void {
    const line = this.#lines[this.#at - 1] ?? "";
    const still = unnamedIn(written);
    if (line !== written && unnamedIn(line).every((one) => still.includes(one)))
      this.#wrong(`this is written "${shown(written, 200)}"`);
  }

  #head<T>(
    start: string,
    like: string,
    read: (value: string) => T | undefined,
    write: (value: T) => string,
  ): T {
    const line = this.#next();
    if (!line?.startsWith(`${start} `)) return this.#wrong(`here stands a line like "${start} ${like}"`);
    const value = read(line.slice(start.length + 1)) ?? this.#wrong(`it must be like "${start} ${like}"`);
    this.#canonical(`${start} ${write(value)}`);
    this.places.set(start, this.#place);
    return value;
  }

  #list(name: string): List {
    const entries: Entry[] = [];
    const place = this.#place;
    for (let line = this.#more(); line !== undefined; line = this.#more()) entries.push(this.#entry(line));
    const list = { name, entries };
    this.places.set(list, place);
    return list;
  }

  #entry(line: string): Entry {
    const entry = readEntry(line);
    if (typeof entry === "string") return this.#wrong(entry);
    this.places.set(entry, this.#place);
    return entry;
  }

  #scope(line: string): Scope {
    if (line === "For everything") return { of: "all" };
    const [, kind, what = ""] = /^For (key|wallet) (.+)$/.exec(line) ?? [];
    if (kind === "key") return { of: "key", fingerprint: what };
    if (kind === "wallet") return { of: "wallet", ...(readWallet(what) ?? this.#wrong(WALLET)) };
    return this.#wrong(strayProblem(line));
  }

  #rules(scope: Scope): Rule[] {
    this.places.set(scope, this.#place);
    const rules: Rule[] = [];
    for (let line = this.#more(); line !== undefined; line = this.#more())
      rules.push(this.#rule(line, scope));
    if (rules.length === 0)
      this.#wrong("no rule follows; they stand right below it, with no empty line between");
    return rules;
  }

  #rule(line: string, scope: Scope): Rule {
    const [, text = "", otherwise] = /^(.+?)(?:, else (.*))?$/.exec(line) ?? [];
    const limit = readLimit(text);
    if (typeof limit === "string") return this.#wrong(limit);
    const rule = { scope, limit, otherwise: this.#otherwise(otherwise) };
    this.#canonical(writeRule(rule));
    this.places.set(rule, this.#place);
    return rule;
  }

  #otherwise(text: string | undefined): Otherwise {
    if (text === undefined) return { do: "refuse" };
    const [, what, rest = ""] = /^(wait|ask) (.+)$/.exec(text) ?? [];
    if (what === "wait") return { do: "wait", ms: readDuration(rest) ?? this.#wrong(WAIT) };
    if (what === "ask") return { do: "ask", ask: readAsk(rest) };
    return this.#wrong('what else holds is like "else wait 1 day" or "else ask 2 of anna, ben, carla"');
  }
}

/** What is on no list, as assets.ts writes it, in small letters. */
function unnamedIn(line: string): readonly string[] {
  return line.toLowerCase().match(/units of 0x[0-9a-f]{40}|\bchain [1-9]\d*/g) ?? [];
}

const REASONS = ["shown", "hidden"] as const;

function readFreeze(text: string): Policy["freeze"] {
  const [, count = "", within = ""] = /^(\S+) refusals? within (.+)$/.exec(text) ?? [];
  const [refusals, withinMs] = [readCount(count), readDuration(within)];
  return refusals === undefined || withinMs === undefined ? undefined : { refusals, withinMs };
}

/** Whoever is named is judged later. */
function readAsk(text: string): Ask {
  const [, all, need, names = text] = /^(?:(all)|(\d{1,9})) of (.+)$/.exec(text) ?? [];
  const of = names.split(", ");
  return { need: all || need === undefined ? of.length : Number(need), of };
}

/** Why a line that begins no list and no scope cannot stand there. */
function strayProblem(line: string): string {
  if (HEAD.some((word) => line.startsWith(word)))
    return `the head stands first and once: ${HEAD.join(", ")}, in this order`;
  if (typeof readLimit(line) !== "string")
    return 'a rule stands right below its scope, like "For everything", with no empty line between';
  return 'here stands "List" and a name, "For everything", "For key" and its fingerprint, or "For wallet" and its';
}
