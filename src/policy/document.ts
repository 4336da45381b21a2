// A policy as the text that its owner reads, approves and compares: one line a rule, one way to write each.

import { LIMITS } from "../limits.ts";
import { NETWORKS } from "../model.ts";
import { refuse } from "../refusal.ts";
import type { Ask, Entry, List, Otherwise, Policy, Rule, Scope } from "../rules.ts";
import { shown } from "../text.ts";
import { parsePolicy1 } from "./document-1.ts";
import { LIST_NAME, readLimit, readWallet, writeLimit, writeWallet } from "./forms.ts";
import { readDuration, writeDuration } from "./units.ts";

const FIRST = "Firn policy 2";

/** Throws Refusal policy.malformed with the line and the sentence for anything but a whole and sensible policy. */
export function parsePolicy(text: string): Policy {
  if (text.length > LIMITS.policyTextChars) refuse("policy.malformed", "the text is too long");
  if (text.trimStart().startsWith("{")) return parsePolicy1(text);
  const lines = text.split("\n").map((line) => line.replace(/\r$/, "").trimEnd());
  return new Reader(lines).policy();
}

/** One line a rule, in the order of the policy; ends with a line's end. Only what parsePolicy takes again. */
export function writePolicy(policy: Policy): string {
  const { freeze } = policy;
  const head = [
    FIRST,
    `Number ${policy.number}`,
    `Network ${policy.network}`,
    `Loosening waits ${writeDuration(policy.loosenMs)}`,
    `Reasons ${policy.reasons}`,
    ...(freeze ? [`Freeze after ${freeze.refusals} refusals within ${writeDuration(freeze.withinMs)}`] : []),
  ];
  const lists = policy.lists.flatMap(({ name, entries }) => ["", `List ${name}`, ...entries.map(writeEntry)]);
  const rules: string[] = [];
  let scope = "";
  for (const rule of policy.rules) {
    const wanted = writeScope(rule.scope);
    if (wanted !== scope) rules.push("", wanted);
    scope = wanted;
    rules.push(writeRule(rule));
  }
  return `${[...head, ...lists, ...rules].join("\n")}\n`;
}

/** As its line in the policy, without the scope. */
export function writeRule({ limit, otherwise }: Rule): string {
  return writeLimit(limit) + writeOtherwise(otherwise);
}

export function writeScope(scope: Scope): string {
  if (scope.of === "all") return "For everything";
  return scope.of === "key" ? `For key ${scope.fingerprint}` : `For wallet ${writeWallet(scope)}`;
}

function writeOtherwise(otherwise: Otherwise): string {
  if (otherwise.do === "refuse") return "";
  if (otherwise.do === "wait") return `, else wait ${writeDuration(otherwise.ms)}`;
  return `, else ask ${writeAsk(otherwise.ask)}`;
}

export function writeAsk({ need, of }: Ask): string {
  return need === of.length
    ? need === 1
      ? of[0]!
      : `all of ${of.join(", ")}`
    : `${need} of ${of.join(", ")}`;
}

function writeEntry(entry: Entry): string {
  if (entry.kind === "address") return entry.to;
  if (entry.kind === "wallet") return `wallet ${writeWallet(entry)}`;
  return `party ${entry.name} ${entry.descriptor}`;
}

class Reader {
  readonly #lines: readonly string[];
  #at = 0;

  constructor(lines: readonly string[]) {
    this.#lines = lines;
  }

