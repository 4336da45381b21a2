// What the lines add up to: what was spent, asked for and released, as far as rules ask for it.
// Every question is answered in a few steps, however long the record is.

import type { Asset, Ledger, PastNonce, PastSpend, Scope, Spend } from "../rules.ts";
import { destinationMark, type Entry } from "./entry.ts";
import type { Counted, Measure } from "./ledger-counted.ts";
import * as counted from "./ledger-counted.ts";
import { Heights } from "./ledger-heights.ts";
import { Nonces } from "./ledger-nonces.ts";
import { type Known, type LedgerSnapshot, MOST_MARKS, pack, reached, unpack } from "./ledger-snapshot.ts";
import { Tally } from "./ledger-tally.ts";

export { isLedgerSnapshot, type LedgerSnapshot } from "./ledger-snapshot.ts";

const CROWD = 4_096;

export class SpendLedger implements Ledger {
  /** The latest time of any line: what comes later counts from no earlier. */
  #newest: number;
  #uncountedBefore: number | undefined;
  /** By txid, in the order of their latest record. */
  readonly #spends = new Map<string, Counted>();
  /** So many spends, and those that no window reaches any more are looked for. */
  #crowd = CROWD;
  /** Not told apart any more: see the snapshot. */
  readonly #hours: readonly Counted[];
  /** By scope. One that is not here has only what counts everywhere. */
  readonly #tallies = new Map<string, Tally>();
  readonly #heights: Heights;
  readonly #nonces: Nonces;
  readonly #asked: Map<string, number>;
  readonly #known: Map<string, Known>;
  /** First half of a txid's, what was claimed of its inputs; empty where it was both this and that. */
  readonly #claims: Map<string, string>;

  constructor(from?: LedgerSnapshot) {
    const parts = unpack(from);
    this.#newest = parts.newest;
    this.#uncountedBefore = parts.uncountedBefore;
    this.#heights = new Heights(parts.heights);
    this.#nonces = new Nonces(parts.nonces);
    this.#asked = parts.asked;
    this.#known = parts.known;
    this.#claims = parts.claims;
    this.#hours = parts.hours;
    for (const hour of parts.hours) this.#count(hour);
    for (const spend of parts.spends) this.#keep(spend);
  }

