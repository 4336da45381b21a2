// What is shown, computed from the very values that are signed; what is judged is taken from it (spend.ts).

import { LIMITS, MAX_MONEY_SATS } from "../limits.ts";
import type { Network, Review, ReviewInput, ReviewOutput, Warning } from "../model.ts";
import { refuse } from "../refusal.ts";
import type { Coin } from "./coins.ts";
import { type Outputs, placeOf } from "./outputs.ts";
import type { Psbt } from "./psbt/psbt.ts";
import { isSignedByUs, quorumsOf, signersOf, usesLockedWay } from "./quorums.ts";
import { replacedWarnings, type Successors } from "./replaced.ts";
import { isTaproot, isWitness } from "./script.ts";
import { signedVsize } from "./size.ts";
import type { OwnInput, Spending } from "./spending/spending.ts";
import { displayTxid, type Transaction, type TxOutput } from "./transaction.ts";

/** Where nothing is sent to others and nothing comes back, a fee has no share: this stands for all of it. */
const WHOLLY_FEE_PERCENT = 1_000_000;
const FINAL_SEQUENCE = 0xffffffff;
/** BIP 125: below this a transaction says that it may be replaced. */
const REPLACEABLE_BELOW = 0xfffffffe;
/** BIP 68: with this bit set, or zero, a sequence locks nothing. */
const NO_RELATIVE_LOCK = 0x80000000;
const RELATIVE_LOCK_VALUE = 0xffff;
/** BIP 68: with this bit set the value counts 512 seconds each, else blocks. */
const RELATIVE_LOCK_IN_SECONDS = 0x400000;

export interface Understood {
  readonly psbt: Psbt;
  readonly coins: readonly Coin[];
  readonly spending: Spending;
  readonly outputs: Outputs;
  readonly network: Network;
  readonly successors: Successors;
}

export function reviewOf(understood: Understood): Review {
  const { psbt, coins, spending, outputs, network } = understood;
  const { tx } = psbt;
  const feeSats = feeOf(coins, tx.outputs);
  const inputs = reviewInputs(coins, spending);
  const vsize = signedVsize(psbt, coins, spending);
  const coinAge = coinAgeOf(tx);
  const givesSats = sum(inputs.filter(({ owner }) => owner !== "foreign"));
  const { staysSats } = outputs;
  const amounts = { feeSats, staysSats, leavesSats: givesSats > staysSats ? givesSats - staysSats : 0n };
  const facts = {
    network,
    txid: displayTxid(psbt.txid),
    version: tx.version,
    lockTime: tx.lockTime,
    lockTimeHolds: tx.inputs.some(({ sequence }) => sequence !== FINAL_SEQUENCE),
    ...(coinAge ? { coinAge } : {}),
    replaceable: tx.inputs.some(({ sequence }) => sequence < REPLACEABLE_BELOW),
    ...amounts,
    feeRate: rateOf(feeSats, vsize),
    feePercent: percentOf(amounts, inputs, outputs.shown),
    feeProven: inputs.every(({ proven }) => proven),
    inputs,
    outputs: outputs.shown,
    quorums: quorumsOf(spending),
  };
  return { ...facts, warnings: warningsOf(understood, facts, vsize) };
}

function sum(parts: readonly { readonly amountSats: bigint }[]): bigint {
  return parts.reduce((total, { amountSats }) => total + amountSats, 0n);
}

function feeOf(coins: readonly Coin[], outputs: readonly TxOutput[]): bigint {
  const comes = sum(coins);
  const goes = sum(outputs);
  if (comes > MAX_MONEY_SATS || goes > MAX_MONEY_SATS)
    refuse("bitcoin.amounts", "the sum is more than there is");
  if (goes > comes) refuse("bitcoin.amounts", `${goes} sats would leave, ${comes} come in`);
  return comes - goes;
}

/** sat/vB, rounded up to three places: never less than it is. */
function rateOf(feeSats: bigint, vsize: number): number {
  return Math.ceil((Number(feeSats) * 1000) / vsize) / 1000;
}

/** Rounded up to four places, so that a limit is never passed by rounding. */
function percentOf(
  amounts: Pick<Review, "feeSats" | "leavesSats" | "staysSats">,
  inputs: readonly ReviewInput[],
  outputs: readonly ReviewOutput[],
): number {
  const { feeSats, sent } = inputs.some(({ owner }) => owner === "foreign")
    ? ourShare(amounts)
    : { feeSats: amounts.feeSats, sent: sentBy(outputs) };
  if (feeSats === 0n) return 0;
  if (sent === 0n) return WHOLLY_FEE_PERCENT;
  const percent = Number((feeSats * 1_000_000n + sent - 1n) / sent) / 10_000;
  return Math.min(percent, WHOLLY_FEE_PERCENT);
}

function sentBy(outputs: readonly ReviewOutput[]): bigint {
  const foreign = sum(outputs.filter(({ owner }) => owner === "foreign"));
  return foreign > 0n ? foreign : sum(outputs);
}

