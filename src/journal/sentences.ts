// Lines of the journal as sentences. Names in them are foreign text, so they pass through `shown`.

import { btc, shown } from "../text.ts";
import type { Entry } from "./entry.ts";

/** "2026-03-01 12:00 UTC  Unlocked." */
export function sentenceOf(entry: Entry): string {
  return `${time(entry.at)} UTC  ${what(entry)}`;
}

function time(ms: number): string {
  const date = new Date(ms);
  // Beyond what a date can say (year 275760) the number itself is shown.
  if (Number.isNaN(date.getTime())) return String(ms);
  return date.toISOString().slice(0, 16).replace("T", " ");
}

function what(entry: Entry): string {
  switch (entry.kind) {
    case "setup":
      return `Set up for ${shown(entry.network)}, key ${shown(entry.fingerprint)}.`;
    case "unlocked":
      return entry.failedTries === 0 ? "Unlocked." : `Unlocked after ${entry.failedTries} wrong PINs.`;
    case "locked":
      return `Locked: ${shown(entry.why)}.`;
    case "refused":
      return `Refused${entry.txid === "" ? "" : ` ${brief(entry.txid)}`}: ${shown(entry.reasons.join(", "), 200)}.`;
    case "spend":
      return `Recorded ${brief(entry.txid)}: ${btc(entry.leavesSats)}, of it fee ${btc(entry.feeSats)}.`;
    case "signed":
      return `Signed ${brief(entry.txid)}.`;
    case "failed":
      return `Not signed ${brief(entry.txid)}: ${shown(entry.reason)}.`;
    case "wallet-registered":
      return `Registered wallet ${shown(entry.name)} (${shown(entry.fingerprint)}).`;
    case "wallet-removed":
      return `Removed wallet ${shown(entry.name)} (${shown(entry.fingerprint)}).`;
    case "policy-set":
      return `Policy set (${shown(entry.fingerprint)}).`;
  }
}

function brief(txid: string): string {
  return `transaction ${shown(txid.slice(0, 8))}...${shown(txid.slice(-8))}`;
}
