// What must be there to spend, in words: short enough for one line of a list, exact in every number.

import { toHex } from "../bytes.ts";
import { LOCK_TIME_THRESHOLD } from "../limits.ts";
import type { Block } from "../model.ts";
import { utcDate } from "../text.ts";
import type { Condition, Way } from "../ways.ts";

/** What a key is called: "your key", "Anna", "key 2". `key`: its place in Wallet.keys. */
export type KeyName = (key: number) => string;

const BY_PLACE: KeyName = (key) => `key ${key + 1}`;

/** "2 of 3 now", "1 of 2 after 26,000 blocks, about 6 months", "your key and 1 of 2 others from block 900,000 on". */
export function wayWords(condition: Condition, name: KeyName = BY_PLACE): string {
  const all = flat(condition);
  if (all.kind === "never") return "never";
  const choice = choiceOf(all);
  return choice ? choice.map((one) => wayWords(one, name)).join("; or ") : words(all, name, true);
}

// ---------------------------------------------------------------- keys

/** What a wallet's keys are called: by the holder's name where one is known, else as yours or by fingerprint. */
export function keyNames(
  keys: readonly {
    readonly fingerprint: string;
    readonly ours: boolean;
    readonly name?: string;
    readonly nobodys?: true;
  }[],
): KeyName {
  const own = keys.filter(({ ours }) => ours).length;
  return (place) => {
    const key = keys[place];
    if (key === undefined) return BY_PLACE(place);
    if (key.nobodys) return "no one's key";
    if (key.ours) return own === 1 ? "your key" : `your key ${place + 1}`;
    if (key.name) return key.name;
    const twins = keys.filter((one) => !one.name && one.fingerprint === key.fingerprint).length;
    return twins === 1 ? `key ${key.fingerprint}` : `key ${place + 1}, ${key.fingerprint}`;
  };
}

/** Whose signatures can serve a condition, each once, in the order in which the script names them. */
export function signersOf(condition: Condition, name: KeyName = BY_PLACE): readonly string[] {
  return [...new Set(signers(condition).map((one) => signerName(one, name)))];
}

type Signer = Extract<Condition, { readonly kind: "key" | "fixed" }>;

function signers(condition: Condition): readonly Signer[] {
  if (condition.kind === "key" || condition.kind === "fixed") return [condition];
  if (condition.kind === "musig" || condition.kind === "threshold") return condition.of.flatMap(signers);
  return [];
}

function isSigner({ kind }: Condition): boolean {
  return kind === "key" || kind === "fixed";
}

function signerName(signer: Signer, name: KeyName): string {
  return signer.kind === "key" ? name(signer.key) : `the bare key ${toHex(signer.publicKey).slice(0, 8)}...`;
}

function isSame(a: Signer, b: Signer): boolean {
  if (a.kind === "key" || b.kind === "key") return a.kind === "key" && b.kind === "key" && a.key === b.key;
  return toHex(a.publicKey) === toHex(b.publicKey);
}

// ---------------------------------------------------------------- time

/** BIP 68: with this bit a wait counts 512 seconds each, else blocks; only the low 16 bits count. */
const IN_SECONDS = 1 << 22;
const COUNTED = 0xffff;
const UNIT_SECONDS = 512;
const BLOCK_SECONDS = 600;

/** How long a coin must have lain: a wait of 0 is none. */
export function waitOf(value: number): { readonly unit: "blocks" | "512 s"; readonly count: number } {
  return { unit: value & IN_SECONDS ? "512 s" : "blocks", count: value & COUNTED };
}

/** About how many seconds a wait takes: blocks come every ten minutes or so. */
export function waitSeconds(value: number): number {
  const { unit, count } = waitOf(value);
  return count * (unit === "blocks" ? BLOCK_SECONDS : UNIT_SECONDS);
}

/** "26,000 blocks, about 6 months"; "5,063 times 512 seconds, about 30 days". */
export function waitWords(value: number): string {
  const { unit, count } = waitOf(value);
  if (count === 0) return "no wait at all";
  const exact =
    unit === "blocks"
      ? `${numberWords(count)} ${count === 1 ? "block" : "blocks"}`
      : `${numberWords(count)} times 512 seconds`;
  return `${exact}, about ${spanWords(waitSeconds(value))}`;
}

/** "block 900,000"; "2027-01-01 00:00 UTC". */
export function lockWords(value: number): string {
  return value < LOCK_TIME_THRESHOLD ? `block ${numberWords(value)}` : utcDate(value * 1000);
}

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;
const YEAR = 365.25 * DAY;
/** Unit, its length, and the longest span that is told in it. */
const SPANS: readonly (readonly [string, number, number])[] = [
  ["minute", MINUTE, 2 * HOUR],
  ["hour", HOUR, 2 * DAY],
  ["day", DAY, 60 * DAY],
  ["month", YEAR / 12, 2 * YEAR],
  ["year", YEAR, Number.POSITIVE_INFINITY],
];

