// How much may leave: in one transaction, and in rolling windows; and how many transactions.

import { type Amount, type Asset, type Spend, WINDOWS } from "../../rules.ts";
import { inShort, inSymbol } from "../../text.ts";
import { broken, fine, type Question } from "../rule.ts";

export const amount: Question<"amount"> = ({ per, most }, { spend, ledger, now }, { scope }) => {
  const takes = takenOf(spend, most.asset);
  if (takes === undefined) return undefined;
  const limit = inShort(most);
  if (per === "transaction") {
    const sentence = `Takes ${inSymbol(takes)} of at most ${limit} per transaction.`;
    return takes.units <= most.units ? fine(sentence) : broken("policy.over-transaction-limit", sentence);
  }
  const since = now.ms - WINDOWS[per];
  const after = ledger.taken(most.asset, scope, since, spend);
  const left = (used: bigint) => inSymbol({ ...most, units: used < most.units ? most.units - used : 0n });
  if (after <= most.units) return fine(`${left(after)} of ${limit} left for this ${per} after this.`);
  const before = ledger.taken(most.asset, scope, since);
  return broken(
    "policy.over-window-limit",
    `${left(before)} of ${limit} left for this ${per}; this takes ${inSymbol(takes)}.`,
  );
};

export const count: Question<"count"> = ({ per, most }, { spend, ledger, now }, { scope }) => {
  const after = ledger.count(scope, now.ms - WINDOWS[per], spend);
  if (after <= most) return fine(`Transaction ${after} of at most ${most} per ${per}.`);
  return broken("policy.too-many", `${most} of at most ${most} transactions per ${per} were made.`);
};

function takenOf(spend: Spend, asset: Asset): Amount | undefined {
  return spend.takes.find((one) => one.asset === asset);
}
