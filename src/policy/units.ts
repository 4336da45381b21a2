// Quantities as a policy writes them, each with its unit. Reading takes what can only mean one thing; that it was written
// in the one way is seen by writing it again.

import { inShort, readAmountText } from "../assets.ts";

export const readAmount = readAmountText;

export const writeAmount = inShort;

/** At most three decimals: the text says exactly what is judged. */
export function readDecimal(text: string): number | undefined {
  return /^\d{1,7}(\.\d{1,3})?$/.test(text) ? Number(text) : undefined;
}

/** Whole, from 0 on. */
export function readCount(text: string): number | undefined {
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

/** "1 block", "2 blocks" */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

const DURATIONS = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
] as const;

/** "24 hours" is written "1 day": the largest unit that divides it. */
export function writeDuration(ms: number): string {
  const [name, unitMs] = DURATIONS.find(([, unit]) => ms !== 0 && ms % unit === 0) ?? DURATIONS[2];
  return counted(ms / unitMs, name);
}

/** In any of the three units, ms. */
export function readDuration(text: string): number | undefined {
  const [, count, name] = /^(\d{1,9}) (day|hour|minute)s?$/.exec(text) ?? [];
  const unit = DURATIONS.find(([one]) => one === name);
  return count === undefined || unit === undefined ? undefined : Number(count) * unit[1];
}

/** "08:30" as minutes of the day; "24:00" is the end of one. */
export function readMinute(text: string): number | undefined {
  const [, hours, minutes] = /^(\d\d):(\d\d)$/.exec(text) ?? [];
  const value = Number(hours) * 60 + Number(minutes);
  return hours === undefined || Number(minutes) > 59 || value > 1440 ? undefined : value;
}

export function writeMinute(minute: number): string {
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

/** "UTC", "UTC+01:00", "UTC-03:30" as minutes; no place is further than 14 hours away. */
export function readOffset(text: string): number | undefined {
  if (text === "UTC") return 0;
  const [, sign, time = ""] = /^UTC([+-])(\d\d:\d\d)$/.exec(text) ?? [];
  const minutes = readMinute(time);
  if (minutes === undefined || minutes === 0 || minutes > 14 * 60) return undefined;
  return sign === "-" ? -minutes : minutes;
}

export function writeOffset(minutes: number): string {
  return minutes === 0 ? "UTC" : `UTC${minutes < 0 ? "-" : "+"}${writeMinute(Math.abs(minutes))}`;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
