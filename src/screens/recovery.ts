// What is needed to spend when keys are lost, from the wallet's ways alone; and that in words.

import { LIMITS } from "../limits.ts";
import type { Condition, Way } from "../ways.ts";
import { lockWords, waitSeconds, waitWords } from "./ways.ts";

/** What else must be there than the keys that are left. `older`, `after` as in ways.ts; 0: none. */
export interface Needs {
  readonly older: number;
  readonly after: number;
  /** What a hash in the wallet was made of. */
  readonly secret: boolean;
}

/** What becomes of the wallet without these keys. */
export interface Loss {
  /** Places in the wallet's keys. */
  readonly without: readonly number[];
  /** Absent: nobody can ever spend. */
  readonly needs?: Needs;
}

const NOTHING: Needs = { older: 0, after: 0, secret: false };

/** The easiest way that is left without these keys. */
export function needsWithout(ways: readonly Way[], without: ReadonlySet<number>): Needs | undefined {
  return easiest(ways.map(({ condition }) => needsOf(condition, without)));
}

function needsOf(condition: Condition, without: ReadonlySet<number>): Needs | undefined {
  switch (condition.kind) {
    case "key":
      return without.has(condition.key) ? undefined : NOTHING;
    case "older":
      return { ...NOTHING, older: condition.value };
    case "after":
      return { ...NOTHING, after: condition.value };
    case "preimage":
      return { ...NOTHING, secret: true };
    case "musig":
      return together(condition.of.length, condition.of, without);
    case "threshold":
      return together(condition.threshold, condition.of, without);
    case "fixed":
    case "never":
      return undefined;
  }
}

function together(
  threshold: number,
  of: readonly Condition[],
  without: ReadonlySet<number>,
): Needs | undefined {
  const there = of.map((one) => needsOf(one, without)).filter((needs) => needs !== undefined);
  if (there.length < threshold) return undefined;
  const taken = there.sort((a, b) => hardness(a) - hardness(b)).slice(0, threshold);
  return taken.reduce(
    (sum, needs) => ({
      older: waitSeconds(needs.older) > waitSeconds(sum.older) ? needs.older : sum.older,
      after: Math.max(needs.after, sum.after),
      secret: needs.secret || sum.secret,
    }),
    NOTHING,
  );
}

function easiest(all: readonly (Needs | undefined)[]): Needs | undefined {
  const there = all.filter((needs) => needs !== undefined);
  return there.length === 0
    ? undefined
    : there.reduce((least, needs) => (hardness(needs) < hardness(least) ? needs : least));
}

/** A secret is there or not; a coin's age comes by itself; a date may lie far off. */
function hardness({ older, after, secret }: Needs): number {
  return (secret ? 1 : 0) + waitSeconds(older) + (after > 0 ? 1e12 + after : 0);
}

// ---------------------------------------------------------------- by number of lost keys

/**
 * For 1, 2, 3 … lost keys: every set of so many, until every set leaves nothing. `keys`: places of those that
 * somebody holds; all others count as lost always. Ends early where there would be too many sets.
 */
export function losses(ways: readonly Way[], keys: readonly number[]): readonly (readonly Loss[])[] {
  const rows: Loss[][] = [];
  const nobodys = placesOf(ways).filter((place) => !keys.includes(place));
  const alike = isQuorum(ways, keys);
  for (let count = 1; count <= keys.length; count++) {
    // Of a plain quorum one set is as good as another.
    if (!alike && setsOf(keys.length, count) > LIMITS.lossCases) return rows;
    const sets = alike ? [keys.slice(0, count)] : subsets(keys, count);
    const row = sets.map((without) => {
      const needs = needsWithout(ways, new Set([...nobodys, ...without]));
      return { without, ...(needs === undefined ? {} : { needs }) };
    });
    rows.push(row);
    if (row.every(({ needs }) => needs === undefined)) return rows;
  }
  return rows;
}

function placesOf(ways: readonly Way[]): readonly number[] {
  const under = (condition: Condition): readonly number[] => {
    if (condition.kind === "key") return [condition.key];
    return "of" in condition ? condition.of.flatMap(under) : [];
  };
  return ways.flatMap(({ condition }) => under(condition));
}

function isQuorum(ways: readonly Way[], keys: readonly number[]): boolean {
  const [way] = ways;
  if (ways.length !== 1 || way?.condition.kind !== "threshold") return false;
  const { of } = way.condition;
  return of.length === keys.length && of.every(({ kind }) => kind === "key");
}

function setsOf(all: number, count: number): number {
  let sets = 1;
  for (let i = 0; i < count; i++) sets = (sets * (all - i)) / (i + 1);
  return sets;
}

function subsets(keys: readonly number[], count: number): (readonly number[])[] {
  if (count === 0) return [[]];
  return keys.flatMap((key, i) => subsets(keys.slice(i + 1), count - 1).map((rest) => [key, ...rest]));
}

// ---------------------------------------------------------------- in words

/** So many sets are named one by one. */
const NAMED = 6;

/** One sentence or more for each number of lost keys. `nameOf`: what a key is called. */
export function lossWords(
  ways: readonly Way[],
  keys: readonly number[],
  nameOf: (key: number) => string,
): readonly string[] {
  const rows = losses(ways, keys);
  const words = rows.map((row, i) => rowWords(row, i + 1, keys.length, nameOf));
  const ends = rows.at(-1)?.every(({ needs }) => needs === undefined) || rows.length === keys.length;
  return ends ? words : [...words, `More than ${rows.length} lost: too many cases to reckon them here.`];
}

function rowWords(row: readonly Loss[], count: number, all: number, nameOf: (key: number) => string): string {
  const groups = new Map<string, Loss[]>();
  for (const loss of row) {
    const what = outcome(loss.needs, all - count);
    groups.set(what, [...(groups.get(what) ?? []), loss]);
  }
  const [only] = groups.keys();
  if (groups.size === 1) {
    const gone = row[0]!.needs === undefined;
    const lost =
      count === all ? (all === 1 ? "It is" : `All ${all}`) : gone ? `${count} or more` : `Any ${count}`;
    return `${lost} lost: ${only}.`;
  }
  const parts = [...groups].map(([what, losses]) => `${which(losses, nameOf)}: ${what}.`);
  return `${count} lost, it depends which. ${parts.join(" ")}`;
}

function which(losses: readonly Loss[], nameOf: (key: number) => string): string {
  const sets = losses.slice(0, NAMED).map(({ without }) => without.map(nameOf).join(" and "));
  const more = losses.length - sets.length;
  return `Without ${sets.join(", or ")}${more > 0 ? `, or ${more} other sets` : ""}`;
}

function outcome(needs: Needs | undefined, left: number): string {
  if (needs === undefined) return "the money is gone";
  const spend = left === 1 ? "the other one spends" : `the other ${left} spend`;
  const extra = [
    ...(needs.older > 0 ? [`once a coin has lain ${waitWords(needs.older)}`] : []),
    ...(needs.after > 0 ? [`from ${lockWords(needs.after)} on`] : []),
    ...(needs.secret ? ["with the secret behind the wallet's hash"] : []),
  ];
  return extra.length === 0 ? `${spend.replace("spend", "still spend")}` : `${spend} ${extra.join(", ")}`;
}
