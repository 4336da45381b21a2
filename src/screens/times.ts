// What a person must know of the times in a way to spend: too near, too far, or none at all.

import { LOCK_TIME_THRESHOLD } from "../limits.ts";
import type { Network } from "../model.ts";
import type { Condition } from "../ways.ts";
import { lockWords, spanWords, waitOf, waitSeconds, waitWords } from "./ways.ts";

/** The date, for locks that are times, or heights on mainnet. */
export interface Dated {
  readonly network: Network;
  readonly dateMs: number;
}

const DAY = 86_400;
const SHORT_SECONDS = 2 * DAY;
const LONG_SECONDS = 366 * DAY;
const NEAR_SECONDS = 90 * DAY;
const FAR_SECONDS = 10 * 366 * DAY;

/** A sentence for each time that is not as one would expect it; each once. */
export function timeNotes(condition: Condition, dated: Dated): readonly string[] {
  return [...new Set(timesIn(condition).flatMap((one) => noteOf(one, dated)))];
}

type Time = Extract<Condition, { readonly kind: "older" | "after" }>;

function timesIn(condition: Condition): readonly Time[] {
  if (condition.kind === "older" || condition.kind === "after") return [condition];
  return condition.kind === "threshold" ? condition.of.flatMap(timesIn) : [];
}

function noteOf({ kind, value }: Time, dated: Dated): readonly string[] {
  return kind === "older" ? waitNote(value) : lockNote(value, dated);
}

function waitNote(value: number): readonly string[] {
  const seconds = waitSeconds(value);
  if (waitOf(value).count === 0) return [`The number ${value} stands where a wait should: it is no wait.`];
  const words = waitWords(value);
  if (seconds < SHORT_SECONDS) return [`A short wait: it is over ${words} after a payment came.`];
  if (seconds > LONG_SECONDS) return [`A long wait: ${words}, anew after each payment.`];
  return [];
}

/** A height that is known, and when it came: mainnet's halving of 2024. From there blocks are counted by the clock. */
const KNOWN_HEIGHT = 840_000;
const KNOWN_SECONDS = Date.UTC(2024, 3, 20, 0, 9) / 1000;
const BLOCK_SECONDS = 600;

function lockNote(value: number, { network, dateMs }: Dated): readonly string[] {
  const isHeight = value < LOCK_TIME_THRESHOLD;
  if (isHeight && network !== "mainnet") return [];
  const opens = isHeight ? KNOWN_SECONDS + (value - KNOWN_HEIGHT) * BLOCK_SECONDS : value;
  const left = opens - dateMs / 1000;
  const words = lockWords(value);
  const name = `${words[0]!.toUpperCase()}${words.slice(1)}`;
  if (left <= 0) return [`${name} has passed, by this device's date: this way is open now.`];
  if (left < NEAR_SECONDS)
    return [`${name} is near: about ${spanWords(left)} from now, by this device's date.`];
  if (left > FAR_SECONDS) return [`${name} is far: about ${spanWords(left)} from now.`];
  return [];
}
