// What the inputs spend, and how sure that is: from the previous transaction itself, whose id the unsigned
// transaction commits to, or as a claim (CVE-2020-14199).

import { equal, readU64le } from "../bytes.ts";
import { LIMITS, MAX_MONEY_SATS } from "../limits.ts";
import { refuse } from "../refusal.ts";
import type { Work } from "../request.ts";
import { cursor, skip, takeSized } from "./cursor.ts";
import { INPUT } from "./psbt/fields.ts";
import type { Psbt } from "./psbt/psbt.ts";
import { fieldOf, place } from "./psbt/rows.ts";
import { scaled } from "./steps.ts";
import { displayTxid, type Previous, previousOutput, readPrevious, type TxOutput } from "./transaction.ts";

export interface Coin extends TxOutput {
  /** "txid:index", as people write it. */
  readonly outpoint: string;
  /** The previous transaction was there, and is the one that the outpoint names. */
  readonly fromPrevious: boolean;
}

const NULL_INDEX = 0xffffffff;

/** Of every input, in order. Refuses an input that spends nothing, twice, too much, or that is not described. */
export function* readCoins(psbt: Psbt): Work<Coin[]> {
  const outpoints = outpointsOf(psbt);
  const checked = new Map<string, Previous>();
  const coins: Coin[] = [];
  for (let i = 0; i < outpoints.length; i++) {
    const reading = readCoin(psbt, i, outpoints[i]!, checked);
    coins.push(yield* scaled(reading, i / outpoints.length, (i + 1) / outpoints.length));
    yield (i + 1) / outpoints.length;
  }
  return coins;
}

function outpointsOf(psbt: Psbt): string[] {
  const seen = new Set<string>();
  return psbt.tx.inputs.map(({ txid, index }, i) => {
    if (index === NULL_INDEX || txid.every((byte) => byte === 0))
      refuse("bitcoin.null-input", `input ${i + 1}`);
    const outpoint = `${displayTxid(txid)}:${index}`;
    if (seen.has(outpoint)) refuse("bitcoin.duplicate-input", `input ${i + 1}: ${outpoint}`);
    seen.add(outpoint);
    return outpoint;
  });
}

function* readCoin(psbt: Psbt, i: number, outpoint: string, checked: Map<string, Previous>): Work<Coin> {
  const rows = psbt.inputs[i]!;
  const previousBytes = fieldOf(rows, INPUT.previousTx);
  const claimed = fieldOf(rows, INPUT.witnessUtxo);
  const claim = claimed && readClaim(claimed, i);
  if (!previousBytes) {
    if (!claim) return refuse("bitcoin.missing-utxo", `input ${i + 1}: ${outpoint}`);
    return bounded({ ...claim, outpoint, fromPrevious: false }, i);
  }
  const { txid, index } = psbt.tx.inputs[i]!;
  const previous = yield* checkedPrevious(previousBytes, txid, i, checked);
  const output = previousOutput(previous, index, (what) =>
    refuse("bitcoin.previous-mismatch", `input ${i + 1}: ${what}`),
  );
  if (claim && claim.amountSats !== output.amountSats)
    refuse(
      "bitcoin.utxo-mismatch",
      `input ${i + 1}: ${claim.amountSats} sats are claimed, ${output.amountSats} are there`,
    );
  if (claim && !equal(claim.script, output.script))
    refuse("bitcoin.utxo-mismatch", `input ${i + 1}: another script is claimed than is there`);
  return bounded({ ...output, outpoint, fromPrevious: true }, i);
}

/** Inputs that share a previous transaction carry it again each: it is hashed once, and then only compared. */
function* checkedPrevious(
  bytes: Uint8Array,
  txid: Uint8Array,
  i: number,
  checked: Map<string, Previous>,
): Work<Previous> {
  const name = displayTxid(txid);
  const known = checked.get(name);
  if (known && equal(known.bytes, bytes)) return known;
  if (bytes.length > LIMITS.previousBytes)
    refuse("bitcoin.too-large", `input ${i + 1}: a previous transaction of ${bytes.length} bytes`);
  const bad = place("input", i);
  const previous = yield* readPrevious(bytes, (what) => bad(`previous transaction: ${what}`));
  if (!equal(previous.txid, txid))
    refuse("bitcoin.previous-mismatch", `input ${i + 1}: it is ${displayTxid(previous.txid)}, not ${name}`);
  checked.set(name, previous);
  return previous;
}

function readClaim(value: Uint8Array, i: number): TxOutput {
  const from = cursor(value, place("input", i));
  skip(from, 8);
  return { amountSats: readU64le(value, 0), script: takeSized(from) };
}

function bounded(coin: Coin, i: number): Coin {
  if (coin.amountSats > MAX_MONEY_SATS)
    refuse("bitcoin.amounts", `input ${i + 1}: ${coin.amountSats} sats is more than there is`);
  return coin;
}