/** A span in its nearest unit, rounded: "6 months". */
export function spanWords(seconds: number): string {
  const [unit, length] = SPANS.find(([, , most]) => seconds < most)!;
  const count = Math.max(1, Math.round(seconds / length));
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

/** "26,000" */
export function numberWords(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

// ---------------------------------------------------------------- conditions

/** What all must be there; undefined where it is not all of something. */
function allOf(condition: Condition): readonly Condition[] | undefined {
  const isAll = condition.kind === "threshold" && condition.threshold === condition.of.length;
  return isAll ? condition.of : undefined;
}

/** Of what one is enough; one of one is that one. */
function oneOf(condition: Condition): readonly Condition[] | undefined {
  const isOne = condition.kind === "threshold" && condition.threshold === 1 && condition.of.length > 1;
  return isOne ? condition.of : undefined;
}

/** Several ways in one condition; one of some keys is a quorum like others. */
function choiceOf(condition: Condition): readonly Condition[] | undefined {
  const of = oneOf(condition);
  return of?.every(isSigner) ? undefined : of;
}

/** All of all, and one of one of, are said once; what can never be is left out of a choice. */
function flat(condition: Condition): Condition {
  if (condition.kind !== "threshold") return condition;
  const { threshold } = condition;
  const inner = condition.of.map(flat);
  if (allOf(condition)) {
    const of = inner.flatMap((one) => allOf(one) ?? [one]);
    if (of.some(({ kind }) => kind === "never")) return { kind: "never" };
    return of.length === 1 ? of[0]! : { kind: "threshold", threshold: of.length, of };
  }
  const of = inner
    .filter(({ kind }) => kind !== "never")
    .flatMap((one) => (threshold === 1 ? (oneOf(one) ?? [one]) : [one]));
  if (of.length < threshold) return { kind: "never" };
  return of.length === 1 ? of[0]! : { kind: "threshold", threshold, of };
}

/** Who, then when, then what else: a part of each that a condition has. `alone`: it stands for itself. */
function words(condition: Condition, name: KeyName, alone: boolean): string {
  const parts = allOf(condition) ?? [condition];
  const who = whoWords(
    parts.filter(
      ({ kind }) => kind === "key" || kind === "fixed" || kind === "musig" || kind === "threshold",
    ),
    name,
  );
  const when = parts.flatMap(timeWords);
  const now = alone && !parts.some(hasTime) ? ["now"] : [];
  const rest = [
    ...parts.flatMap(secretWords),
    ...(parts.some(({ kind }) => kind === "musig") ? ["in two rounds"] : []),
  ];
  return [[who, ...listed(when), ...now].join(" "), ...rest].join(", ");
}

function listed(parts: readonly string[]): readonly string[] {
  return parts.length === 0 ? [] : [parts.join(" and ")];
}

function hasTime(condition: Condition): boolean {
  if (condition.kind === "older" || condition.kind === "after") return true;
  return condition.kind === "threshold" && condition.of.some(hasTime);
}

function timeWords(condition: Condition): readonly string[] {
  if (condition.kind === "older") return [`after ${waitWords(condition.value)}`];
  return condition.kind === "after" ? [`from ${lockWords(condition.value)} on`] : [];
}

function secretWords(condition: Condition): readonly string[] {
  return condition.kind === "preimage" ? ["with the secret of a hash"] : [];
}

/** More single keys than this are counted, not named. */
const MOST_NAMED = 2;

function whoWords(parts: readonly Condition[], name: KeyName): string {
  const single = parts.filter(isSigner);
  const groups = parts.filter((part) => !isSigner(part));
  const counted = single.length > MOST_NAMED || (groups.length === 0 && single.length > 1);
  const named = counted
    ? [`${single.length} of ${single.length}`]
    : single.map((one) => signerName(one as Signer, name));
  const before = single.flatMap(signers);
  const rest = groups.map((group) => {
    const own = signers(group);
    const apart = before.length > 0 && !own.some((one) => before.some((other) => isSame(one, other)));
    before.push(...own);
    return groupWords(group, name, apart);
  });
  const all = [...named, ...rest];
  if (all.length === 0) return "anyone";
  return all.length === 1 ? all[0]! : `${all.slice(0, -1).join(", ")} and ${all.at(-1)}`;
}

/** `apart`: none of its keys was said before. */
function groupWords(group: Condition, name: KeyName, apart: boolean): string {
  const others = apart ? " others" : "";
  if (group.kind === "musig") {
    const own = signers(group);
    // Whoever has two of the keys is one of them all the same.
    const [first, ...more] = own.filter((one, i) => own.findIndex((other) => isSame(one, other)) === i);
    const count = more.length + 1;
    if (count === 1 && first) return signerName(first, name);
    return count === 2 ? `both${others} together` : `all ${count}${others} together`;
  }
  if (group.kind !== "threshold") return words(group, name, false);
  if (group.of.every(isSigner)) return `${group.threshold} of ${group.of.length}${others}`;
  const parts = group.of.map((one) => partWords(one, name));
  return group.threshold === 1 ? `(${parts.join("; or ")})` : `${group.threshold} of (${parts.join("; ")})`;
}

/** One of a list, where a time or a secret may stand without anyone. */
function partWords(part: Condition, name: KeyName): string {
  const [time] = timeWords(part);
  if (time !== undefined) return `the time ${time}`;
  if (part.kind === "preimage") return "the secret of a hash";
  return words(part, name, false);
}

// ---------------------------------------------------------------- on the screen

/** A fact for each way, in the script's order. */
export function wayFacts(ways: readonly Way[], name?: KeyName): Block[] {
  return ways.map((way, index) => ({
    kind: "fact",
    label: wayLabel(way, index, ways),
    value: wayWords(way.condition, name),
  }));
}

/** Where a way stands: leaves are counted from 1, as people do. */
export function wayLabel(way: Way, index: number, ways: readonly Way[]): string {
  if (way.leaf !== undefined) return `Leaf ${way.leaf + 1}`;
  if (ways.some(({ leaf }) => leaf !== undefined)) return "Key path";
  return ways.length === 1 ? "To spend" : `Way ${index + 1}`;
}
