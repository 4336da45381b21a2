// The transaction that the fields of a version 2 PSBT make (BIP 370).

import { readU32le, readU64le } from "../../bytes.ts";
import { refuse } from "../../refusal.ts";
import type { Transaction, TxInput, TxOutput } from "../transaction.ts";
import { GLOBAL, INPUT, OUTPUT } from "./fields.ts";
import { fieldOf, place, type Rows, rowOf } from "./rows.ts";

/** The fields that BIP 370 requires are there; an output without a script is refused. */
export function buildTransaction(
  global: Rows,
  inputs: readonly Rows[],
  outputs: readonly Rows[],
): Transaction {
  const fallback = fieldOf(global, GLOBAL.fallbackLockTime);
  return {
    version: readU32le(fieldOf(global, GLOBAL.txVersion)!, 0),
    inputs: inputs.map(inputOf),
    outputs: outputs.map(outputOf),
    lockTime: lockTimeOf(inputs) ?? (fallback ? readU32le(fallback, 0) : 0),
  };
}

function inputOf(rows: Rows): TxInput {
  const sequence = fieldOf(rows, INPUT.sequence);
  return {
    txid: fieldOf(rows, INPUT.previousTxid)!,
    index: readU32le(fieldOf(rows, INPUT.outputIndex)!, 0),
    sequence: sequence ? readU32le(sequence, 0) : 0xffffffff,
  };
}

function outputOf(rows: Rows, index: number): TxOutput {
  const script = fieldOf(rows, OUTPUT.script);
  if (!script) {
    if (rowOf(rows, OUTPUT.silentPayment)) refuse("bitcoin.silent-payment", `output ${index + 1}`);
    return place("output", index)("script is missing");
  }
  return { amountSats: readU64le(fieldOf(rows, OUTPUT.amount)!, 0), script };
}

/** BIP 370, "Determining Lock Time": heights where every input that asks allows them, else times. */
function lockTimeOf(inputs: readonly Rows[]): number | undefined {
  let height: number | undefined = 0;
  let time: number | undefined = 0;
  let asked = false;
  for (const rows of inputs) {
    const wantsHeight = fieldOf(rows, INPUT.heightLock);
    const wantsTime = fieldOf(rows, INPUT.timeLock);
    if (!wantsHeight && !wantsTime) continue;
    asked = true;
    height = height === undefined || !wantsHeight ? undefined : Math.max(height, readU32le(wantsHeight, 0));
    time = time === undefined || !wantsTime ? undefined : Math.max(time, readU32le(wantsTime, 0));
  }
  if (!asked) return undefined;
  return height ?? time ?? refuse("bitcoin.lock-times-disagree");
}
