// How a limit is written: one form a kind. Reading and writing stand side by side, so that they cannot part.

import type { Limit, Unusual, WalletRef, Window } from "../rules.ts";
import { UNUSUAL, WINDOWS } from "../rules.ts";
import { readAmount, readMinute, readOffset, writeAmount, writeMinute, writeOffset } from "./units.ts";

type Of<K extends Limit["kind"]> = Extract<Limit, { readonly kind: K }>;

interface Form<K extends Limit["kind"]> {
  readonly pattern: RegExp;
  /** Undefined where a quantity in it is none. */
  readonly read: (parts: readonly string[]) => Of<K> | undefined;
  readonly write: (limit: Of<K>) => string;
}

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const;
export const LIST_NAME = /^[a-z][a-z0-9-]{0,23}$/;

const FORMS: { readonly [K in Limit["kind"]]: Form<K> } = {
  amount: {
    pattern: /^At most (\S+ [A-Z]+) per (transaction|hour|day|week|month)$/,
    read: ([most = "", per = ""]) =>
      withAmount(most, (found) => ({ kind: "amount", per: per as Window, most: found })),
    write: ({ per, most }) => `At most ${writeAmount(most)} per ${per}`,
  },
  count: {
    pattern: /^At most ([1-9]\d{0,4}) transactions? per (hour|day|week|month)$/,
    read: ([most = "", per = ""]) => ({ kind: "count", per: per as Window, most: Number(most) }),
    write: ({ per, most }) => `At most ${most} transaction${most === 1 ? "" : "s"} per ${per}`,
  },
  destinations: {
    pattern: /^To (any destination|[a-z0-9, -]+ only)(?:, above (\S+ [A-Z]+))?$/,
    read: ([to = "", above]) => readDestinations(to, above),
    write: ({ to, above }) => {
      const where = to === "any" ? "any destination" : `${to.join(", ")} only`;
      return `To ${where}${above ? `, above ${writeAmount(above)}` : ""}`;
    },
  },
  "new-destination": {
    pattern: /^At most (\S+ [A-Z]+) to a new destination$/,
    read: ([most = ""]) => withAmount(most, (found) => ({ kind: "new-destination", most: found })),
    write: ({ most }) => `At most ${writeAmount(most)} to a new destination`,
  },
  fee: {
    pattern: /^Fee at most (\S+ [A-Z]+)$/,
    read: ([most = ""]) => withAmount(most, (found) => ({ kind: "fee", most: found })),
    write: ({ most }) => `Fee at most ${writeAmount(most)}`,
  },
  "fee-rate": {
    pattern: /^Fee at most (\S+) sat\/vB$/,
    read: ([most = ""]) => withDecimal(most, (found) => ({ kind: "fee-rate", most: found })),
    write: ({ most }) => `Fee at most ${most} sat/vB`,
  },
  "fee-percent": {
    pattern: /^Fee at most (\S+) %$/,
    read: ([most = ""]) => withDecimal(most, (found) => ({ kind: "fee-percent", most: found })),
    write: ({ most }) => `Fee at most ${most} %`,
  },
  "height-step": {
    pattern: /^Lock height at least ([1-9]\d{0,5}) blocks? above the one before$/,
    read: ([blocks = ""]) => ({ kind: "height-step", blocks: Number(blocks) }),
    write: ({ blocks }) =>
      `Lock height at least ${blocks} block${blocks === 1 ? "" : "s"} above the one before`,
  },
  hours: {
    pattern: /^Between (\d\d:\d\d) and (\d\d:\d\d) (UTC\S*) on ((?:[A-Z][a-z]{2} ?)+)$/,
    read: ([from = "", until = "", offset = "", days = ""]) => readHours(from, until, offset, days),
    write: ({ from, until, offsetMinutes, days }) =>
      `Between ${writeMinute(from)} and ${writeMinute(until)} ${writeOffset(offsetMinutes)} on ${days.map((day) => DAYS[day]).join(" ")}`,
  },
  wallets: {
    pattern: /^Only wallets (.+)$/,
    read: ([list = ""]) => {
      const only = list.split(", ").map(readWallet);
      return only.every((one) => one !== undefined) ? { kind: "wallets", only } : undefined;
    },
    write: ({ only }) => `Only wallets ${only.map(writeWallet).join(", ")}`,
  },
  unusual: {
    pattern: /^([A-Z][a-z ]+?) (allowed|not allowed)$/,
    read: ([words = "", how]) => {
      const what = UNUSUAL.find((one) => capital(one) === words);
      return what && { kind: "unusual", what, allowed: how === "allowed" };
    },
    write: ({ what, allowed }) => `${capital(what)} ${allowed ? "allowed" : "not allowed"}`,
  },
  messages: {
    pattern: /^Messages under (m[0-9h/, m]*) only$/,
    read: ([list = ""]) => {
      const under = list.split(", ");
      return under.every((path) => /^m(\/(0|[1-9]\d{0,9})h?){0,8}$/.test(path))
        ? { kind: "messages", under }
        : undefined;
    },
    write: ({ under }) => `Messages under ${under.join(", ")} only`,
  },
};

