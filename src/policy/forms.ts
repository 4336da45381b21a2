// How a limit is written: one form a kind. Reading and writing stand side by side, so that they cannot part.

import type { Amount, Limit, WalletRef, Window } from "../rules.ts";
import { NAMED_ODDITIES, UNUSUAL, WINDOWS } from "../rules.ts";
import { amountProblem, type Form, type Of } from "./form.ts";
import { ETHEREUM_FORMS } from "./forms-ethereum.ts";
import {
  counted,
  readAmount,
  readCount,
  readDecimal,
  readMinute,
  readOffset,
  writeAmount,
  writeMinute,
  writeOffset,
} from "./units.ts";

const FEE =
  'a fee limit is in BTC or another coin, in sat/vB or in %: "Fee at most 0.001 BTC", "Fee at most 0.05 ETH", "Fee at most 200 sat/vB", "Fee at most 10 %"';
const DECIMAL = 'a number with at most 3 decimals, like "12.5"';
const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const;
const WINDOW_NAMES = Object.keys(WINDOWS) as Window[];

/** Those that fit more come later. */
const FORMS: { readonly [K in Limit["kind"]]: Form<K> } = {
  count: {
    example: "At most 10 transactions per day",
    pattern: /^At most (.+) transactions? per (.+)$/,
    read: ([most = "", name = ""]) => {
      const per = WINDOW_NAMES.find((one) => one === name);
      const found = readCount(most);
      if (found === undefined) return 'how many must be a whole number, like "10"';
      return per
        ? { kind: "count", per, most: found }
        : 'it is "per hour", "per day", "per week" or "per month"';
    },
    write: ({ per, most }) => `At most ${counted(most, "transaction")} per ${per}`,
  },
  "new-destination": {
    example: "At most 0.1 BTC to a new destination",
    pattern: /^At most (.+) to a new destination$/,
    read: ([most = ""]) => withAmount(most, (found) => ({ kind: "new-destination", most: found })),
    write: ({ most }) => `At most ${writeAmount(most)} to a new destination`,
  },
  amount: {
    example: "At most 0.5 BTC per day",
    pattern: /^At most (.+) per (.+)$/,
    read: ([most = "", name = ""]) => {
      const per = (["transaction", ...WINDOW_NAMES] as const).find((one) => one === name);
      if (per === undefined)
        return 'it is "per transaction", "per hour", "per day", "per week" or "per month"';
      return withAmount(most, (found) => ({ kind: "amount", per, most: found }));
    },
    write: ({ per, most }) => `At most ${writeAmount(most)} per ${per}`,
  },
  destinations: {
    example: "To staff, vendors only",
    pattern: /^To (any destination|.+ only)(?:, above (.+))?$/,
    read: ([to = "", above]) => readDestinations(to, above),
    write: ({ to, above }) => {
      const where = to === "any" ? "any destination" : `${to.join(", ")} only`;
      return `To ${where}${above ? `, above ${writeAmount(above)}` : ""}`;
    },
  },
  "fee-rate": {
    example: "Fee at most 200 sat/vB",
    pattern: /^Fee at most (.+) sat\/vB$/,
    read: ([most = ""]) => withDecimal("a fee rate", most, (found) => ({ kind: "fee-rate", most: found })),
    write: ({ most }) => `Fee at most ${most} sat/vB`,
  },
  "fee-percent": {
    example: "Fee at most 10 %",
    pattern: /^Fee at most (.+?) ?%$/,
    read: ([most = ""]) => withDecimal("a share", most, (found) => ({ kind: "fee-percent", most: found })),
    write: ({ most }) => `Fee at most ${most} %`,
  },
  fee: {
    example: "Fee at most 0.001 BTC",
    pattern: /^Fee at most (.+)$/,
    read: ([text = ""]) => {
      const most = readAmount(text);
      return most ? { kind: "fee", most } : FEE;
    },
    write: ({ most }) => `Fee at most ${writeAmount(most)}`,
  },
  "height-step": {
    example: "Lock height at least 144 blocks above the one before",
    pattern: /^Lock height at least (.+) blocks? above the one before$/,
    read: ([text = ""]) => {
      const blocks = readCount(text);
      return blocks === undefined
        ? 'how many must be a whole number, like "144"'
        : { kind: "height-step", blocks };
    },
    write: ({ blocks }) => `Lock height at least ${counted(blocks, "block")} above the one before`,
  },
  hours: {
    example: "Between 08:00 and 18:00 UTC+01:00 on Mon Tue Wed Thu Fri",
    pattern: /^Between (.+) and (.+) (UTC\S*) on (.+)$/,
    read: ([from = "", until = "", offset = "", days = ""]) => readHours(from, until, offset, days),
    write: ({ from, until, offsetMinutes, days }) =>
      `Between ${writeMinute(from)} and ${writeMinute(until)} ${writeOffset(offsetMinutes)} on ${days.map((day) => DAYS[day]).join(" ")}`,
  },
  wallets: {
    example: "Only wallets 8d1c2f3a Savings, 00aa11bb Spending",
    pattern: /^Only wallets (.+)$/,
    read: ([list = ""]) => {
      const only = list.split(/, (?=[0-9a-f]{8} )/).map(readWallet);
      return only.every((one) => one !== undefined) ? { kind: "wallets", only } : WALLET;
    },
    write: ({ only }) => `Only wallets ${only.map(writeWallet).join(", ")}`,
  },
  messages: {
    example: "Messages under m/84h/0h/0h only",
    pattern: /^Messages under (.+) only$/,
    read: ([list = ""]) => ({ kind: "messages", under: list.split(", ") }),
    write: ({ under }) => `Messages under ${under.join(", ")} only`,
  },
  ...ETHEREUM_FORMS,
  unusual: {
    example: "Data output not allowed",
    pattern: /^(.+?) (allowed|not allowed)$/,
    read: ([words = "", how]) => {
      const named = [...UNUSUAL, ...NAMED_ODDITIES];
      const what = named.find((one) => capital(one) === words);
      return what
        ? { kind: "unusual", what, allowed: how === "allowed" }
        : `what may be allowed is one of ${named.map((one) => `"${capital(one)}"`).join(", ")}`;
    },
    write: ({ what, allowed }) => `${capital(what)} ${allowed ? "allowed" : "not allowed"}`,
  },
};

