// What the lines add up to: what was spent, asked for and released, as far as rules ask for it.

import type { Asset, Ledger, PastSpend, Scope, Spend } from "../rules.ts";
import { largestTogether } from "./conflicts.ts";
import { type Entry, readAmount } from "./entry.ts";

export class SpendLedger implements Ledger {
  readonly #spends: PastSpend[];

  constructor(spends: readonly PastSpend[] = []) {
    this.#spends = [...spends];
  }

  /** One more line of the journal. */
  add(entry: Entry): void {
    const spend = spendOf(entry);
    if (spend) this.#spends.push(spend);
  }

  since(sinceMs: number): readonly PastSpend[] {
    return this.#spends.filter(({ at }) => !(at <= sinceMs));
  }

  taken(asset: Asset, scope: Scope, sinceMs: number, also?: Spend): bigint {
    const inScope = this.since(sinceMs).filter((past) => isIn(past, scope));
    const all = also ? [...inScope, asPast(also)] : inScope;
    return largestTogether(
      all.map(({ txid, outpoints, takes }) => ({ txid, outpoints, units: unitsOf(asset, takes) })),
    );
  }

  count(scope: Scope, sinceMs: number, also?: Spend): number {
    const inScope = this.since(sinceMs).filter((past) => isIn(past, scope));
    const all = also ? [...inScope, asPast(also)] : inScope;
    return Number(largestTogether(all.map(({ txid, outpoints }) => ({ txid, outpoints, units: 1n }))));
  }

  known(_to: string): { readonly paidAt?: number; readonly askedAt?: number } {
    return {};
  }

  askedAt(_txid: string): number | undefined {
    return undefined;
  }

  contradicted(txid: string, amounts: string): boolean {
    return this.#spends.some((past) => past.txid === txid && past.amounts !== amounts);
  }

  height(): number | undefined {
    return undefined;
  }
}

/** Of a device on which nothing happened yet. */
export function emptyLedger(): Ledger {
  return new SpendLedger();
}

function asPast({ wallets, ...rest }: Spend): PastSpend {
  return { ...rest, at: Number.POSITIVE_INFINITY, wallets: wallets.map(({ fingerprint }) => fingerprint) };
}

function isIn({ key, wallets }: PastSpend, scope: Scope): boolean {
  // Lines of before wallets were told apart count everywhere.
  if (scope.of === "all" || key === "") return true;
  return scope.of === "key" ? key === scope.fingerprint : wallets.includes(scope.fingerprint);
}

function unitsOf(asset: Asset, takes: PastSpend["takes"]): bigint {
  return takes.find((one) => one.asset === asset)?.units ?? 0n;
}

function spendOf(entry: Entry): PastSpend | undefined {
  if (entry.kind === "spent") {
    const { txid, at, key, wallets, outpoints, amounts } = entry;
    const takes = entry.takes.flatMap((text) => readAmount(text) ?? []);
    return { txid, at, key, wallets, outpoints, amounts, takes };
  }
  if (entry.kind !== "spend") return undefined;
  const { txid, at, outpoints, amounts, leavesSats } = entry;
  const takes = [{ asset: "btc", units: leavesSats } as const];
  return { txid, at, key: "", wallets: [], outpoints, amounts, takes };
}
