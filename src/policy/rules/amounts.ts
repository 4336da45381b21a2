// How much may leave: in one transaction, and in rolling windows; and how many transactions.

import { inShort, inSymbol, UNLIMITED } from "../../assets.ts";
import { type Amount, type Scope, WINDOWS, type Window } from "../../rules.ts";
import { amountsOf, fits, inAsset, takenAtOnce } from "../assets.ts";
import {
  allOf,
  beside,
  broken,
  type Case,
  type Finding,
  fine,
  isMessage,
  type Question,
  whenOf,
} from "../rule.ts";

/** Of any listed coin or token each by itself. */
export const amount: Question<"amount"> = ({ per, most }, of, { scope }) => {
  const { spend } = of;
  if (per !== "transaction")
    return allOf(amountsOf(spend.takes, most.asset).map((takes) => inWindow(takes, most, per, of, scope)));
  const limit = inShort(most);
  const taken = amountsOf(takenAtOnce(spend), most.asset);
  // Where nothing but gas is spent this limit has nothing to say.
  const found = taken
    .filter(({ units }) => units > 0n || spend.ethereum === undefined)
    .map((takes) => {
      const sentence = `Takes ${beside(takes, most)} of at most ${limit} per transaction${endless(takes)}.`;
      return fits(takes, inAsset(most, takes.asset))
        ? fine(sentence)
        : broken("policy.over-transaction-limit", sentence);
    });
  return allOf(found);
};

function inWindow(takes: Amount, limit: Amount, per: Window, of: Case, scope: Scope): Finding {
  const { spend, ledger } = of;
  const since = startOf(per, of);
  const lost = uncounted(per, since, of);
  if (lost) return lost;
  const most = inAsset(limit, takes.asset);
  const after = ledger.taken(takes.asset, scope, since, spend);
  const left = (used: bigint) =>
    beside({ ...most, units: used < most.units ? most.units - used : 0n }, limit);
  if (after <= most.units && fits(takes, most))
    return fine(`${left(after)} of ${inShort(limit)} left per ${per} after this.`);
  const before = ledger.taken(takes.asset, scope, since);
  return broken(
    "policy.over-window-limit",
    `${left(before)} of ${inShort(limit)} left per ${per}; this takes ${inSymbol(takes)}${endless(takes)}.`,
  );
}

/** What may be taken again and again. */
function endless({ units }: Amount): string {
  return units >= UNLIMITED ? ": without a limit, which fits none" : "";
}

export const count: Question<"count"> = ({ per, most }, of, { scope }) => {
  const { spend, ledger } = of;
  if (isMessage(spend)) return undefined;
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
