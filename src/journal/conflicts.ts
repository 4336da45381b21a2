// Spends that use the same coin cannot confirm together. What counts is the most that can.

/** More spends than these, and cases that need more steps, count by their plain sum: never less than the true value. */
export const EXACT_SPENDS = 30;
const EXACT_STEPS = 20_000;

interface Coins {
  readonly outpoints: readonly string[];
}

/**
 * Answers for the first so many of these spends: the largest sum of them that can confirm together. They are of
 * different transactions and at most EXACT_SPENDS; units: of each, none below zero.
 */
export function together(
  spends: readonly Coins[],
  units: readonly bigint[],
  budget = EXACT_STEPS,
): (first: number) => bigint {
  const near = neighbours(spends);
  const known = new Map<number, bigint>();
  let steps = budget;
  /** The weights of an independent set: those alone, and of the others the most with the busiest or without it. */
  const most = (left: number): bigint | undefined => {
    const found = known.get(left);
    if (found !== undefined) return found;
    if (steps-- <= 0) return undefined;
    const { alone, at } = busiest(left, near);
    if (at === -1) return sum(left, units);
    const others = left & ~alone;
    const without = most(others & ~(1 << at));
    const rest = most(others & ~(1 << at) & ~near[at]!);
    if (without === undefined || rest === undefined) return undefined;
    const taken = rest + units[at]!;
    const best = sum(alone, units) + (taken > without ? taken : without);
    known.set(left, best);
    return best;
  };
  return (first) => {
    const all = 2 ** first - 1;
    return most(all) ?? sum(all, units);
  };
}

/** Bit j of entry i: spends i and j share an outpoint. */
function neighbours(spends: readonly Coins[]): number[] {
  const near = spends.map(() => 0);
  const users = new Map<string, number>();
  for (const [i, spend] of spends.entries())
    for (const outpoint of spend.outpoints) users.set(outpoint, (users.get(outpoint) ?? 0) | (1 << i));
  for (const [i, spend] of spends.entries())
    for (const outpoint of spend.outpoints) near[i]! |= users.get(outpoint)! & ~(1 << i);
  return near;
}

/** The spend with the most conflicts among those left, or -1 where none conflict; and those that do not. */
function busiest(left: number, near: readonly number[]): { readonly alone: number; readonly at: number } {
  let [alone, at, conflicts] = [0, -1, 0];
  for (let i = 0; i < near.length; i++) {
    if (!(left & (1 << i))) continue;
    const degree = ones(left & near[i]!);
    if (degree === 0) alone |= 1 << i;
    else if (degree > conflicts) [at, conflicts] = [i, degree];
  }
  return { alone, at };
}

function sum(left: number, units: readonly bigint[]): bigint {
  return units.reduce((total, one, i) => (left & (1 << i) ? total + one : total), 0n);
}

function ones(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}
