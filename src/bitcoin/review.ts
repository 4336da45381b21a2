// What is shown and what is judged: both computed here, from the very values that are signed.

import { sha256 } from "@noble/hashes/sha2.js";
import { toHex } from "../bytes.ts";
import { LIMITS, MAX_MONEY_SATS } from "../limits.ts";
import type { Network, Review, ReviewInput, ReviewOutput, Warning } from "../model.ts";
import { refuse } from "../refusal.ts";
import type { Amount, Spend, Unusual } from "../rules.ts";
import { utf8 } from "../text.ts";
import type { Coin } from "./coins.ts";
import { type Outputs, placeOf } from "./outputs.ts";
import type { Psbt } from "./psbt.ts";
import { signedVsize } from "./size.ts";
import type { OwnInput, Spending } from "./spending.ts";
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
}

export function reviewOf(understood: Understood): Review {
  const { psbt, coins, spending, outputs, network } = understood;
  const { tx } = psbt;
  const feeSats = feeOf(coins, tx.outputs);
  const inputs = reviewInputs(coins, spending);
  const vsize = signedVsize(tx, spending);
  const feeRate = rateOf(feeSats, vsize);
  const coinAge = coinAgeOf(tx);
  const facts = {
    network,
    txid: displayTxid(psbt.txid),
    version: tx.version,
    lockTime: tx.lockTime,
    lockTimeHolds: tx.inputs.some(({ sequence }) => sequence !== FINAL_SEQUENCE),
    ...(coinAge ? { coinAge } : {}),
    replaceable: tx.inputs.some(({ sequence }) => sequence < REPLACEABLE_BELOW),
    feeSats,
    feeRate,
    feePercent: percentOf(feeSats, outputs.shown),
    feeProven: inputs.every(({ proven }) => proven),
    inputs,
    outputs: outputs.shown,
    quorums: quorumsOf(spending),
  };
  return { ...facts, warnings: warningsOf(understood, facts, vsize) };
}

export function spendOf({ spending, network }: Understood, review: Review): Spend {
  const leaving = review.outputs.filter(({ owner, shared }) => owner === "foreign" || shared);
  const { wallet } = spending.template;
  return {
    network,
    key: wallet.keys.find(({ ours }) => ours)?.fingerprint ?? "",
    wallets: [{ name: wallet.name, fingerprint: wallet.fingerprint }],
    txid: review.txid,
    outpoints: review.inputs.map(({ outpoint }) => outpoint),
    amounts: amountsOf(review.inputs),
    takes: [btc(sum(leaving) + review.feeSats)],
    fee: btc(review.feeSats),
    feeRate: review.feeRate,
    feePercent: review.feePercent,
    feeProven: review.feeProven,
    destinations: leaving.map(({ address, scriptHex, amountSats }) => ({
      to: address ?? scriptHex,
      amount: btc(amountSats),
    })),
    ...(review.lockTimeHolds && review.lockTime > 0 ? { lockTime: review.lockTime } : {}),
    unusual: unusualIn(review),
  };
}

function btc(units: bigint): Amount {
  return { asset: "btc", units };
}

const UNUSUAL_WARNINGS: readonly (readonly [Warning, Unusual])[] = [
  ["fee-unproven", "unproven fee"],
  ["script-without-address", "unknown script"],
  ["unspendable-output", "data output"],
  ["foreign-inputs", "foreign input"],
  ["mixed-wallets", "mixed wallets"],
  ["lock-time", "lock time"],
];

function unusualIn({ warnings }: Review): Unusual[] {
  return UNUSUAL_WARNINGS.flatMap(([warning, what]) => (warnings.includes(warning) ? [what] : []));
}

