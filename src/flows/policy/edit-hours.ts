// Hours and weekdays of a rule, at a place so far from UTC.

import type { Limit } from "../../rules.ts";
import { DIGITS } from "../../screens/field.ts";
import type { Desk } from "../../ui.ts";
import { askText, chooseSome, TITLE } from "./asks.ts";

type Hours = Extract<Limit, { readonly kind: "hours" }>;

const DAYS = [1, 2, 3, 4, 5, 6, 0] as const;
const NAMES = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"] as const;

export async function askHours({ desk }: { readonly desk: Desk }, present?: Hours): Promise<Hours | "back"> {
  const from = await askMinute(desk, "From, as 08:30", 1439, present?.from);
  if (from === "back") return "back";
  const until = await askMinute(desk, "Until, as 18:00", 1440, present?.until);
  if (until === "back") return "back";
  const offsetMinutes = await askOffset(desk, present?.offsetMinutes);
  if (offsetMinutes === "back") return "back";
  const items = DAYS.map((day) => ({ label: NAMES[day], answer: day as number }));
  const days = await chooseSome(desk, "On these days", items, present?.days ?? [1, 2, 3, 4, 5]);
  return days === "back"
    ? "back"
    : { kind: "hours", from, until, days: DAYS.filter((day) => days.includes(day)), offsetMinutes };
}

async function askMinute(desk: Desk, label: string, most: number, start?: number): Promise<number | "back"> {
  const typed = await askText(desk, TITLE, {
    ...{ label, allowed: `${DIGITS}:`, longest: 5 },
    ...(start === undefined ? {} : { start: written(start) }),
    check: (value) => ((minuteOf(value) ?? most + 1) > most ? "Hours and minutes, as 08:30." : undefined),
  });
  return typed === "back" ? "back" : minuteOf(typed)!;
}

function minuteOf(text: string): number | undefined {
  const [, hours, minutes] = /^([01]?\d|2[0-4]):([0-5]\d)$/.exec(text) ?? [];
  return hours === undefined ? undefined : Number(hours) * 60 + Number(minutes);
}

function written(minute: number): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

const FARTHEST = 14 * 60;

async function askOffset(desk: Desk, start = 0): Promise<number | "back"> {
  const typed = await askText(desk, TITLE, {
    ...{ label: "The place's time from UTC: +01:00, -03:30, +00:00", allowed: `+-${DIGITS}:`, longest: 6 },
    start: `${start < 0 ? "-" : "+"}${written(Math.abs(start))}`,
    check: (value) => (offsetOf(value) === undefined ? "A sign, hours and minutes: +01:00." : undefined),
  });
  return typed === "back" ? "back" : offsetOf(typed)!;
}

function offsetOf(text: string): number | undefined {
  const minutes = /^[+-]/.test(text) ? minuteOf(text.slice(1)) : undefined;
  if (minutes === undefined || minutes > FARTHEST) return undefined;
  return text.startsWith("-") && minutes > 0 ? -minutes : minutes;
}
