// What one rule must be: quantities that can be met, names that stand for something.

import { ANY_TOKEN, factsOf, UNLIMITED } from "../assets.ts";
import { HARDENED, LIMITS, MAX_MONEY_SATS } from "../limits.ts";
import {
  type Amount,
  CODE,
  type Limit,
  NAMED_ODDITIES,
  type Otherwise,
  type Policy,
  type Rule,
  UNUSUAL,
} from "../rules.ts";
import { isToken } from "./assets.ts";
import type { EthereumLimit } from "./forms-ethereum.ts";
import { isNever } from "./implies.ts";
import { listsIn } from "./named.ts";
import { isUnder } from "./paths.ts";

const MINUTE = 60_000;
const YEAR = 365 * 86_400_000;

/** Whole minutes, a year at most. */
export function isDuration(ms: number): boolean {
  return Number.isSafeInteger(ms) && ms >= 0 && ms <= YEAR && ms % MINUTE === 0;
}

/** Small letters, digits and single spaces, so that nothing in a list of names can be read in two ways. */
export function isPersonName(name: string): boolean {
  return (
    name.length <= 24 &&
    /^[a-z][a-z0-9]*( [a-z0-9]+)*$/.test(name) &&
    !name.startsWith("all of ") &&
    name !== CODE
  );
}

const NOTHING = "nothing could ever pass";

/** Undefined where the rule is sensible by itself. */
export function ruleProblem({ limit, otherwise }: Rule, policy: Policy): string | undefined {
  if (isNever(limit) && otherwise.do !== "refuse") return "what is allowed has nothing else to do";
  return limitProblem(limit, otherwise, policy) ?? otherwiseProblem(otherwise);
}

function otherwiseProblem(otherwise: Otherwise): string | undefined {
  if (otherwise.do === "refuse") return undefined;
  if (otherwise.do === "wait")
    return isDuration(otherwise.ms) && otherwise.ms > 0 ? undefined : "a wait is 1 minute to 365 days";
  const { need, of } = otherwise.ask;
  const odd = of.find((person) => person !== CODE && !isPersonName(person));
  if (odd !== undefined || of.length === 0)
    return `a person's name has small letters, digits and single spaces, 24 at most; "${CODE}" is the transaction's own`;
  if (new Set(of).size !== of.length) return "somebody is named twice";
  if (of.length > LIMITS.people) return `more than ${LIMITS.people} persons are named`;
  return Number.isSafeInteger(need) && need >= 1 && need <= of.length
    ? undefined
    : `it asks for ${need} of ${of.length}`;
}

function limitProblem(limit: Limit, otherwise: Otherwise, policy: Policy): string | undefined {
  switch (limit.kind) {
    case "amount":
      return amountProblem(limit.most, otherwise.do !== "refuse");
    case "new-destination":
      return amountProblem(limit.most, otherwise.do !== "refuse" || policy.lists.length > 0);
    case "fee":
      if (limit.most.asset === ANY_TOKEN || isToken(limit.most.asset)) return "fees are paid in coins";
      return amountProblem(limit.most, false);
    case "count":
      return isWithin(limit.most, 1, 100_000) ? undefined : "it is 1 to 100000 transactions";
    case "fee-rate":
    case "fee-percent":
      return decimalProblem(limit.most);
    case "height-step":
      return isWithin(limit.blocks, 1, 1_000_000) ? undefined : "it is 1 to 1000000 blocks";
    case "destinations":
      return destinationsProblem(limit, policy);
    case "hours":
      return hoursProblem(limit);
    case "wallets":
      return namedProblem(
        limit.only.map(({ fingerprint }) => fingerprint),
        "a wallet",
      );
    case "unusual":
      return [...UNUSUAL, ...NAMED_ODDITIES].includes(limit.what) ? undefined : "nothing is called so";
    case "messages":
      return namedProblem(limit.under, "a path") ?? pathsProblem(limit.under);
    default:
      return ethereumProblem(limit, policy);
  }
}

function ethereumProblem(limit: EthereumLimit, policy: Policy): string | undefined {
  switch (limit.kind) {
    case "allowance":
      if (limit.most.asset !== ANY_TOKEN && !isToken(limit.most.asset)) return "allowances are of tokens";
      return amountProblem(limit.most, false);
    case "chains":
      return limit.only === "any" ? undefined : chainsProblem(limit.only);
    case "sites":
      return limit.only === "any" ? undefined : sitesProblem(limit.only);
    case "spenders":
      return listProblem(limit, policy);
    case "calls":
    case "blind":
    case "typed":
    case "delegates":
      return listProblem(limit, policy) ?? contractsProblem(limit, policy);
  }
}