function amountsOf(inputs: readonly ReviewInput[]): string {
  const lines = inputs.map(({ outpoint, amountSats }) => `${outpoint} ${amountSats}\n`);
  return toHex(sha256(utf8(lines.join(""))));
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
function percentOf(feeSats: bigint, outputs: readonly ReviewOutput[]): number {
  const foreign = sum(outputs.filter(({ owner }) => owner === "foreign"));
  const sent = foreign > 0n ? foreign : sum(outputs);
  if (feeSats === 0n) return 0;
  if (sent === 0n) return WHOLLY_FEE_PERCENT;
  const percent = Number((feeSats * 1_000_000n + sent - 1n) / sent) / 10_000;
  return Math.min(percent, WHOLLY_FEE_PERCENT);
}

/** BIP 341 signatures commit to every amount: where all inputs are taproot, a lie makes them void. */
function reviewInputs(coins: readonly Coin[], { template, inputs }: Spending): ReviewInput[] {
  const committed = template.wallet.form === "p2tr";
  return coins.map(({ outpoint, amountSats, fromPrevious }, i) => ({
    outpoint,
    amountSats,
    proven: fromPrevious || committed,
    owner: inputs[i]!.derived.branch === template.wallet.change ? "change" : "own",
    ...placeOf({ template, derived: inputs[i]!.derived }),
    signedBy: signersOf(template.wallet.keys, inputs[i]!.signed),
  }));
}

function signersOf(keys: readonly { readonly fingerprint: string }[], signed: readonly boolean[]): string[] {
  return keys.filter((_, place) => signed[place]).map(({ fingerprint }) => fingerprint);
}

/** Only who signed every input counts. */
function quorumsOf({ template, inputs }: Spending): Review["quorums"] {
  const { name, threshold, keys } = template.wallet;
  const everywhere = keys.map((_, place) => inputs.every(({ signed }) => signed[place]));
  return [{ wallet: name, needed: threshold, keys: keys.length, signedBy: signersOf(keys, everywhere) }];
}

function warningsOf(understood: Understood, facts: Omit<Review, "warnings">, vsize: number): Warning[] {
  const { psbt, spending, outputs } = understood;
  const { tx } = psbt;
  const far = ({ derived }: OwnInput) => derived.index > LIMITS.addressIndex;
  const ours = spending.template.wallet.keys.map(({ ours }) => ours);
  const scripts = new Set(outputs.shown.map(({ scriptHex }) => scriptHex));
  const holds: Record<Warning, boolean> = {
    "fee-unproven": !facts.feeProven,
    "fee-high": facts.feePercent > LIMITS.feeHighPercent || facts.feeRate > LIMITS.feeHighRate,
    // Refused before this is reached, as long as no policy can allow them.
    "foreign-inputs": false,
    "mixed-wallets": false,
    "already-signed": spending.inputs.some(({ signed }) => signed.some((there, i) => there && ours[i])),
    "unusual-version": tx.version < 1 || tx.version > 3,
    // A height near the tip is what most programs set on every transaction (against fee sniping).
    "lock-time": facts.lockTimeHolds && tx.lockTime >= usualHeights(facts.network),
    "relative-lock-time": facts.coinAge !== undefined,
    "too-large-to-relay": vsize > LIMITS.relayedVbytes,
    "script-without-address": outputs.shown.some(({ address }) => address === undefined),
    "unspendable-output": tx.outputs.some((output) => isUnspendable(output) && output.amountSats > 0n),
    "dust-output": tx.outputs.some((output) => output.amountSats < dustBelow(output)),
    "output-far-index": outputs.farIndex,
    "input-far-index": spending.inputs.some(far),
    "change-to-other-wallet": outputs.shown.some(
      ({ owner, wallet }) => owner === "own" && wallet !== spending.template.wallet.name,
    ),
    "shared-wallet": outputs.shown.some(({ shared }) => shared),
    "repeated-output": scripts.size < outputs.shown.length,
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
  const witnessProgram =
    script.length >= 4 &&
    script.length <= 42 &&
    (script[0] === 0 || (script[0]! >= 0x51 && script[0]! <= 0x60)) &&
    script[1] === script.length - 2;
  const outputBytes = 8 + (script.length < 0xfd ? 1 : 3) + script.length;
  return BigInt(3 * (outputBytes + (witnessProgram ? 67 : 148)));
}
