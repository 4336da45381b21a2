// A ledger in one plain value, bounded in size however long the record is: what rules can still ask for, and no more.

import { WINDOWS } from "../rules.ts";
import { readAmount } from "./entry.ts";
import { type Counted, type Measure, unitsOf } from "./ledger-counted.ts";
import type { Height } from "./ledger-heights.ts";
import type { PackedNonces } from "./ledger-nonces.ts";

/** When a destination was first paid and first asked for; by: first half of the txid that paid. */
export interface Known {
  readonly paidAt?: number;
  readonly askedAt?: number;
  readonly by?: string;
}

export interface LedgerParts {
  readonly newest: number;
  readonly uncountedBefore: number | undefined;
  readonly spends: readonly Counted[];
  readonly hours: readonly Counted[];
  readonly heights: readonly Height[];
  readonly nonces: readonly PackedNonces[];
  readonly asked: Map<string, number>;
  readonly known: Map<string, Known>;
  readonly claims: Map<string, string>;
}

/** txid, at, keys, wallets, outpoints, amounts, takes */
type PackedSpend = readonly [string, number, string, string, string, string, string];
/** at, keys, wallets, takes, how many */
type PackedHour = readonly [number, string, string, string, number];

/** JSON as it stands: strings, numbers, arrays. Lists in a string are parted by blanks, takes by commas. */
export interface LedgerSnapshot {
  readonly version: 1;
  readonly newest: number;
  readonly uncountedBefore?: number;
  /** The latest, whole. */
  readonly spends: readonly PackedSpend[];
  /** Older ones that a window still reaches: summed by the hour, as of the latest in it. */
  readonly hours: readonly PackedHour[];
  readonly heights: readonly Height[];
  /** Absent before there was Ethereum. */
  readonly nonces?: readonly PackedNonces[];
  readonly asked: readonly (readonly [string, number])[];
  /** "mark paidAt askedAt by", times in base 36, "-" for what is not there. */
  readonly known: readonly string[];
  /** "txid amounts": 16 and 32 digits of each. */
  readonly claims: readonly string[];
}

/** The longest window, and a day for good measure. */
const REACH_MS = WINDOWS.month + WINDOWS.day;
/** Whatever the clock says, so many of the latest spends are kept. */
const LATEST = 128;
const MOST_WHOLE = 2_000;
const MOST_WHOLE_CHARS = 1_200_000;
const MOST_HOUR_CHARS = 400_000;
/** Of what was asked for, of known destinations and of claims the latest: what is forgotten waits anew. */
const MOST_ASKED = 1_000;
export const MOST_MARKS = 10_000;

export function isLedgerSnapshot(value: unknown): value is LedgerSnapshot {
  return (value as { version?: unknown } | undefined | null)?.version === 1;
}

export function pack(parts: LedgerParts): LedgerSnapshot {
  const { newest, uncountedBefore, spends, hours } = parts;
  const { whole, older } = split(reached(spends, newest));
  const summable = [...hours, ...older].filter(({ at }) => at > newest - REACH_MS);
  return {
    version: 1,
    newest,
    ...(uncountedBefore === undefined ? {} : { uncountedBefore }),
    spends: whole.map(packSpend),
    hours: summed(summable).map(({ at, keys, wallets, takes, times }) => [
      ...([at, keys.join(" "), wallets.join(" "), writeTakes(takes), times] as const),
    ]),
    heights: parts.heights,
    ...(parts.nonces.length === 0 ? {} : { nonces: parts.nonces }),
    asked: [...parts.asked].slice(-MOST_ASKED),
    known: [...parts.known].slice(-MOST_MARKS).map(packKnown),
    claims: [...parts.claims].slice(-MOST_MARKS).map(([txid, amounts]) => `${txid} ${amounts}`),
  };
}

export function unpack(from: LedgerSnapshot | undefined): LedgerParts {
  const { newest = 0, uncountedBefore, spends = [], hours = [], heights = [], asked = [] } = from ?? {};
  return {
    newest,
    uncountedBefore,
    spends: spends.map(unpackSpend),
    hours: hours.map(unpackHour),
    heights,
    nonces: from?.nonces ?? [],
    asked: new Map(asked),
    known: new Map(from?.known.map(unpackKnown)),
    claims: new Map(from?.claims.map((line) => line.split(" ") as [string, string])),
  };
}