function isWithin(value: number, least: number, most: number): boolean {
  return Number.isSafeInteger(value) && value >= least && value <= most;
}

/** A limit of nothing makes sense where something else can be done. */
function amountProblem({ asset, units }: Amount, mayBeNothing: boolean): string | undefined {
  if (asset === "btc" && (units < 0n || units > MAX_MONEY_SATS)) return "there are only 21000000 BTC";
  if (factsOf(asset) === undefined) return "what it is of is not known";
  if (units < 0n || units >= UNLIMITED) return "it is more than any amount can be";
  return units === 0n && !mayBeNothing ? NOTHING : undefined;
}

function decimalProblem(most: number): string | undefined {
  if (most === 0) return NOTHING;
  if (!(most > 0 && most <= 1_000_000)) return "it is 1000000 at most";
  return most === Math.round(most * 1000) / 1000 ? undefined : "it has at most 3 decimals";
}

function destinationsProblem(
  { to, above }: Extract<Limit, { kind: "destinations" }>,
  policy: Policy,
): string | undefined {
  if (to === "any") return above ? "any destination is allowed above it and below" : undefined;
  if (above?.units === 0n) return 'everything is above nothing; leave ", above" away';
  return listProblem({ kind: "destinations", to }, policy) ?? (above && amountProblem(above, true));
}

function listProblem(limit: Limit, { lists }: Policy): string | undefined {
  if (isNever(limit)) return undefined;
  const names = listsIn(limit);
  const unknown = names.find((name) => !lists.some((list) => list.name === name));
  if (unknown !== undefined) return "a list that it names does not stand above";
  return namedProblem(names, "a list");
}

/** A list of addresses alone lets no contract through. */
function contractsProblem(limit: Limit, { lists }: Policy): string | undefined {
  const named = lists.filter(({ name }) => listsIn(limit).includes(name));
  const fits = ({ entries }: Policy["lists"][number]) =>
    entries.some(
      (entry) =>
        entry.kind === "contract" &&
        (entry.selectors === undefined || limit.kind === "calls" || limit.kind === "blind"),
    );
  return named.every(fits)
    ? undefined
    : 'no contract that it could let through stands on a list that it names, like "contract 0x... on Ethereum"';
}

const MOST_CHAIN = 2n ** 53n;

function chainsProblem(only: readonly bigint[]): string | undefined {
  if (only.some((id) => id < 1n || id >= MOST_CHAIN)) return "no chain has such a number";
  return namedProblem(only.map(String), "a chain");
}

/** As a message of EIP 4361 names it: host, and port where it has one. */
function sitesProblem(only: readonly string[]): string | undefined {
  const isSite = (site: string) =>
    site.length <= 253 && /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[1-9]\d{0,4})?$/.test(site);
  if (!only.every(isSite)) return 'a site is like "example.com" or "app.example.org:8443", in small letters';
  return namedProblem(only, "a site");
}

function namedProblem(names: readonly string[], what: string): string | undefined {
  if (names.length === 0) return `it names none: ${NOTHING}`;
  return new Set(names).size === names.length ? undefined : `${what} is named twice`;
}

const MONDAY_FIRST = [1, 2, 3, 4, 5, 6, 0];

function hoursProblem(limit: Extract<Limit, { kind: "hours" }>): string | undefined {
  const { from, until, days, offsetMinutes } = limit;
  if (!isWithin(from, 0, 1440) || !isWithin(until, 0, 1440)) return "the day has 24 hours";
  if (from >= until) return "it must end later on the same day than it begins";
  if (!isWithin(offsetMinutes, -840, 840)) return "no place is further than 14 hours from UTC";
  const inOrder = MONDAY_FIRST.filter((day) => days.includes(day));
  if (days.length === 0) return `no day is named: ${NOTHING}`;
  return inOrder.join() === days.join() ? undefined : "each day stands there once, from Mon to Sun";
}

function pathsProblem(under: readonly string[]): string | undefined {
  if (!under.every(isPath)) return 'a path is like "m/84h/0h/0h", "h" for hardened, 8 steps at most';
  const isInside = (path: string) => under.some((other) => other !== path && isUnder(path, other));
  return under.some(isInside) ? "a path lies under another one of these" : undefined;
}

function isPath(path: string): boolean {
  const [root, ...steps] = path.split("/");
  const isStep = (step: string) => /^(0|[1-9]\d{0,9})h?$/.test(step) && Number.parseInt(step, 10) < HARDENED;
  return root === "m" && steps.length <= LIMITS.pathDepth && steps.every(isStep);
}
