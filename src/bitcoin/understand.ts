// A PSBT becomes a Request: only if all of it was understood, and every claim in it that can be checked was.

import { concat, equal, u32le } from "../bytes.ts";
import type { Curve, Network, PsbtMessage } from "../model.ts";
import { refuse } from "../refusal.ts";
import { Request, type Work } from "../request.ts";
import { readCoins } from "./coins.ts";
import { finish } from "./finish.ts";
import { groups } from "./musig/places.ts";
import { broughtBy, readOutputs, withParties } from "./outputs.ts";
import { ownership } from "./ownership.ts";
import type { Party } from "./parties.ts";
import { GLOBAL, INPUT } from "./psbt/fields.ts";
import { type Psbt, readPsbt } from "./psbt/psbt.ts";
import { fieldOf, rowOf } from "./psbt/rows.ts";
import { type Successors, soughtFor, withSuccessors } from "./replaced.ts";
import { reviewOf } from "./review.ts";
import { readAgain } from "./second.ts";
import { spendOf } from "./spend.ts";
import { assignmentsOf, type CheckNonce } from "./spending/assign.ts";
import { readSpending } from "./spending/spending.ts";
import { scaled } from "./steps.ts";
import type { Template } from "./wallet.ts";

export interface Known {
  readonly network: Network;
  /** Wallets of other networks are left aside. */
  readonly templates: readonly Template[];
  /** Descriptors of others that the policy's lists name. */
  readonly parties?: readonly Party[];
  /** Of wallets that were replaced: each one's fingerprint, and that of the one that takes its place. */
  readonly successors?: Successors;
  /** Verifies what cosigners signed, and each new signature where there is no other to do so. */
  readonly curve: Curve;
  /** A second implementation, where there is one: then it verifies each new signature. */
  readonly check?: Curve;
  /** Throws a Refusal where the secret of a nonce of ours is gone; left out, only signing finds out. */
  readonly checkNonce?: CheckNonce;
}

const NOTHING_REPLACED: Successors = new Map();

/**
 * Yields its share done; no step takes long. Throws Refusals only, on any bytes. The request holds a copy of
 * the message: what happens to the caller's bytes afterwards changes nothing.
 */
export function* understand(message: PsbtMessage, known: Known): Work<Request> {
  // A constructed copy: slice() of some subclasses shares its memory.
  const psbt = yield* scaled(readPsbt(new Uint8Array(message.bytes)), 0, 0.1);
  refuseOther(psbt);
  const owners = ownership(known.templates.filter(({ wallet }) => wallet.network === known.network));
  const coins = yield* scaled(readCoins(psbt), 0.1, 0.2);
  const groupsOf = groups(known.curve);
  const reading = readSpending(psbt, coins, owners, known.curve, groupsOf);
  const spending = yield* scaled(reading, 0.2, 0.8);
  const { network, successors = NOTHING_REPLACED } = known;
  const spenders = broughtBy(spending, coins);
  const sought = soughtFor(spending, known.templates, successors);
  const reads = readOutputs(psbt, { owners, spenders, network, groupsOf, sought });
  const read = yield* scaled(reads, 0.8, 0.9);
  const named = yield* scaled(withParties(read, known.parties ?? []), 0.9, 1);
  const outputs = withSuccessors(named, spending, successors);
  const understood = { psbt, coins, spending, outputs, network, successors };
  const review = reviewOf(understood);
  const assignments = assignmentsOf(spending, review.txid, known.checkNonce ?? (() => undefined));
  return new Request({
    review,
    spend: spendOf({ review, spending, outputs }),
    tasks: assignments.map(({ task }) => task),
    agree: () => readAgain(psbt, coins),
    finish: (signatures) => finish(message, psbt, assignments, signatures, known.check ?? known.curve),
  });
}

/** How BIP 322's to_spend begins: version 0, one input, of no transaction. No block can hold it. */
const TO_SPEND = concat(u32le(0), Uint8Array.of(1), new Uint8Array(32), new Uint8Array(4).fill(0xff));

/** What is no payment at all, or none that could be one. */
function refuseOther({ tx, global, inputs }: Psbt): void {
  const previous = inputs.map((rows) => fieldOf(rows, INPUT.previousTx)?.subarray(0, TO_SPEND.length));
  if (previous.some((head) => head && equal(head, TO_SPEND)))
    refuse("bitcoin.message-not-payment", "an input is what BIP 322 makes of a message");
  if (rowOf(global, GLOBAL.signedMessage)) refuse("bitcoin.message-not-payment", "BIP 322");
  if (tx.inputs.length === 0) refuse("bitcoin.no-inputs");
  if (tx.outputs.length === 0) refuse("bitcoin.no-outputs");
  // BIP 322's to_sign: one output of nothing, to a bare OP_RETURN.
  const [first] = tx.outputs;
  if (
    tx.outputs.length === 1 &&
    first!.amountSats === 0n &&
    first!.script.length === 1 &&
    first!.script[0] === 0x6a
  )
    refuse("bitcoin.message-not-payment", "shaped as in BIP 322");
}
