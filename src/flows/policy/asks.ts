// Small questions of which rules are made: one quantity, one choice, some of several. Each can be left with back.

import { factsOf, inShort, readAmountText } from "../../assets.ts";
import { type Amount, type Asset, type Limit, WINDOWS, type Window } from "../../rules.ts";
import { DIGITS, type FieldOptions, field } from "../../screens/field.ts";
import { type Item, menu } from "../../screens/menu.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";

export const BACK = { label: "back", answer: "back" } as const;

export const WINDOW_NAMES = Object.keys(WINDOWS) as readonly Window[];

/** One of these; "back" where none. No answer may be the word "back". */
export function choose<T>(
  desk: Desk,
  title: string,
  items: readonly Item<T>[],
  text?: string,
  cursor = 0,
): Promise<T | "back"> {
  const above = text === undefined ? [] : [{ kind: "text", text } as const];
  return ask(desk, menu<T | "back">({ title, above, items, back: BACK }, cursor));
}

/** Some of these, at least one unless said otherwise: each press of ok takes one in or out. */
export async function chooseSome<T>(
  desk: Desk,
  title: string,
  items: readonly Item<T>[],
  start: readonly T[],
  { least, most }: { readonly least: number; readonly most: number } = { least: 1, most: items.length },
): Promise<readonly T[] | "back"> {
  let taken: readonly T[] = start;
  let cursor = 0;
  for (;;) {
    const rows: Item<number | "done">[] = items.map(({ label, answer }, index) => ({
      label: `${taken.includes(answer) ? "[x]" : "[ ]"} ${label}`,
      answer: index,
    }));
    const fits = taken.length >= least && taken.length <= most;
    const ready: Item<number | "done">[] = fits ? [{ label: "Done", answer: "done" }] : [];
    const wanted = taken.length < least ? `Choose at least ${least}.` : `Choose at most ${most}.`;
    const above = fits ? [] : [{ kind: "text", text: wanted } as const];
    const answer = await ask(
      desk,
      menu<number | "done" | "back">({ title, above, items: [...rows, ...ready], back: BACK }, cursor),
    );
    if (answer === "back") return "back";
    if (answer === "done") return items.map((item) => item.answer).filter((one) => taken.includes(one));
    cursor = answer;
    const one = items[answer]!.answer;
    taken = taken.includes(one) ? taken.filter((other) => other !== one) : [...taken, one];
  }
}

/** A typed text. `check` as in a field. */
export async function askText(
  desk: Desk,
  title: string,
  options: Pick<FieldOptions, "label" | "allowed" | "longest" | "check"> & { readonly start?: string },
): Promise<string | "back"> {
  const answer = await ask(desk, field({ title, ...options }));
  return answer === "back" ? "back" : answer.value.trim();
}

const AMOUNT_CHARS = `${DIGITS}.`;

export async function askAmount(
  desk: Desk,
  label: string,
  start?: Amount,
  asset: Asset = start?.asset ?? "btc",
): Promise<Amount | "back"> {
  const symbol = factsOf(asset)?.symbol ?? "";
  const read = (value: string) => readAmountText(`${value} ${symbol}`);
  const unit = symbol.startsWith("of any ") ? symbol.replace(/^of /, "") : `in ${symbol}`;
  const typed = await askText(desk, TITLE, {
    ...{ label: `${label}, ${unit}`, allowed: AMOUNT_CHARS, longest: asset === "btc" ? 17 : 40 },
    ...(start ? { start: inShort(start).split(" ")[0]! } : {}),
    check: (value) => (read(value) === undefined ? "An amount like 0.5." : undefined),
  });
  return typed === "back" ? "back" : read(typed)!;
}

export const TITLE = "The policy";

export interface Bounds {
  readonly least: number;
  readonly most: number;
  /** Decimal places that may be typed. */
  readonly places?: number;
}

export async function askNumber(
  desk: Desk,
  label: string,
  { least, most, places = 0 }: Bounds,
  start?: number,
): Promise<number | "back"> {
  const form = places === 0 ? /^\d{1,9}$/ : /^\d{1,9}(\.\d{1,3})?$/;
  const fits = (value: string) => form.test(value) && Number(value) >= least && Number(value) <= most;
  const typed = await askText(desk, TITLE, {
    ...{ label, allowed: places === 0 ? DIGITS : AMOUNT_CHARS, longest: 12 },
    ...(start === undefined ? {} : { start: String(start) }),
    check: (value) => (fits(value) ? undefined : `From ${least} to ${most}.`),
  });
  return typed === "back" ? "back" : Number(typed);
}

const UNITS = [
  { label: "Hours", answer: 3_600_000 },
  { label: "Days", answer: 86_400_000 },
  { label: "Minutes", answer: 60_000 },
] as const;
/** A year, in the unit that is asked for. */
const LONGEST_MS = 365 * 86_400_000;

/** A whole number of minutes, hours or days, ms. */
export async function askDuration(
  desk: Desk,
  label: string,
  least: number,
  start?: number,
): Promise<number | "back"> {
  // At the largest unit in which what stood before is whole.
  const fitting = UNITS.filter(({ answer }) => start !== undefined && start > 0 && start % answer === 0);
  const largest = Math.max(...fitting.map(({ answer }) => answer));
  const cursor = Math.max(
    0,
    UNITS.findIndex(({ answer }) => answer === largest),
  );
  const unit = await choose<number>(desk, TITLE, UNITS, label, cursor);
  if (unit === "back") return "back";
  const name = UNITS.find(({ answer }) => answer === unit)!.label.toLowerCase();
  const whole = start === undefined || start % unit !== 0 ? undefined : start / unit;
  const count = await askNumber(desk, `${label}, in ${name}`, { least, most: LONGEST_MS / unit }, whole);
  return count === "back" ? "back" : count * unit;
}

const LONGEST_NAME = 24;

/** A name as policies write them: small letters, digits, hyphens. */
export function askName(desk: Desk, label: string, taken: readonly string[]): Promise<string | "back"> {
  return askText(desk, TITLE, {
    ...{ label, allowed: `abcdefghijklmnopqrstuvwxyz${DIGITS}-`, longest: LONGEST_NAME },
    check: (value) => {
      if (!/^[a-z][a-z0-9-]*$/.test(value)) return "Small letters, digits and hyphens; a letter first.";
      return taken.includes(value) ? "Another one is called so." : undefined;
    },
  });
}

type UnusualLimit = Extract<Limit, { readonly kind: "unusual" }>;

export async function askAllowed(desk: Desk, what: UnusualLimit["what"]): Promise<UnusualLimit | "back"> {
  const how = await choose<"allowed" | "not">(desk, `A request with: ${what}`, [
    { label: "Not allowed", answer: "not" },
    { label: "Allowed", answer: "allowed" },
  ]);
  return how === "back" ? "back" : { kind: "unusual", what, allowed: how === "allowed" };
}
