// Spends that use the same coin cannot confirm together. What counts is the most that can.

/** A spend of one asset, as far as conflicts matter. */
export interface Weighed {
  readonly txid: string;
  readonly outpoints: readonly string[];
  /** Smallest units of the asset. */
  readonly units: bigint;
}

/** Conflict groups of more spends than this, and cases that need more steps, count by their plain sum. */
const EXACT_SPENDS = 30;
const EXACT_STEPS = 20_000;

interface Budget {
  steps: number;
}

/**
 * The largest sum of spends that can confirm together: conflicts are shared outpoints.
 * The same txid counts once, by its largest amount. Never less than the true value.
 */
export function largestTogether(spends: readonly Weighed[]): bigint {
  const budget: Budget = { steps: EXACT_STEPS };
  let total = 0n;
  for (const group of groups(once(spends)))
    total += group.length === 1 ? group[0]!.units : most(group, budget);
  return total;
}

/** A txid commits to its outpoints; only what of it leaves may have been seen differently. */
function once(spends: readonly Weighed[]): Weighed[] {
  const byTxid = new Map<string, Weighed>();
  for (const spend of spends) {
    const known = byTxid.get(spend.txid);
    if (known === undefined || known.units < spend.units) byTxid.set(spend.txid, spend);
  }
  return [...byTxid.values()];
}

/** Spends joined by shared outpoints, directly or through others. */
function groups(spends: readonly Weighed[]): Weighed[][] {
  const leader = spends.map((_, i) => i);
  const find = (i: number): number => {
    let at = i;
    while (leader[at] !== at) {
      leader[at] = leader[leader[at]!]!;
      at = leader[at]!;
    }
    return at;
  };
  const spender = new Map<string, number>();
  for (const [i, spend] of spends.entries())
    for (const outpoint of spend.outpoints) {
      const other = spender.get(outpoint);
      if (other === undefined) spender.set(outpoint, i);
      else leader[find(i)] = find(other);
    }
  const out = new Map<number, Weighed[]>();
  for (const [i, spend] of spends.entries()) {
    const group = out.get(find(i));
    if (group === undefined) out.set(find(i), [spend]);
    else group.push(spend);
  }
  return [...out.values()];
}

/** Exact by branching where that is cheap (weights of an independent set), else the plain sum. */
function most(group: readonly Weighed[], budget: Budget): bigint {
  const plain = group.reduce((sum, spend) => sum + spend.units, 0n);
  if (group.length > EXACT_SPENDS) return plain;
  const near = neighbours(group);
  const branch = (left: number): bigint | undefined => {
    if (budget.steps-- <= 0) return undefined;
    const at = busiest(left, near);
    if (at === -1) return sum(left, group);
    const without = branch(left & ~(1 << at));
    const rest = branch(left & ~(1 << at) & ~near[at]!);
    if (without === undefined || rest === undefined) return undefined;
    const taken = rest + group[at]!.units;
    if (taken > without) return taken;
    return without;
  };
  return branch(2 ** group.length - 1) ?? plain;
}

/** Bit j of entry i: spends i and j share an outpoint. */
function neighbours(group: readonly Weighed[]): number[] {
  const near = group.map(() => 0);
  const users = new Map<string, number>();
  for (const [i, spend] of group.entries())
    for (const outpoint of spend.outpoints) users.set(outpoint, (users.get(outpoint) ?? 0) | (1 << i));
  for (const [i, spend] of group.entries())
    for (const outpoint of spend.outpoints) near[i]! |= users.get(outpoint)! & ~(1 << i);
  return near;
}

/** The spend with the most conflicts among those left, or -1 where none conflict. */
function busiest(left: number, near: readonly number[]): number {
  let best = -1;
  let conflicts = 0;
  for (let i = 0; i < near.length; i++) {
    const degree = left & (1 << i) ? ones(left & near[i]!) : 0;
    if (degree > conflicts) [best, conflicts] = [i, degree];
  }
  return best;
}

function sum(left: number, group: readonly Weighed[]): bigint {
  return group.reduce((total, spend, i) => (left & (1 << i) ? total + spend.units : total), 0n);
}

function ones(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}
