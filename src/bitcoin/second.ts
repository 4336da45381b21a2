// The second reader: @scure/btc-signer parses the same bytes by itself, and must see the same transaction.

import { Transaction } from "@scure/btc-signer/transaction.js";
import { equal, readU32le, toHex } from "../bytes.ts";
import { refuse } from "../refusal.ts";
import type { Work } from "../request.ts";
import type { Coin } from "./coins.ts";
import { mapsOf, type Psbt } from "./psbt.ts";
import { INPUT } from "./psbt-fields.ts";
import { encodeMaps, fieldOf } from "./psbt-rows.ts";

/** Nothing is stripped, and what we judge ourselves is not judged there. */
const OPEN = {
  allowUnknownOutputs: true,
  allowUnknownInputs: true,
  allowUnknownVersion: true,
  allowMissingTxModifiable: false,
  unknown: "ignore",
  proprietary: "ignore",
} as const;

/** Returns where both readings are the same; Refusal bitcoin.readers-disagree otherwise. */
export function* readAgain(psbt: Psbt, coins: readonly Coin[]): Work<void> {
  const other = otherReading(encodeMaps(mapsOf(psbt)));
  yield 0.5;
  const { tx } = psbt;
  same(other.version >>> 0 === tx.version, "version");
  same(other.lockTime === tx.lockTime, "lock time");
  same(other.inputsLength === tx.inputs.length, "number of inputs");
  same(other.outputsLength === tx.outputs.length, "number of outputs");
  same(equal(other.unsignedTx, psbt.unsigned), "unsigned transaction");
  for (let i = 0; i < coins.length; i++) {
    sameInput(other, psbt, coins[i]!, i);
    yield 0.5 + (0.4 * i) / coins.length;
  }
  for (let i = 0; i < tx.outputs.length; i++) {
    const { amount, script } = other.getOutput(i);
    const { amountSats, script: own } = tx.outputs[i]!;
    same(amount === amountSats && script !== undefined && equal(script, own), `output ${i + 1}`);
    yield 0.9 + (0.1 * i) / tx.outputs.length;
  }
}

function otherReading(bytes: Uint8Array): Transaction {
  try {
    return Transaction.fromPSBT(bytes, OPEN);
  } catch (error) {
    return refuse("bitcoin.readers-disagree", `one of them refuses it: ${wordsOf(error)}`);
  }
}

/** The library's words, which may hold foreign bytes: printable ASCII only, and short. */
function wordsOf(error: unknown): string {
  const words = error instanceof Error ? error.message : "";
  return words.replace(/[^\x20-\x7e]/g, "?").slice(0, 120);
}

function same(holds: boolean, what: string): void {
  if (!holds) refuse("bitcoin.readers-disagree", what);
}

function sameInput(other: Transaction, psbt: Psbt, coin: Coin, i: number): void {
  const where = `input ${i + 1}`;
  const input = other.getInput(i);
  const { sequence } = psbt.tx.inputs[i]!;
  const spent = input.nonWitnessUtxo?.outputs[input.index ?? -1] ?? input.witnessUtxo;
  const outpoint = `${toHex(input.txid ?? new Uint8Array(0))}:${input.index}`;
  same(outpoint === coin.outpoint, `${where}: outpoint`);
  same((input.sequence ?? 0xffffffff) === sequence, `${where}: sequence`);
  same(spent?.amount === coin.amountSats, `${where}: amount`);
  same(spent !== undefined && equal(spent.script, coin.script), `${where}: script`);
  const asked = fieldOf(psbt.inputs[i]!, INPUT.sighash);
  same(input.sighashType === (asked && readU32le(asked, 0)), `${where}: signature type`);
}