/** Among others the worst is taken: that all of the fee is ours, as far as that much leaves us at all. */
function ourShare({ feeSats, leavesSats, staysSats }: Pick<Review, "feeSats" | "leavesSats" | "staysSats">) {
  return leavesSats > feeSats
    ? { feeSats, sent: leavesSats - feeSats }
    : { feeSats: leavesSats, sent: staysSats };
}

/** BIP 341 signatures commit to every amount and script: where all inputs are taproot, a lie makes ours void. */
function reviewInputs(coins: readonly Coin[], { inputs }: Spending): ReviewInput[] {
  const committed = coins.every(({ script }) => isTaproot(script));
  return coins.map(({ outpoint, amountSats, fromPrevious }, i) => ({
    outpoint,
    amountSats,
    proven: fromPrevious || committed,
    ...ownerOf(inputs[i]),
  }));
}

function ownerOf(own: OwnInput | undefined): Pick<ReviewInput, "owner" | "wallet" | "path" | "signedBy"> {
  if (!own) return { owner: "foreign", signedBy: [] };
  const { wallet } = own.template;
  return {
    owner: own.derived.branch === wallet.change ? "change" : "own",
    ...placeOf(own),
    signedBy: signersOf(own).map((place) => wallet.keys[place]!.fingerprint),
  };
}

function warningsOf(understood: Understood, facts: Omit<Review, "warnings">, vsize: number): Warning[] {
  const { psbt, spending, outputs } = understood;
  const { tx } = psbt;
  const own = spending.inputs.flatMap((input) => input ?? []);
  const spent = new Set(spending.templates.map(({ wallet }) => wallet));
  const scripts = new Set(outputs.shown.map(({ scriptHex }) => scriptHex));
  const holds: Record<Warning, boolean> = {
    "locked-way": usesLockedWay(facts.quorums),
    "fee-unproven": !facts.feeProven,
    "fee-high": facts.feePercent > LIMITS.feeHighPercent || facts.feeRate > LIMITS.feeHighRate,
    "foreign-inputs": own.length < spending.inputs.length,
    "mixed-wallets": spent.size > 1,
    "already-signed": own.some(isSignedByUs),
    "unusual-version": tx.version < 1 || tx.version > 3,
    // A height near the tip is what most programs set on every transaction (against fee sniping).
    "lock-time": facts.lockTimeHolds && tx.lockTime >= usualHeights(facts.network),
    "relative-lock-time": facts.coinAge !== undefined,
    "too-large-to-relay": vsize > LIMITS.relayedVbytes,
    "script-without-address": outputs.shown.some(({ address }) => address === undefined),
    "unspendable-output": tx.outputs.some((output) => isUnspendable(output) && output.amountSats > 0n),
    "dust-output": tx.outputs.some((output) => output.amountSats < dustBelow(output)),
    "output-far-index": outputs.farIndex,
    "input-far-index": own.some(({ derived }) => derived.index > LIMITS.addressIndex),
    "change-to-other-wallet": outputs.shown.some(
      ({ owner, successor }, i) => owner === "own" && !successor && !spent.has(outputs.wallets[i]!),
    ),
    "shared-wallet": outputs.shown.some(({ shared }) => shared),
    "repeated-output": scripts.size < outputs.shown.length,
    ...replacedWarnings(outputs, spending, understood.successors),
  };
  return (Object.keys(holds) as Warning[]).filter((name) => holds[name]);
}

/** A lock time from here on is no height that a program sets as a matter of course. */
function usualHeights(network: Network): number {
  return network === "testnet3" ? LIMITS.lockHeightTestnet3 : LIMITS.lockHeight;
}

/** BIP 68: from version 2 on, low sequences make an input wait for its coin's age. */
function coinAgeOf({ version, inputs }: Transaction): Review["coinAge"] {
  let [blocks, seconds] = [0, 0];
  for (const { sequence } of inputs) {
    if (version < 2 || sequence >= NO_RELATIVE_LOCK) continue;
    const value = sequence & RELATIVE_LOCK_VALUE;
    if (sequence & RELATIVE_LOCK_IN_SECONDS) seconds = Math.max(seconds, value * 512);
    else blocks = Math.max(blocks, value);
  }
  return blocks > 0 || seconds > 0 ? { blocks, seconds } : undefined;
}

/** OP_RETURN first: no input can ever spend it. */
function isUnspendable({ script }: TxOutput): boolean {
  return script[0] === 0x6a;
}

/** Bitcoin Core's rule (GetDustThreshold at 3 sat/vB): what spending the output would cost three times over. */
function dustBelow(output: TxOutput): bigint {
  if (isUnspendable(output)) return 0n;
  const { script } = output;
  const outputBytes = 8 + (script.length < 0xfd ? 1 : 3) + script.length;
  return BigInt(3 * (outputBytes + (isWitness(script) ? 67 : 148)));
}