  policy(): Policy {
    this.#head(/^Firn policy 2$/, () => true);
    const number = this.#head(/^Number ([1-9]\d{0,8})$/, Number);
    const network = this.#head(/^Network (\w+)$/, (name) => NETWORKS.find((one) => one === name));
    const loosenMs = this.#head(/^Loosening waits (.+)$/, readDuration);
    const reasons = this.#head(/^Reasons (shown|hidden)$/, (word) => word as Policy["reasons"]);
    const freeze = this.#freeze();
    const lists: List[] = [];
    const rules: Rule[] = [];
    for (let line = this.#next(); line !== undefined; line = this.#next()) {
      const name = /^List (.+)$/.exec(line)?.[1];
      if (name !== undefined) lists.push(this.#list(name));
      else rules.push(...this.#rules(line));
    }
    return { number, network, loosenMs, reasons, ...(freeze ? { freeze } : {}), lists, rules };
  }

  /** The next line that is not empty, taken. */
  #next(): string | undefined {
    while (this.#lines[this.#at] === "") this.#at++;
    return this.#lines[this.#at++];
  }

  #wrong(what: string): never {
    const line = this.#lines[this.#at - 1];
    const where = line === undefined ? "the end" : `line ${this.#at}, "${shown(line)}"`;
    return refuse("policy.malformed", `${where}: ${what}`);
  }

  #head<T>(pattern: RegExp, read: (value: string) => T | undefined): T {
    const match = pattern.exec(this.#next() ?? "");
    const value = match ? read(match[1] ?? "") : undefined;
    return value === undefined ? this.#wrong(`must be like ${pattern.source}`) : value;
  }

  #freeze(): Policy["freeze"] {
    const pattern = /^Freeze after ([1-9]\d?) refusals within (.+)$/;
    const at = this.#at;
    const match = pattern.exec(this.#next() ?? "");
    if (!match) {
      this.#at = at;
      return undefined;
    }
    const withinMs = readDuration(match[2]!) ?? this.#wrong("no such time");
    return { refusals: Number(match[1]), withinMs };
  }

  #list(name: string): List {
    if (!LIST_NAME.test(name)) this.#wrong("a list's name has small letters, digits and hyphens");
    const entries: Entry[] = [];
    while (this.#isOpen()) entries.push(this.#entry(this.#next()!));
    return { name, entries };
  }

  /** The block goes on: neither its end nor the text's. */
  #isOpen(): boolean {
    const line = this.#lines[this.#at];
    return line !== undefined && line !== "";
  }

  #entry(line: string): Entry {
    const wallet = /^wallet (.+)$/.exec(line)?.[1];
    if (wallet !== undefined)
      return {
        kind: "wallet",
        ...(readWallet(wallet) ?? this.#wrong("a wallet is its fingerprint and its name")),
      };
    const [, name, descriptor] = /^party (\S+) (\S+)$/.exec(line) ?? [];
    if (name !== undefined && descriptor !== undefined) return { kind: "party", name, descriptor };
    if (!/^[0-9A-Za-z]{1,128}$/.test(line)) this.#wrong("must be an address, a wallet or a party");
    // BIP 173: upper case is the same address, as QR codes prefer it.
    return { kind: "address", to: /^(BC|TB|BCRT)1[0-9A-Z]+$/.test(line) ? line.toLowerCase() : line };
  }

  #rules(line: string): Rule[] {
    const scope = this.#scope(line);
    const rules: Rule[] = [];
    while (this.#isOpen()) rules.push({ scope, ...this.#rule(this.#next()!) });
    return rules;
  }

  #scope(line: string): Scope {
    if (line === "For everything") return { of: "all" };
    const [, kind, what = ""] = /^For (key|wallet) (.+)$/.exec(line) ?? [];
    if (kind === "key" && /^[0-9a-f]{8}$/.test(what)) return { of: "key", fingerprint: what };
    const wallet = kind === "wallet" ? readWallet(what) : undefined;
    return wallet ? { of: "wallet", ...wallet } : this.#wrong("no such line is known");
  }

  #rule(line: string): Omit<Rule, "scope"> {
    const [, text = "", otherwise] = /^(.+?)(?:, else (.+))?$/.exec(line) ?? [];
    const limit = readLimit(text) ?? this.#wrong("no such rule is known");
    if (limit === "unit") return this.#wrong("a quantity in it is not written as it must be");
    return { limit, otherwise: this.#otherwise(otherwise) };
  }

  #otherwise(text: string | undefined): Otherwise {
    if (text === undefined) return { do: "refuse" };
    const wait = /^wait (.+)$/.exec(text)?.[1];
    if (wait !== undefined) return { do: "wait", ms: readDuration(wait) ?? this.#wrong("no such time") };
    const ask = /^ask (.+)$/.exec(text)?.[1];
    return ask === undefined ? this.#wrong("else wait, or else ask") : { do: "ask", ask: this.#ask(ask) };
  }

  #ask(text: string): Ask {
    const [, all, need, names = text] = /^(?:(all)|([1-9]\d?)) of (.+)$/.exec(text) ?? [];
    const of = names.split(", ");
    if (!of.every((name) => /^[a-z][a-z0-9 ]{0,23}$/.test(name)))
      this.#wrong("a person's name has small letters, digits and spaces");
    if (all !== undefined) return { need: of.length, of };
    if (need === undefined) return of.length === 1 ? { need: 1, of } : this.#wrong("of how many?");
    return { need: Number(need), of };
  }
}