/** Those that a window still reaches, and the latest, whatever the clock says. */
export function reached(spends: readonly Counted[], newest: number): readonly Counted[] {
  let first = Math.max(0, spends.length - LATEST);
  while (first > 0 && spends[first - 1]!.at > newest - REACH_MS) first--;
  return spends.slice(first);
}

/** The latest, as far as there is room for them whole. */
function split(spends: readonly Counted[]): { whole: readonly Counted[]; older: readonly Counted[] } {
  let first = spends.length;
  let chars = 0;
  while (first > 0 && spends.length - first < MOST_WHOLE) {
    chars += charsOf(spends[first - 1]!);
    if (chars > MOST_WHOLE_CHARS) break;
    first--;
  }
  return { whole: spends.slice(first), older: spends.slice(0, first) };
}

/** About what it takes, txid and amounts included. */
function charsOf({ keys, wallets, outpoints, takes }: Counted): number {
  const coins = outpoints.reduce((sum, { length }) => sum + length + 1, 0);
  const amounts = takes.reduce((sum, { asset, units }) => sum + asset.length + digits(units), 0);
  return 60 + (coins > 0 ? 150 : 0) + 9 * (keys.length + wallets.length) + amounts + coins;
}

/** As many as it takes written, and what parts it from the next; sats never take more than 20. */
function digits(units: bigint): number {
  return units < 10n ** 20n ? 22 : 80;
}

/** By the hour, or by more where there would be too many: each sum counts as of its latest spend, so never too short. */
function summed(spends: readonly Counted[]): Counted[] {
  for (let spanMs = WINDOWS.hour; ; spanMs *= 24) {
    const groups = new Map<string, Counted>();
    for (const spend of spends) {
      const name = [Math.floor(spend.at / spanMs), ...spend.keys, "", ...spend.wallets].join(" ");
      const before = groups.get(name);
      groups.set(name, before ? added(before, spend) : spend);
    }
    const sums = [...groups.values()];
    const chars = sums.reduce((sum, one) => sum + charsOf({ ...one, outpoints: [] }), 0);
    if (chars <= MOST_HOUR_CHARS || spanMs > REACH_MS) return sums.sort((a, b) => a.at - b.at);
  }
}

function added(one: Counted, later: Counted): Counted {
  const assets = new Set([...one.takes, ...later.takes].map(({ asset }) => asset));
  const sum = (measure: Measure) => unitsOf(one, measure) + unitsOf(later, measure);
  return {
    ...later,
    takes: [...assets].map((asset) => ({ asset, units: sum(asset) })),
    times: one.times + later.times,
  };
}

function packSpend({ txid, at, keys, wallets, outpoints, amounts, takes }: Counted): PackedSpend {
  return [txid, at, keys.join(" "), wallets.join(" "), outpoints.join(" "), amounts, writeTakes(takes)];
}

function unpackSpend([txid, at, keys, wallets, outpoints, amounts, takes]: PackedSpend): Counted {
  const all = words(keys);
  return {
    ...{ txid, at, key: all.at(-1) ?? "", keys: all, wallets: words(wallets), outpoints: words(outpoints) },
    ...{ amounts, takes: readTakes(takes), times: 1 },
  };
}

/** The name is no txid: nothing can be the same, or be released. */
function unpackHour([at, keys, wallets, takes, times]: PackedHour, i: number): Counted {
  const all = words(keys);
  return {
    ...{ txid: `sum ${i}`, at, key: all.at(-1) ?? "", keys: all, wallets: words(wallets), outpoints: [] },
    ...{ amounts: "", takes: readTakes(takes), times },
  };
}

function packKnown([mark, { paidAt, askedAt, by = "-" }]: [string, Known]): string {
  return `${mark} ${paidAt?.toString(36) ?? "-"} ${askedAt?.toString(36) ?? "-"} ${by}`;
}

function unpackKnown(line: string): [string, Known] {
  const [mark = "", paid = "-", asked = "-", by = "-"] = line.split(" ");
  return [
    mark,
    {
      ...(paid === "-" ? {} : { paidAt: Number.parseInt(paid, 36) }),
      ...(asked === "-" ? {} : { askedAt: Number.parseInt(asked, 36) }),
      ...(by === "-" ? {} : { by }),
    },
  ];
}

function words(text: string): string[] {
  return text === "" ? [] : text.split(" ");
}

function writeTakes(takes: Counted["takes"]): string {
  return takes.map(({ asset, units }) => `${asset} ${units}`).join(",");
}

function readTakes(text: string): Counted["takes"] {
  return text === "" ? [] : text.split(",").flatMap((take) => readAmount(take) ?? []);
}