export const WALLET = 'a wallet is its fingerprint and its name, like "8d1c2f3a Savings"';

/** The limit that this text says, or in a sentence what it must be. */
export function readLimit(text: string): Limit | string {
  for (const { pattern, read } of Object.values(FORMS)) {
    const match = pattern.exec(text);
    if (match) return read(match.slice(1));
  }
  const [word = ""] = text.split(" ");
  const examples = Object.values(FORMS).map(({ example }) => example);
  const alike = examples.filter((example) => example.startsWith(`${word} `));
  const some = alike.length > 0 ? alike : ["At most 0.5 BTC per day", "To any destination"];
  return `no rule is written so; a rule is like ${some.map((one) => `"${one}"`).join(", or ")}`;
}

export function writeLimit<K extends Limit["kind"]>(limit: Of<K>): string {
  return (FORMS[limit.kind as K] as Form<K>).write(limit);
}

/** "8d1c2f3a Savings" */
export function readWallet(text: string): WalletRef | undefined {
  const [, fingerprint, name] = /^([0-9a-f]{8}) (.+)$/.exec(text) ?? [];
  return fingerprint === undefined || name === undefined ? undefined : { fingerprint, name };
}

export function writeWallet({ fingerprint, name }: WalletRef): string {
  return `${fingerprint} ${name}`;
}

function capital(what: Of<"unusual">["what"]): string {
  return what[0]!.toUpperCase() + what.slice(1);
}

function withAmount<T>(text: string, make: (most: Amount) => T): T | string {
  const amount = readAmount(text);
  return amount ? make(amount) : amountProblem(text);
}

function withDecimal<T>(what: string, text: string, make: (most: number) => T): T | string {
  const found = readDecimal(text);
  return found === undefined ? `${what} is ${DECIMAL}` : make(found);
}

function readDestinations(to: string, text: string | undefined): Of<"destinations"> | string {
  const above = text === undefined ? undefined : readAmount(text);
  if (text !== undefined && above === undefined) return amountProblem(text);
  const names = to === "any destination" ? "any" : to.replace(/ only$/, "").split(", ");
  return { kind: "destinations", to: names, ...(above ? { above } : {}) };
}

function readHours(first: string, last: string, offset: string, list: string): Of<"hours"> | string {
  const [from, until, offsetMinutes] = [readMinute(first), readMinute(last), readOffset(offset)];
  const days = list.split(" ").map((name) => (DAYS as readonly string[]).indexOf(name));
  if (from === undefined || until === undefined) return 'a time of day is like "08:30", up to "24:00"';
  if (offsetMinutes === undefined) return 'the place is "UTC", or so far from it: "UTC+01:00"';
  if (days.includes(-1)) return 'the days are like "Mon Tue Wed Thu Fri Sat Sun"';
  return { kind: "hours", from, until, days, offsetMinutes };
}
