// The lines of requests that take something: recorded, refused, or told to wait.

import type { Spend, Verdict } from "../rules.ts";
import { type Draft, destinationMark, writeAmount } from "./entry.ts";

/** What of a verdict is kept with the spend that it allowed. */
export interface Grounds {
  /** Fingerprint of the policy. */
  readonly policy: string;
  readonly verdict: Verdict;
}

/** The line that records a spend. */
export function spentLine(spend: Spend, { policy, verdict }: Grounds): Draft {
  const { txid, key, outpoints, amounts, lockTime = 0 } = spend;
  return {
    ...{ kind: "spent", txid, key, outpoints, amounts, lockTime, policy },
    wallets: spend.wallets.map(({ fingerprint }) => fingerprint),
    takes: spend.takes.map(writeAmount),
    fee: writeAmount(spend.fee),
    destinations: spend.destinations.map(({ to }) => destinationMark(to)),
    verdict: verdictTexts(verdict),
  };
}

/** The line of a request that the policy refused: what it said of it stands here, whatever the screen may show. */
export function refusedLine(spend: Spend, reasons: readonly string[], grounds: Grounds): Draft {
  return { kind: "refused", txid: spend.txid, reasons, ...groundsOf(spend, grounds) };
}

/** The line of a request that has to wait: whoever reads it sees what comes while there is time to stop it. */
export function askedLine(
  spend: Spend,
  fresh: readonly string[],
  reasons: readonly string[],
  grounds: Grounds,
): Draft {
  const { takes, policy, verdict } = groundsOf(spend, grounds);
  const destinations = fresh.map(destinationMark);
  return { kind: "asked", txid: spend.txid, destinations, reasons, takes, policy, verdict };
}

function groundsOf(spend: Spend, { policy, verdict }: Grounds) {
  return { takes: spend.takes.map(writeAmount), policy, verdict: verdictTexts(verdict) };
}

export function verdictTexts({ outcome, rules }: Verdict): readonly string[] {
  return [outcome, ...rules.map(({ sentence }) => sentence)];
}