/** The limit that this text says; undefined where no form fits, "unit" where one does but for a quantity. */
export function readLimit(text: string): Limit | "unit" | undefined {
  for (const { pattern, read } of Object.values(FORMS)) {
    const match = pattern.exec(text);
    if (match) return read(match.slice(1)) ?? "unit";
  }
  return undefined;
}

export function writeLimit<K extends Limit["kind"]>(limit: Of<K>): string {
  return (FORMS[limit.kind as K] as Form<K>).write(limit);
}

/** "8d1c2f3a Savings" */
export function readWallet(text: string): WalletRef | undefined {
  const [, fingerprint, name] = /^([0-9a-f]{8}) (\S(?:[^,]*[^\s,])?)$/.exec(text) ?? [];
  return fingerprint === undefined || name === undefined ? undefined : { fingerprint, name };
}

export function writeWallet({ fingerprint, name }: WalletRef): string {
  return `${fingerprint} ${name}`;
}

function capital(what: Unusual): string {
  return what[0]!.toUpperCase() + what.slice(1);
}

function withAmount<T>(
  text: string,
  make: (most: NonNullable<ReturnType<typeof readAmount>>) => T,
): T | undefined {
  const amount = readAmount(text);
  return amount && make(amount);
}

/** At most three places: the text says exactly what is judged. */
function withDecimal<T>(text: string, make: (most: number) => T): T | undefined {
  return /^(0|[1-9]\d{0,6})(\.\d{0,2}[1-9])?$/.test(text) ? make(Number(text)) : undefined;
}

function readDestinations(to: string, above: string | undefined): Of<"destinations"> | undefined {
  const limit = above === undefined ? undefined : readAmount(above);
  if (above !== undefined && limit === undefined) return undefined;
  const names = to === "any destination" ? "any" : to.replace(/ only$/, "").split(", ");
  if (names !== "any" && !names.every((name) => LIST_NAME.test(name))) return undefined;
  return { kind: "destinations", to: names, ...(limit ? { above: limit } : {}) };
}

function readHours(from: string, until: string, offset: string, list: string): Of<"hours"> | undefined {
  const [fromMinute, untilMinute, offsetMinutes] = [readMinute(from), readMinute(until), readOffset(offset)];
  const days = list.split(" ").map((name) => DAYS.findIndex((day) => day === name));
  if (fromMinute === undefined || untilMinute === undefined || offsetMinutes === undefined) return undefined;
  if (days.includes(-1)) return undefined;
  return { kind: "hours", from: fromMinute, until: untilMinute, days, offsetMinutes };
}

export const windowNames = Object.keys(WINDOWS) as Window[];
