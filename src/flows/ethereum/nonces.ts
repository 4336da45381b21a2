// What was recorded of an account's nonces, in words: a nonce that was signed before, or one far from the last.

import { LIMITS } from "../../limits.ts";
import type { PastNonce, Spend } from "../../rules.ts";
import type { NonceWord } from "../../screens/ethereum.ts";
import type { Session } from "../session.ts";

/** None where nothing was recorded: a device that is new says nothing of what others signed. */
export function nonceWords({ journal }: Pick<Session, "journal">, spend: Spend): readonly NonceWord[] {
  return spend.outpoints.flatMap((outpoint) => {
    const [, account, digits] = /^(\d+\/0x[0-9a-f]{40}(?:\/safe)?)\/(\d+)$/.exec(outpoint) ?? [];
    if (account === undefined || digits === undefined) return [];
    const past = journal.ledger().nonces(account);
    return wordsOf(BigInt(digits), past, { txid: spend.txid, whose: account.endsWith("/safe") ? SAFE : OWN });
  });
}

const OWN = "this account";
const SAFE = "this Safe";

function wordsOf(
  nonce: bigint,
  past: readonly PastNonce[],
  { txid, whose }: { readonly txid: string; readonly whose: string },
): NonceWord[] {
  const highest = past[0]?.nonce;
  if (highest === undefined) return [];
  const same = past.filter((one) => one.nonce === nonce);
  const others = same.some((one) => one.txid !== txid);
  if (same.length > 0)
    return [
      ...(same.some((one) => one.txid === txid) ? [word("Signed before", AGAIN)] : []),
      ...(others ? [word("This nonce was signed before", repeated(nonce, whose))] : []),
    ];
  if (nonce < highest) return [word("A nonce of before", before(nonce, highest, whose))];
  if (nonce - highest > LIMITS.nonceGap) return [word("A nonce far ahead", ahead(nonce, highest, whose))];
  return [];
}

function word(title: string, text: string): NonceWord {
  return { title, tone: "caution", text };
}

const AGAIN = "This very request was signed here before. It can happen once only, and counts once.";

function repeated(nonce: bigint, whose: string): string {
  return `Another transaction of ${whose} with nonce ${nonce} was signed here. Only one of the two can happen: sign this one only if it shall take the other's place.`;
}

function before(nonce: bigint, highest: bigint, whose: string): string {
  return `For ${whose} nonce ${highest} was signed here already. If ${nonce} was used too, this does nothing; if it was not, this comes first and those that wait behind it can happen after it.`;
}

function ahead(nonce: bigint, highest: bigint, whose: string): string {
  return `The highest nonce that was signed here for ${whose} is ${highest}, this one is ${nonce}. It can happen only when all between were used: until then whoever has it can wait for a moment that suits him.`;
}
