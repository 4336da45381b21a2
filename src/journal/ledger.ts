// What the lines add up to: the spends that a window up to a day can still see.

import type { PastSpend } from "../model.ts";
import type { Entry } from "./entry.ts";

const KEPT_MS = 48 * 60 * 60 * 1000;
/** The latest spends stay whatever the clock says: a clock far ahead for one line must not empty the window. */
const KEPT_ALWAYS = 128;

/** Adds one more line to the ledger, and drops what no window sees any more: over two days old, oldest first. */
export function addToLedger(spends: PastSpend[], entry: Entry): void {
  if (entry.kind !== "spend") return;
  const { txid, at, outpoints, amounts, leavesSats } = entry;
  spends.push({ txid, at, outpoints, amounts, leavesSats });
  while (spends.length > KEPT_ALWAYS && spends[0]!.at <= at - KEPT_MS) spends.shift();
}
