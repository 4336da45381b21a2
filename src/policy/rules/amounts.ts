// How much may leave: in one transaction, and in rolling windows; and how many transactions.

import { inShort, inSymbol } from "../../assets.ts";
import { type Amount, type Asset, type Spend, WINDOWS, type Window } from "../../rules.ts";
import { bare, broken, type Case, type Finding, fine, type Question, whenOf } from "../rule.ts";

export const amount: Question<"amount"> = ({ per, most }, of, { scope }) => {
  const { spend, ledger } = of;
  const takes = takenOf(spend, most.asset);
  if (takes === undefined) return undefined;
  const limit = inShort(most);
  if (per === "transaction") {
    const sentence = `Takes ${bare(takes)} of at most ${limit} per transaction.`;
    return takes.units <= most.units ? fine(sentence) : broken("policy.over-transaction-limit", sentence);
  }
  const since = startOf(per, of);
  const lost = uncounted(per, since, of);
  if (lost) return lost;
  const after = ledger.taken(most.asset, scope, since, spend);
  const left = (used: bigint) => bare({ ...most, units: used < most.units ? most.units - used : 0n });
  if (after <= most.units) return fine(`${left(after)} of ${limit} left per ${per} after this.`);
  const before = ledger.taken(most.asset, scope, since);
  return broken(
    "policy.over-window-limit",
    `${left(before)} of ${limit} left per ${per}; this takes ${inSymbol(takes)}.`,
  );
};

export const count: Question<"count"> = ({ per, most }, of, { scope }) => {
  const { spend, ledger } = of;
  const since = startOf(per, of);
  const lost = uncounted(per, since, of);
  if (lost) return lost;
  const after = ledger.count(scope, since, spend);
  if (after <= most) return fine(`Transaction ${after} of at most ${most} per ${per}.`);
  const before = ledger.count(scope, since);
  return broken("policy.too-many", `${before} of at most ${most} transactions per ${per} were made.`);
};

/** Where time cannot be told everything counts. */
function startOf(per: Window, { now }: Case): number {
  return Number.isFinite(now.ms) ? now.ms - WINDOWS[per] : Number.NaN;
}

/** A window that cannot be counted does not open, whatever the rule would do otherwise. */
function uncounted(per: Window, since: number, { ledger, now }: Case): Finding | undefined {
  const lost = ledger.uncountedBefore;
  if (lost === undefined || since >= lost) return undefined;
  const again = whenOf(lost + WINDOWS[per], now);
  const sentence = `Lines of the journal are missing, so this ${per} cannot be counted before ${again}.`;
  return { ...broken("policy.uncounted", sentence), finally: true };
}

/** All that it takes of this asset; undefined where it takes none of it. */
function takenOf({ takes }: Spend, asset: Asset): Amount | undefined {
  const of = takes.filter((one) => one.asset === asset);
  return of.length === 0 ? undefined : { asset, units: of.reduce((sum, { units }) => sum + units, 0n) };
}
