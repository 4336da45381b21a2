// A wallet in another's place: its sweep is told from payments, and payments beside it are warned of.

import type { ReviewOutput, Warning } from "../review.ts";
import type { Outputs } from "./outputs.ts";
import type { Spending } from "./spending/spending.ts";
import type { Wallet } from "./wallet.ts";

/** Fingerprint of a replaced wallet → fingerprint of the one that takes its place. */
export type Successors = ReadonlyMap<string, string>;

/** Outputs that pay from a replaced wallet to its successor, or to a successor of that one, say so. */
export function withSuccessors(outputs: Outputs, spending: Spending, successors: Successors): Outputs {
  if (successors.size === 0) return outputs;
  const lines = spending.templates.map(({ wallet }) => successorsOf(wallet, successors));
  // From several wallets at once: what is no successor of each of them is a payment to somebody.
  const isSuccessor = (wallet: Wallet | undefined) =>
    wallet !== undefined && lines.length > 0 && lines.every((line) => line.has(wallet.fingerprint));
  const shown = outputs.shown.map(
    (output, i): ReviewOutput =>
      output.owner === "own" && isSuccessor(outputs.wallets[i]) ? { ...output, successor: true } : output,
  );
  return { ...outputs, shown };
}

function successorsOf({ fingerprint }: Wallet, successors: Successors): ReadonlySet<string> {
  const found = new Set<string>();
  for (let next = successors.get(fingerprint); next !== undefined && !found.has(next); ) {
    found.add(next);
    next = successors.get(next);
  }
  return found;
}

/** What is wrong with paying from, or to, a wallet that was replaced. */
export function replacedWarnings(
  { shown, wallets }: Outputs,
  spending: Spending,
  successors: Successors,
): Record<Extract<Warning, "replaced-pays-elsewhere" | "pays-to-replaced">, boolean> {
  const isReplaced = (wallet: Wallet | undefined) =>
    wallet !== undefined && successors.has(wallet.fingerprint);
  const fromReplaced = spending.templates.some(({ wallet }) => isReplaced(wallet));
  return {
    "replaced-pays-elsewhere": fromReplaced && shown.some(({ successor }) => !successor),
    "pays-to-replaced": wallets.some(isReplaced),
  };
}
