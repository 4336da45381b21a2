// A PSBT that is a message to sign (BIP 322): it is one only if it can be no payment, and the other way round.

import { toHex } from "../../bytes.ts";
import type { MessageReply, MessageReview, ProvenCoin } from "../../message.ts";
import type { PsbtMessage } from "../../model.ts";
import { refuse } from "../../refusal.ts";
import { Request, type Work } from "../../request.ts";
import { fromUtf8 } from "../../text.ts";
import { addressOf } from "../address.ts";
import { type Coin, readCoins } from "../coins.ts";
import { compactSize, cursor, skip, take } from "../cursor.ts";
import { finish } from "../finish.ts";
import { groups } from "../musig/places.ts";
import { ownership } from "../ownership.ts";
import { GLOBAL, INPUT } from "../psbt/fields.ts";
import { type Psbt, readPsbt } from "../psbt/psbt.ts";
import { fieldOf, MAGIC } from "../psbt/rows.ts";
import { quorumsOf } from "../quorums.ts";
import { readAgain } from "../second.ts";
import { type Assignment, assignmentsOf, type CheckNonce } from "../spending/assign.ts";
import { readSpending, type Spending } from "../spending/spending.ts";
import { scaled } from "../steps.ts";
import { checkCoin, type MessageKnown, type MessageRequest, spendOf } from "./key-message.ts";
import { isSingle } from "./place.ts";
import { boundMessage } from "./read.ts";
import { isToSign } from "./virtual.ts";
import { writeSigned } from "./write.ts";

/** It says of itself that it is one; whether it is, is found out by reading all of it. False for what is no PSBT. */
export function saysMessage(bytes: Uint8Array): boolean {
  class Ends extends Error {}
  const from = cursor(bytes, () => {
    throw new Ends();
  });
  try {
    skip(from, MAGIC.length);
    for (;;) {
      const length = compactSize(from);
      if (length === 0) return false;
      if (take(from, length)[0] === GLOBAL.signedMessage && length === 1) return true;
      skip(from, compactSize(from));
    }
  } catch (problem) {
    if (problem instanceof Ends) return false;
    throw problem;
  }
}

export interface PsbtKnown extends MessageKnown {
  readonly checkNonce?: CheckNonce;
}

/** text: Firn itself made the PSBT; only the signature is of use to whoever asked. */
export type CameAs = "psbt" | "text";

/** Yields its share done; throws Refusals only, on any bytes. */
export function* psbtMessage(
  asked: PsbtMessage,
  known: PsbtKnown,
  cameAs: CameAs = "psbt",
): Work<MessageRequest> {
  const psbt = yield* scaled(readPsbt(new Uint8Array(asked.bytes)), 0, 0.1);
  const coins = yield* scaled(readCoins(psbt), 0.1, 0.2);
  const message = checkedMessage(psbt, coins);
  const owners = ownership(known.templates.filter(({ wallet }) => wallet.network === known.network));
  if (owners.find(coins[0]!.script, psbt.inputs[0]!, INPUT) === undefined) refuse("message.other-address");
  const reading = readSpending(psbt, coins, owners, known.curve, groups(known.curve));
  const spending = yield* scaled(reading, 0.2, 1);
  const name = toHex(psbt.txid);
  const assignments = assignmentsOf(spending, name, known.checkNonce ?? (() => undefined));
  const review = reviewOf(message, psbt, coins, spending, assignments, known);
  const spend = spendOf(review, known.fingerprint, spending.templates, name);
  return new Request({
    review,
    spend,
    tasks: assignments.map(({ task }) => task),
    agree: () => readAgain(psbt, coins),
    *finish(answers): Work<MessageReply> {
      const check = known.check ?? known.curve;
      const made = yield* finish(asked, psbt, assignments, answers, check);
      const written = yield* writeSigned(made.whole.bytes, message, spending, coins, check);
      const leaves = cameAs === "psbt" || written.length === 0 ? { psbt: made.whole } : {};
      return { written, message, address: review.address!, signed: made.signed, ...leaves };
    },
  });
}

/** BIP 322, PSBT signer: all of it must be true. Throws Refusal message.mismatch, -no-text, -too-long. */
function checkedMessage({ global, tx }: Psbt, coins: readonly Coin[]): string {
  const bytes = fieldOf(global, GLOBAL.signedMessage) ?? refuse("message.mismatch", "it has no message");
  const [first] = coins;
  if (first === undefined || !isToSign(tx, bytes, first.script)) refuse("message.mismatch");
  if (first!.amountSats !== 0n) refuse("message.mismatch", "input 1 holds an amount");
  if (tx.version !== 0 && tx.version !== 2) refuse("message.mismatch", `transaction version ${tx.version}`);
  const message = fromUtf8(bytes) ?? refuse("message.no-text");
  boundMessage(message);
  return message;
}

function reviewOf(
  message: string,
  { tx }: Psbt,
  coins: readonly Coin[],
  spending: Spending,
  assignments: readonly Assignment[],
  { network }: MessageKnown,
): MessageReview {
  const { template, derived } = spending.inputs[0] ?? refuse("message.other-address");
  for (const { task } of assignments) checkCoin(task.path, network);
  const address = addressOf(derived.scriptPubKey, network) ?? refuse("message.other-address");
  return {
    ...{ network, message, address },
    form: coins.length > 1 ? "proof" : "bip322",
    wallet: template.wallet.name,
    place: `${derived.branch}/${derived.index}`,
    keys: assignments.map(({ task: { path, publicKey } }) => ({ path, publicKey })),
    partOf: [],
    quorums: quorumsOf(spending).filter((_, i) => !isSingle(spending.templates[i]!.wallet)),
    coins: coins.slice(1).map((coin, i) => provenCoin(coin, spending.inputs[i + 1])),
    lockTime: tx.lockTime,
    sequence: tx.inputs[0]!.sequence,
  };
}

function provenCoin(coin: Coin, own: Spending["inputs"][number]): ProvenCoin {
  const { outpoint, amountSats, fromPrevious } = coin;
  const place = own && {
    wallet: own.template.wallet.name,
    place: `${own.derived.branch}/${own.derived.index}`,
  };
  return { outpoint, amountSats, proven: fromPrevious, ...place };
}
