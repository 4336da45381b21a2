// What the spends of one scope add up to in any window that reaches up to now, kept as they come.
//
// Spends that share a coin, directly or through others, are a group. Each spend stands in the sums with what it adds to
// the later ones of its group: the largest sum that can confirm together of it and them, less that of them alone. So the
// amounts from any place on add up to exactly what counts from there on.

import type { Spend } from "../rules.ts";
import { EXACT_SPENDS, together } from "./conflicts.ts";
import { type Counted, type Measure, unitsOf } from "./ledger-counted.ts";
import { Sums } from "./ledger-sums.ts";

interface Held {
  readonly spend: Counted;
  readonly place: number;
  /** By place, itself among them. */
  group: Held[];
}

/** A group's latest spend changes nothing further back: from here on each adds its plain amount, as before. */
const TAIL = EXACT_SPENDS + 2;

export class Tally {
  /** When the spend of each place was recorded, never falling. */
  readonly #ats: number[] = [];
  readonly #sums = new Map<Measure, Sums>();
  readonly #held = new Map<string, Held>();
  /** Some spend of each coin: the others are in its group. */
  readonly #spenders = new Map<string, Held>();
  #touched: { readonly by: Spend; readonly groups: ReadonlySet<Held[]> } | undefined;

  /** `at` is no less than that of any before it, and the txid is none that is held. */
  add(spend: Counted): void {
    this.#touched = undefined;
    for (const { asset } of spend.takes) this.#sumsOf(asset);
    this.#sumsOf("count");
    const held: Held = { spend, place: this.#ats.push(spend.at) - 1, group: [] };
    for (const [measure, sums] of this.#sums) sums.push(unitsOf(spend, measure));
    this.#held.set(spend.txid, held);
    this.#join(held);
  }

  remove(txid: string): void {
    const held = this.#held.get(txid);
    if (held === undefined) return;
    this.#touched = undefined;
    this.#held.delete(txid);
    for (const sums of this.#sums.values()) sums.set(held.place, 0n);
    // What held its group together may have been this one: the others find each other anew.
    for (const { spend } of held.group)
      for (const outpoint of spend.outpoints) this.#spenders.delete(outpoint);
    const others = held.group.filter((one) => one !== held);
    for (const one of others) {
      for (const [measure, sums] of this.#sums) sums.set(one.place, unitsOf(one.spend, measure));
      this.#join(one);
    }
  }

  /** Of the spends after this time, and of `also` beside them, the largest sum that can confirm together. */
  taken(measure: Measure, sinceMs: number, also?: Spend): bigint {
    const start = this.#after(sinceMs);
    const total = this.#sums.get(measure)?.from(start) ?? 0n;
    return also === undefined ? total : total + this.#adds(measure, start, also);
  }

  /** How much more counts with it. */
  #adds(measure: Measure, start: number, also: Spend): bigint {
    const same = this.#held.get(also.txid);
    const before = same ? unitsOf(same.spend, measure) : 0n;
    const now = unitsOf(also, measure);
    const units = now > before ? now : before;
    const near = this.#near(start, also);
    const others = near.filter((one) => one !== same);
    if (others.length >= EXACT_SPENDS) {
      // Plain sums: those of large groups are so already, and the same one counts in its own.
      const counted = same !== undefined && same.place >= start ? before : 0n;
      return this.#plain(measure, near) - this.#now(measure, near) + units - counted;
    }
    const spends = [also, ...others.map(({ spend }) => spend)];
    const each = [units, ...others.map(({ spend }) => unitsOf(spend, measure))];
    return together(spends, each)(spends.length) - this.#now(measure, near);
  }

  /** Spends from `start` on that share a coin with it, directly or through others; of a large group some too many. */
  #near(start: number, also: Spend): readonly Held[] {
    const near: Held[] = [];
    for (const group of this.#groupsOf(also)) {
      const last = Math.max(0, group.length - 1 - EXACT_SPENDS);
      for (let i = group.length - 1; i >= last && group[i]!.place >= start; i--) near.push(group[i]!);
    }
    return near;
  }

  #groupsOf(also: Spend): ReadonlySet<Held[]> {
    if (this.#touched?.by === also) return this.#touched.groups;
    const groups = new Set<Held[]>();
    const same = this.#held.get(also.txid);
    if (same) groups.add(same.group);
    for (const outpoint of also.outpoints) {
      const spender = this.#spenders.get(outpoint);
      if (spender) groups.add(spender.group);
    }
    this.#touched = { by: also, groups };
    return groups;
  }

  #plain(measure: Measure, held: readonly Held[]): bigint {
    return held.reduce((sum, { spend }) => sum + unitsOf(spend, measure), 0n);
  }

  #now(measure: Measure, held: readonly Held[]): bigint {
    const sums = this.#sums.get(measure);
    return sums === undefined ? 0n : held.reduce((sum, { place }) => sum + sums.at(place), 0n);
  }

  /** Into the groups of its coins, which become one. It came later than all in them. */
  #join(held: Held): void {
    const groups = new Set<Held[]>();
    for (const outpoint of held.spend.outpoints) {
      const spender = this.#spenders.get(outpoint);
      if (spender === undefined) this.#spenders.set(outpoint, held);
      else if (spender !== held) groups.add(spender.group);
    }
    held.group = [held];
    const [only, ...more] = groups;
    if (only === undefined) return;
    if (more.length === 0) {
      held.group = only;
      only.push(held);
      this.#settle(only, Math.max(0, only.length - TAIL));
      return;
    }
    const all = [...[...groups].flat().sort((a, b) => a.place - b.place), held];
    for (const one of all) one.group = all;
    this.#settle(all, 0);
  }

  /** What each of a group from this one on adds to the later ones. */
  #settle(group: readonly Held[], from: number): void {
    const tail = group.slice(-EXACT_SPENDS).reverse();
    for (const [measure, sums] of this.#sums) {
      const units = tail.map(({ spend }) => unitsOf(spend, measure));
      const exact = together(
        tail.map(({ spend }) => spend),
        units,
      );
      let plain = 0n;
      let before = 0n;
      for (let i = group.length - 1; i >= from; i--) {
        const size = group.length - i;
        plain += unitsOf(group[i]!.spend, measure);
        const sum = size <= EXACT_SPENDS ? exact(size) : plain;
        sums.set(group[i]!.place, sum - before);
        before = sum;
      }
    }
  }

  #sumsOf(measure: Measure): Sums {
    const known = this.#sums.get(measure);
    if (known) return known;
    const sums = new Sums(this.#ats.length);
    this.#sums.set(measure, sums);
    return sums;
  }

  /** The first place whose spend was recorded after this time: all are, after a time that is no number. */
  #after(sinceMs: number): number {
    let [low, high] = [0, this.#ats.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#ats[middle]! <= sinceMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
