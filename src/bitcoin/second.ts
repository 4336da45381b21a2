// The second reader: @scure/btc-signer parses the same bytes by itself, and must see the same transaction.
// It reads the frame whole (what makes the transaction), then the maps a few at a time, each from its first
// byte to its last, so that events can come in between. A map that ends where the first reader says it ends
// makes the next one begin there too: read in pieces or at once, the framing is the same.

import { PSBTOutputCoder } from "@scure/btc-signer/psbt.js";
import { Transaction } from "@scure/btc-signer/transaction.js";
import { equal, readU32le, toHex, u32le } from "../bytes.ts";
import { refuse } from "../refusal.ts";
import type { Work } from "../request.ts";
import type { Coin } from "./coins.ts";
import { encodeCompactSize } from "./cursor.ts";
import { GLOBAL, INPUT, OUTPUT } from "./psbt/fields.ts";
import type { Psbt } from "./psbt/psbt.ts";
import { encodeMap, encodeMaps, fieldOf, makeRow, type Rows } from "./psbt/rows.ts";
import { encodeUnsigned } from "./transaction.ts";

/** Nothing is stripped, and what we judge ourselves is not judged there. */
const OPEN = {
  allowUnknownOutputs: true,
  allowUnknownInputs: true,
  allowUnknownVersion: true,
  allowMissingTxModifiable: false,
  unknown: "ignore",
  proprietary: "ignore",
} as const;

/** A few milliseconds of the library's work. */
const INPUTS_A_STEP = 4;
const OUTPUTS_A_STEP = 16;

/** Returns where both readings are the same; Refusal bitcoin.readers-disagree otherwise. */
export function* readAgain(psbt: Psbt, coins: readonly Coin[]): Work<void> {
  yield 0;
  sameFrame(psbt);
  const { length } = coins;
  for (let at = 0; at < length; at += INPUTS_A_STEP) {
    yield 0.1 + (0.8 * at) / length;
    const other = reading(encodeMaps(inputsAlone(psbt, at, at + INPUTS_A_STEP)));
    for (let i = at; i < Math.min(at + INPUTS_A_STEP, length); i++)
      sameInput(other, i - at, psbt.inputs[i]!, coins[i]!, `input ${i + 1}`);
  }
  for (const [i, rows] of psbt.outputs.entries()) {
    if (i % OUTPUTS_A_STEP === 0) yield 0.9 + (0.1 * i) / psbt.outputs.length;
    attempt(() => PSBTOutputCoder.decode(encodeMap(rows)));
  }
}

function attempt<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    // The library's words may hold foreign bytes: printable ASCII only, and short.
    const words = error instanceof Error ? error.message.replace(/[^\x20-\x7e]/g, "?").slice(0, 120) : "";
    return refuse("bitcoin.readers-disagree", `one of them refuses it: ${words}`);
  }
}

function reading(bytes: Uint8Array): Transaction {
  return attempt(() => Transaction.fromPSBT(bytes, OPEN));
}

function same(holds: boolean, what: string): void {
  if (!holds) refuse("bitcoin.readers-disagree", what);
}

const INPUT_FRAME: readonly number[] = [
  INPUT.previousTxid,
  INPUT.outputIndex,
  INPUT.sequence,
  INPUT.timeLock,
  INPUT.heightLock,
];
const OUTPUT_FRAME: readonly number[] = [OUTPUT.amount, OUTPUT.script];

/** The global map as it is, and of the others what the transaction is made of (in version 0: nothing). */
function sameFrame({ version, global, inputs, outputs, tx, unsigned }: Psbt): void {
  const only = (rows: Rows, types: readonly number[]) =>
    version === 0 ? [] : rows.filter(({ type }) => types.includes(type));
  const frame = [
    global,
    ...inputs.map((rows) => only(rows, INPUT_FRAME)),
    ...outputs.map((rows) => only(rows, OUTPUT_FRAME)),
  ];
  const other = reading(encodeMaps(frame));
  same(other.version >>> 0 === tx.version, "version");
  same(other.lockTime === tx.lockTime, "lock time");
  same(other.inputsLength === inputs.length, "number of inputs");
  same(other.outputsLength === outputs.length, "number of outputs");
  // Outpoints, sequences, amounts, scripts and the order of all of them; and so the txid.
  same(
    equal(
      attempt(() => other.unsignedTx),
      unsigned,
    ),
    "transaction",
  );
}

const NO_KEY = new Uint8Array(0);

/** A PSBT of these inputs only, their maps untouched. */
function inputsAlone({ version, inputs, tx }: Psbt, from: number, to: number): Rows[] {
  const maps = inputs.slice(from, to);
  const some = { ...tx, inputs: tx.inputs.slice(from, to), outputs: [] };
  const global =
    version === 0
      ? [makeRow(GLOBAL.unsignedTx, NO_KEY, encodeUnsigned(some))]
      : [
          makeRow(GLOBAL.txVersion, NO_KEY, u32le(tx.version)),
          makeRow(GLOBAL.inputCount, NO_KEY, encodeCompactSize(maps.length)),
          makeRow(GLOBAL.outputCount, NO_KEY, encodeCompactSize(0)),
          makeRow(GLOBAL.version, NO_KEY, u32le(version)),
        ];
  return [global, ...maps];
}

function sameInput(other: Transaction, index: number, rows: Rows, coin: Coin, where: string): void {
  const input = other.getInput(index);
  const spent = input.nonWitnessUtxo?.outputs[input.index ?? -1] ?? input.witnessUtxo;
  same(`${toHex(input.txid ?? NO_KEY)}:${input.index}` === coin.outpoint, `${where}: outpoint`);
  same(spent?.amount === coin.amountSats, `${where}: amount`);
  same(spent !== undefined && equal(spent.script, coin.script), `${where}: script`);
  const asked = fieldOf(rows, INPUT.sighash);
  same(input.sighashType === (asked && readU32le(asked, 0)), `${where}: signature type`);
}