  /** One more line of the journal. */
  add(entry: Entry): void {
    if (entry.kind === "time-proven") this.#postpone(entry.at - this.#newest);
    if (entry.at > this.#newest) this.#newest = entry.at;
    if (entry.kind === "spent" || entry.kind === "spend") this.#spent(entry);
    else if (entry.kind === "asked") this.#askedFor(entry.txid, entry.destinations);
    else if (entry.kind === "released") this.#released(entry.txid);
    else if (entry.kind === "resumed") this.#uncountedBefore = this.#newest;
  }

  /** All of it that any rule can still ask for, bounded; what is no longer told apart counts for no less. */
  snapshot(): LedgerSnapshot {
    return pack({
      newest: this.#newest,
      uncountedBefore: this.#uncountedBefore,
      spends: [...this.#spends.values()],
      hours: this.#hours,
      heights: this.#heights.top,
      nonces: this.#nonces.packed,
      asked: this.#asked,
      known: this.#known,
      claims: this.#claims,
    });
  }

  get uncountedBefore(): number | undefined {
    return this.#uncountedBefore;
  }

  since(sinceMs: number, scope: Scope = { of: "all" }): readonly PastSpend[] {
    const name = counted.nameOf(scope);
    const isIn = (spend: Counted) => counted.isEverywhere(spend) || counted.namesOf(spend).includes(name);
    return [...this.#spends.values()].filter((spend) => !(spend.at <= sinceMs) && isIn(spend));
  }

  taken(asset: Asset, scope: Scope, sinceMs: number, also?: Spend): bigint {
    return this.#sum(asset, scope, sinceMs, also);
  }

  count(scope: Scope, sinceMs: number, also?: Spend): number {
    return Number(this.#sum("count", scope, sinceMs, also));
  }

  known(to: string): Pick<Known, "paidAt" | "askedAt"> {
    return this.#known.get(destinationMark(to)) ?? {};
  }

  askedAt(txid: string): number | undefined {
    return this.#asked.get(txid);
  }

  contradicted(txid: string, amounts: string): boolean {
    const claimed = this.#claims.get(half(txid));
    return claimed !== undefined && claimed !== claim(amounts);
  }

  height(except?: string): number | undefined {
    return this.#heights.highest(except);
  }

  nonces(account: string): readonly PastNonce[] {
    return this.#nonces.of(account);
  }

  #sum(measure: Measure, scope: Scope, sinceMs: number, also: Spend | undefined): bigint {
    return this.#tally(counted.nameOf(scope)).taken(measure, sinceMs, also);
  }

  #spent(entry: counted.Spent): void {
    const spend = counted.read(entry, this.#newest);
    const before = this.#spends.get(spend.txid);
    this.#keep(before ? counted.both(before, spend) : spend);
    if (this.#spends.size > this.#crowd) this.#forget();
    const claimed = this.#claims.get(half(spend.txid));
    const same = claimed === undefined || claimed === claim(spend.amounts);
    anew(this.#claims, half(spend.txid), same ? claim(spend.amounts) : "");
    if (entry.kind === "spend") return;
    this.#nonces.add(spend.txid, spend.outpoints);
    if (entry.lockTime > 0) this.#heights.add(spend.txid, entry.lockTime);
    for (const mark of entry.destinations) {
      const known = this.#known.get(mark);
      const paid = known?.paidAt === undefined ? { paidAt: this.#newest, by: half(spend.txid) } : {};
      anew(this.#known, mark, { ...known, ...paid });
    }
  }

  #askedFor(txid: string, destinations: readonly string[]): void {
    if (!this.#asked.has(txid)) this.#asked.set(txid, this.#newest);
    for (const mark of destinations) {
      const known = this.#known.get(mark);
      anew(this.#known, mark, { ...known, askedAt: known?.askedAt ?? this.#newest });
    }
  }

  /** Headers do not say when the time passed that they prove: what waits has not waited for it. */
  #postpone(byMs: number): void {
    if (byMs <= 0) return;
    for (const [txid, at] of this.#asked) this.#asked.set(txid, at + byMs);
    for (const [mark, known] of this.#known)
      if (known.askedAt !== undefined) this.#known.set(mark, { ...known, askedAt: known.askedAt + byMs });
  }

  /** As if it had never been asked for; what was claimed of its inputs is remembered. */
  #released(txid: string): void {
    const spend = this.#spends.get(txid);
    if (spend) this.#drop(spend);
    this.#asked.delete(txid);
    this.#heights.remove(txid);
    this.#nonces.remove(txid);
    // Other payments to the same destination may have followed: it is new again all the same.
    for (const [mark, { by, askedAt }] of this.#known)
      if (by === half(txid)) this.#known.set(mark, askedAt === undefined ? {} : { askedAt });
  }

  #keep(spend: Counted): void {
    const before = this.#spends.get(spend.txid);
    if (before) this.#drop(before);
    this.#count(spend);
    this.#spends.set(spend.txid, spend);
  }

  /** What no window reaches any more takes no memory, where that is most of it. */
  #forget(): void {
    const all = [...this.#spends.values()];
    const kept = reached(all, this.#newest);
    if (kept.length < all.length / 2) {
      this.#spends.clear();
      this.#tallies.clear();
      for (const hour of this.#hours) this.#count(hour);
      for (const spend of kept) this.#keep(spend);
    }
    this.#crowd = 2 * this.#spends.size + CROWD;
  }

  #drop(spend: Counted): void {
    this.#spends.delete(spend.txid);
    for (const tally of this.#tallies.values()) tally.remove(spend.txid);
  }

  /** In its scopes; where it is not known which they are, everywhere. */
  #count(spend: Counted): void {
    const others = counted.isEverywhere(spend) ? this.#tallies.keys() : [];
    for (const name of new Set([...others, ...counted.namesOf(spend)])) this.#tally(name).add(spend);
  }

  #tally(name: string): Tally {
    const known = this.#tallies.get(name);
    if (known) return known;
    const tally = new Tally();
    // Lines that do not say their scope come before all that do.
    for (const spend of [...this.#hours, ...this.#spends.values()])
      if (counted.isEverywhere(spend)) tally.add(spend);
    this.#tallies.set(name, tally);
    return tally;
  }
}

/** Of a device on which nothing happened yet. */
export function emptyLedger(): Ledger {
  return new SpendLedger();
}

/** Whoever makes both claims can choose among many of each, so that half of the digest would not tell them apart. */
function claim(amounts: string): string {
  return amounts.slice(0, 32);
}

/** Enough to know a digest again: whoever makes another that begins alike gains a refusal. */
function half(digest: string): string {
  return digest.slice(0, 16);
}

/** At the end, where what is remembered longest stands. */
function anew<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= 2 * MOST_MARKS) return;
  for (const old of [...map.keys()].slice(0, MOST_MARKS)) map.delete(old);
}
