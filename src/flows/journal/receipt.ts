// What was signed, for whoever was not there: a text that a phone keeps or a spreadsheet takes, one "name value" a line,
// signed by the journal's key. scripts/verify-journal.ts checks it, alone and against an export.

import { chainName, inSymbol } from "../../assets.ts";
import { policyFingerprint } from "../../policy/index.ts";
import type { Verdict } from "../../request.ts";
import type { RuleResult, Spend } from "../../rules.ts";
import { shown } from "../../text.ts";
import type { Desk } from "../../ui.ts";
import { policyNow } from "../emergency/active.ts";
import { showText } from "../leave-text.ts";
import { nowOf, type Session } from "../session.ts";

/** So many destinations are named; of the others only the sum. */
const MOST_NAMED = 20;

/** Whatever was signed and takes something. */
interface Recorded {
  readonly spend: Spend;
}

/** Once the lines of this signing are written: it names the last of them. */
export async function showReceipt(
  desk: Desk,
  session: Session,
  request: Recorded,
  verdict: Verdict,
): Promise<void> {
  const text = receiptOf(session, request, verdict);
  const caption = "The receipt, for a watcher's phone: one code where the window is large enough.";
  const file = `firn-receipt-${request.spend.txid.slice(0, 8)}`;
  await showText(desk, { title: "Receipt", text, caption, whole: true, file });
}

export function receiptOf(session: Session, { spend }: Recorded, verdict: Verdict): string {
  const { journal } = session;
  const { count, head } = journal.head();
  const policy = policyNow(session);
  const lines = [
    "Firn receipt 1",
    `network ${spend.network}`,
    `transaction ${spend.txid}`,
    ...ethereumLines(spend),
    ...spend.takes.map((amount) => `takes ${inSymbol(amount)}`),
    `fee ${inSymbol(spend.fee)}`,
    ...destinationLines(spend.destinations),
    // What the policy does not tell whoever holds the device, no receipt tells him.
    ...(policy.reasons === "shown" ? verdict.rules.flatMap(roomLine) : []),
    `time ${new Date(nowOf(session).dateMs).toISOString().slice(0, 19)}Z`,
    `policy ${policy.number} ${policyFingerprint(policy)}`,
    `signed-by ${spend.key}`,
    `journal ${count} ${head}`,
    `key ${journal.publicKey()}`,
  ];
  return journal.signReceipt(`${lines.join("\n")}\n`);
}

function destinationLines(destinations: Spend["destinations"]): string[] {
  const named = destinations.slice(0, MOST_NAMED);
  const others = destinations.slice(MOST_NAMED);
  const assets = [...new Set(others.map(({ amount }) => amount.asset))];
  return [
    ...named.map(({ to, amount }) => `to ${to} ${inSymbol(amount)}`),
    ...assets.map((asset) => {
      const of = others.map(({ amount }) => amount).filter((amount) => amount.asset === asset);
      const units = of.reduce((sum, amount) => sum + amount.units, 0n);
      return `to-others ${of.length} ${inSymbol({ asset, units })}`;
    }),
  ];
}

/** Of Ethereum: on which chain, from which account, with which nonce. */
function ethereumLines({ ethereum }: Spend): string[] {
  if (ethereum === undefined) return [];
  const { chainId, account, nonce } = ethereum;
  return [
    ...(chainId === undefined ? [] : [`chain ${chainId} ${shown(chainName(chainId))}`]),
    `account ${account}`,
    ...(nonce === undefined ? [] : [`nonce ${nonce}`]),
  ];
}

/** What is left of a window, as the rule found it. */
function roomLine({ rule, sentence }: RuleResult): string[] {
  return / per (hour|day|week|month)\b/.test(rule) ? [`left ${sentence}`] : [];
}
