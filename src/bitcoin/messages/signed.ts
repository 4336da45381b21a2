// What a signature's text carries (BIP 322): a witness, a transaction, or a PSBT that is finished.

import { equal, readU64le } from "../../bytes.ts";
import type { Work } from "../../request.ts";
import { type Bad, type Cursor, countOf, cursor, left, skip, take, takeSized, takeU32 } from "../cursor.ts";
import { INPUT } from "../psbt/fields.ts";
import type { Psbt } from "../psbt/psbt.ts";
import { fieldOf, rowOf } from "../psbt/rows.ts";
import {
  boundCounts,
  displayTxid,
  type Previous,
  previousOutput,
  readPrevious,
  type TxOutput,
} from "../transaction.ts";
import type { SignedTransaction, Spender } from "./run/input.ts";
import { no } from "./run/stack.ts";

const bad: Bad = () => no("it is not whole");

/** A stack, and nothing behind it. */
export function readWitness(bytes: Uint8Array): Uint8Array[] {
  const from = cursor(bytes, bad);
  const items = Array.from({ length: countOf(from, 1) }, () => takeSized(from));
  return left(from) === 0 ? items : bad("");
}

/** In the serialisation of the network (BIP 144), with or without witnesses. */
export function readSigned(bytes: Uint8Array): SignedTransaction {
  const from = cursor(bytes, bad);
  const version = takeU32(from);
  const segwit = bytes[4] === 0 && bytes[5] === 1;
  if (segwit) skip(from, 2);
  const inputCount = countOf(from, 41);
  boundCounts(inputCount, 0);
  const inputs = Array.from({ length: inputCount }, () => {
    const txid = take(from, 32);
    const index = takeU32(from);
    return { txid, index, scriptSig: takeSized(from), sequence: takeU32(from) };
  });
  const outputCount = countOf(from, 9);
  boundCounts(0, outputCount);
  const outputs = Array.from({ length: outputCount }, () => outputIn(from));
  const stack = () => Array.from({ length: countOf(from, 1) }, () => takeSized(from));
  const witnesses = segwit ? inputs.map(stack) : inputs.map(() => []);
  const lockTime = takeU32(from);
  if (left(from) !== 0) bad("");
  const spenders = inputs.map(({ scriptSig }, i): Spender => ({ scriptSig, witness: witnesses[i]! }));
  return { tx: { version, inputs, outputs, lockTime }, spenders };
}

/** Each input of it is finished. */
export function readFinished({ tx, inputs }: Psbt): SignedTransaction {
  const spenders = inputs.map((rows): Spender => {
    const witness = fieldOf(rows, INPUT.finalWitness);
    const scriptSig = fieldOf(rows, INPUT.finalScript) ?? new Uint8Array(0);
    if (!witness && !rowOf(rows, INPUT.finalScript)) no("an input of it is not signed");
    return { scriptSig, witness: witness ? readWitness(witness) : [] };
  });
  return { tx, spenders };
}

/**
 * The coins that its inputs spend. BIP 322: where several spend from one transaction, only the first has to carry it.
 * What a witness UTXO says of an input is a claim: a signature of segwit binds it, an old one does not, and so an old
 * one needs the transaction.
 */
export function* coinsOf({ tx, inputs }: Psbt): Work<TxOutput[]> {
  const previous = new Map<string, Previous>();
  const coins: TxOutput[] = [];
  for (const [i, rows] of inputs.entries()) {
    const { txid, index } = tx.inputs[i]!;
    const name = displayTxid(txid);
    const bytes = fieldOf(rows, INPUT.previousTx);
    if (bytes) {
      const before = yield* readPrevious(bytes, bad);
      if (!equal(before.txid, txid)) no("a coin's transaction is another one");
      previous.set(name, before);
    }
    const known = previous.get(name);
    const claim = fieldOf(rows, INPUT.witnessUtxo);
    coins.push(
      known ? previousOutput(known, index, bad) : claim ? outputIn(cursor(claim, bad)) : no(UNKNOWN),
    );
    yield i / inputs.length;
  }
  return coins;
}

const UNKNOWN = "a coin of it is not described";

function outputIn(from: Cursor): TxOutput {
  return { amountSats: readU64le(take(from, 8), 0), script: takeSized(from) };
}
