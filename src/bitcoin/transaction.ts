// Transactions: the unsigned one that is asked for, and previous ones that prove amounts (BIP 144, BIP 174).

import { sha256 } from "@noble/hashes/sha2.js";
import { concat, readU64le, toHex, u32le, u64le } from "../bytes.ts";
import { LIMITS } from "../limits.ts";
import { refuse } from "../refusal.ts";
import type { Work } from "../request.ts";
import {
  atEnd,
  type Bad,
  type Cursor,
  compactSize,
  countOf,
  cursor,
  encodeCompactSize,
  skip,
  skipSized,
  take,
  takeSized,
  takeU32,
} from "./cursor.ts";

export interface TxInput {
  /** 32 bytes in the order of the wire, not of the display. */
  readonly txid: Uint8Array;
  readonly index: number;
  readonly sequence: number;
}

export interface TxOutput {
  /** As it stands there, unsigned: may still exceed all money. */
  readonly amountSats: bigint;
  readonly script: Uint8Array;
}

export interface Transaction {
  /** As unsigned 32 bits. */
  readonly version: number;
  readonly inputs: readonly TxInput[];
  readonly outputs: readonly TxOutput[];
  readonly lockTime: number;
}

/** Refuses more inputs or outputs than LIMITS allows. */
export function boundCounts(inputs: number, outputs: number): void {
  if (inputs > LIMITS.inputs) refuse("bitcoin.too-large", `${inputs} inputs; Firn takes ${LIMITS.inputs}`);
  if (outputs > LIMITS.outputs)
    refuse("bitcoin.too-large", `${outputs} outputs; Firn takes ${LIMITS.outputs}`);
}

/** PSBT_GLOBAL_UNSIGNED_TX: old serialisation, empty scriptSigs (BIP 174). Views into `bytes`. */
export function readUnsigned(bytes: Uint8Array, bad: Bad): Transaction {
  const from = cursor(bytes, bad);
  const version = takeU32(from);
  const inputCount = countOf(from, 41);
  boundCounts(inputCount, 0);
  const inputs: TxInput[] = [];
  for (let i = 0; i < inputCount; i++) {
    const txid = take(from, 32);
    const index = takeU32(from);
    if (compactSize(from) !== 0) bad("the unsigned transaction has a scriptSig");
    inputs.push({ txid, index, sequence: takeU32(from) });
  }
  const outputCount = countOf(from, 9);
  boundCounts(0, outputCount);
  const outputs: TxOutput[] = [];
  for (let i = 0; i < outputCount; i++)
    outputs.push({ amountSats: readU64le(take(from, 8), 0), script: takeSized(from) });
  const lockTime = takeU32(from);
  atEnd(from);
  return { version, inputs, outputs, lockTime };
}

/** Bytes of one output as transactions carry it. */
export function encodeOutput(output: TxOutput): Uint8Array {
  return concat(u64le(output.amountSats), encodeCompactSize(output.script.length), output.script);
}

/** Old serialisation with empty scriptSigs: what the txid of an all-segwit transaction is made of. */
export function encodeUnsigned(tx: Transaction): Uint8Array {
  return concat(
    u32le(tx.version),
    encodeCompactSize(tx.inputs.length),
    ...tx.inputs.flatMap((input) => [
      input.txid,
      u32le(input.index),
      Uint8Array.of(0),
      u32le(input.sequence),
    ]),
    encodeCompactSize(tx.outputs.length),
    ...tx.outputs.map(encodeOutput),
    u32le(tx.lockTime),
  );
}

export function doubleSha256(bytes: Uint8Array): Uint8Array {
  return sha256(sha256(bytes));
}

/** As people write it: reversed, in hex. */
export function displayTxid(txid: Uint8Array): string {
  return toHex(txid.slice().reverse());
}

/** A previous transaction, read to its end. */
export interface Previous {
  readonly bytes: Uint8Array;
  readonly txid: Uint8Array;
  /** Where each output starts in `bytes`. */
  readonly outputAt: readonly number[];
}

/** Items read, or bytes hashed, between two yields: each takes a few milliseconds. */
const ITEMS_A_STEP = 4096;
const BYTES_A_STEP = 256 * 1024;

/** With or without witnesses; the txid is computed over the bytes as they came (without the witnesses). */
export function* readPrevious(bytes: Uint8Array, bad: Bad): Work<Previous> {
  const from = cursor(bytes, bad);
  skip(from, 4);
  // BIP 144: marker 0, flag 1. A transaction without inputs, which starts alike, does not exist.
  const segwit = bytes[4] === 0 && bytes[5] === 1;
  if (segwit) skip(from, 2);
  const bodyAt = from.at;
  const inputCount = countOf(from, 41);
  for (let i = 0; i < inputCount; i++) {
    skip(from, 36);
    skipSized(from);
    skip(from, 4);
    if (i % ITEMS_A_STEP === ITEMS_A_STEP - 1) yield 0;
  }
  const outputAt = yield* skipOutputs(from);
  const bodyEnd = from.at;
  if (segwit) yield* skipWitnesses(from, inputCount);
  skip(from, 4);
  atEnd(from);
  const end = bytes.length;
  const pieces = [bytes.subarray(0, 4), bytes.subarray(bodyAt, bodyEnd), bytes.subarray(end - 4)];
  return { bytes, txid: yield* hashTwice(pieces), outputAt };
}

function* skipOutputs(from: Cursor): Work<number[]> {
  const count = countOf(from, 9);
  const outputAt: number[] = [];
  for (let i = 0; i < count; i++) {
    outputAt.push(from.at);
    skip(from, 8);
    skipSized(from);
    if (i % ITEMS_A_STEP === ITEMS_A_STEP - 1) yield 0;
  }
  return outputAt;
}

function* skipWitnesses(from: Cursor, inputs: number): Work<void> {
  let items = 0;
  for (let i = 0; i < inputs; i++)
    for (let stack = countOf(from, 1); stack > 0; stack--) {
      skipSized(from);
      if (++items % ITEMS_A_STEP === 0) yield 0;
    }
}

function* hashTwice(pieces: readonly Uint8Array[]): Work<Uint8Array> {
  const state = sha256.create();
  for (const piece of pieces)
    for (let at = 0; at < piece.length; at += BYTES_A_STEP) {
      state.update(piece.subarray(at, at + BYTES_A_STEP));
      if (at + BYTES_A_STEP < piece.length) yield 0;
    }
  return sha256(state.digest());
}

/** The output at `index`, which must exist. */
export function previousOutput(previous: Previous, index: number, bad: Bad): TxOutput {
  const at = previous.outputAt[index];
  if (at === undefined)
    return bad(`spends output ${index} of a transaction that has ${previous.outputAt.length}`);
  const from = cursor(previous.bytes, bad);
  from.at = at;
  return { amountSats: readU64le(take(from, 8), 0), script: takeSized(from) };
}
