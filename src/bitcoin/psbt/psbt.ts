// PSBT version 0 and 2 as ordered maps of rows (BIP 174, 370, 371). Rows are views of one buffer:
// nothing is stripped, sorted or written anew, so what is not understood leaves as it came.

import { compare, readU32le } from "../../bytes.ts";
import { LIMITS } from "../../limits.ts";
import { refuse } from "../../refusal.ts";
import type { Work } from "../../request.ts";
import { type Bad, type Cursor, compactSize, cursor, left, skip, take, takeSized } from "../cursor.ts";
import { boundCounts, doubleSha256, encodeUnsigned, readUnsigned, type Transaction } from "../transaction.ts";
import { buildTransaction } from "./build.ts";
import { GLOBAL, GLOBAL_SCOPE, INPUT_SCOPE, OUTPUT_SCOPE, type Scope } from "./fields.ts";
import { fieldOf, MAGIC, place, type Row, type Rows, rowOf } from "./rows.ts";

export interface Psbt {
  readonly version: 0 | 2;
  readonly global: Rows;
  readonly inputs: readonly Rows[];
  readonly outputs: readonly Rows[];
  /** What is asked for; version 2: built from its fields, with the lock time that BIP 370 determines. */
  readonly tx: Transaction;
  /** `tx` in the old serialisation, scriptSigs empty. */
  readonly unsigned: Uint8Array;
  /** Of `unsigned`, in the order of the wire. */
  readonly txid: Uint8Array;
}

/** Maps read between two yields. */
const MAPS_A_STEP = 64;

export function mapsOf(psbt: Psbt): readonly Rows[] {
  return [psbt.global, ...psbt.inputs, ...psbt.outputs];
}

/** Reads all of `bytes`, which must not change afterwards. Throws Refusals only. */
export function* readPsbt(bytes: Uint8Array): Work<Psbt> {
  if (bytes.length > LIMITS.messageBytes)
    refuse("bitcoin.too-large", `${bytes.length} bytes; Firn takes ${LIMITS.messageBytes}`);
  const from = cursor(bytes, place("global"));
  if (compare(bytes.subarray(0, 5), MAGIC) !== 0) from.bad("does not start as a PSBT does");
  skip(from, MAGIC.length);
  const budget = { rows: LIMITS.psbtRows };
  const global = readMap(from, from.bad, GLOBAL_SCOPE, budget);
  const version = versionOf(global);
  checkVersion(global, GLOBAL_SCOPE, version, from.bad);
  const given = fieldOf(global, GLOBAL.unsignedTx);
  if (given) boundSize(given);
  const ready = given && readUnsigned(given, (what) => from.bad(`unsigned transaction: ${what}`));
  const counts = ready
    ? { inputs: ready.inputs.length, outputs: ready.outputs.length }
    : { inputs: countRow(global, GLOBAL.inputCount), outputs: countRow(global, GLOBAL.outputCount) };
  boundCounts(counts.inputs, counts.outputs);
  if (counts.inputs + counts.outputs > left(from))
    from.bad("announces more inputs and outputs than it holds");
  const inputs = yield* readMaps(from, "input", counts.inputs, version, budget);
  const outputs = yield* readMaps(from, "output", counts.outputs, version, budget);
  if (left(from) !== 0) from.bad("goes on after its end");
  const tx = ready ?? buildTransaction(global, inputs, outputs);
  const unsigned = given ?? encodeUnsigned(tx);
  boundSize(unsigned);
  return { version, global, inputs, outputs, tx, unsigned, txid: doubleSha256(unsigned) };
}

/** Signing old-style inputs hashes all of it for each: that stays bounded. */
function boundSize(unsigned: Uint8Array): void {
  if (unsigned.length > LIMITS.transactionBytes)
    refuse("bitcoin.too-large", `a transaction of ${unsigned.length} bytes; no block could hold it`);
}

function* readMaps(
  from: Cursor,
  kind: "input" | "output",
  count: number,
  version: 0 | 2,
  budget: { rows: number },
): Work<Rows[]> {
  const scope = kind === "input" ? INPUT_SCOPE : OUTPUT_SCOPE;
  const maps: Rows[] = [];
  for (let i = 0; i < count; i++) {
    const bad = place(kind, i);
    const rows = readMap(from, bad, scope, budget);
    checkVersion(rows, scope, version, bad);
    maps.push(rows);
    if (i % MAPS_A_STEP === MAPS_A_STEP - 1) yield from.at / from.bytes.length;
  }
  return maps;
}

function readMap(all: Cursor, bad: Bad, scope: Scope, budget: { rows: number }): Rows {
  const from: Cursor = { bytes: all.bytes, at: all.at, bad };
  const rows: Row[] = [];
  while (true) {
    const start = from.at;
    const keyLength = compactSize(from);
    if (keyLength === 0) break;
    if (rows.length === LIMITS.psbtMapRows || budget.rows-- === 0)
      refuse("bitcoin.too-large", "more rows than Firn takes");
    const typeAt = from.at;
    const type = compactSize(from);
    if (from.at - typeAt > keyLength) bad("a key is shorter than its type");
    const key = take(from, keyLength - (from.at - typeAt));
    const value = takeSized(from);
    const rule = scope.rules.get(type);
    if (rule) {
      if (!rule.key(key)) bad(`${rule.name}: its key has a wrong form`);
      const named: Bad = (what) => bad(`${rule.name}: ${what}`);
      if (!rule.value(cursor(value, named), key)) named("its value has a wrong form");
    }
    rows.push({ type, key, value, raw: from.bytes.subarray(start, from.at) });
  }
  all.at = from.at;
  refuseDuplicates(rows, scope, bad);
  return rows;
}

function order(a: Row, b: Row): number {
  return a.type - b.type || compare(a.key, b.key);
}

function refuseDuplicates(rows: Rows, scope: Scope, bad: Bad): void {
  const rising = (sorted: Rows) => sorted.every((row, i) => i === 0 || order(sorted[i - 1]!, row) < 0);
  // Most programs write their rows in order: then nothing has to be sorted.
  if (rising(rows)) return;
  const sorted = rows.toSorted(order);
  const twice = sorted.find((row, i) => i > 0 && order(sorted[i - 1]!, row) === 0);
  if (twice) bad(`${scope.rules.get(twice.type)?.name ?? "a field"} stands there twice`);
}

function versionOf(global: Rows): 0 | 2 {
  const value = fieldOf(global, GLOBAL.version);
  const version = value ? readU32le(value, 0) : 0;
  if (version !== 0 && version !== 2) refuse("bitcoin.psbt-version", `version ${version}`);
  return version;
}

function checkVersion(rows: Rows, scope: Scope, version: 0 | 2, bad: Bad): void {
  for (const row of rows) {
    const rule = scope.rules.get(row.type);
    if (rule?.only !== undefined && rule.only !== version)
      bad(`${rule.name}: does not belong into version ${version}`);
  }
  for (const type of scope.required[version])
    if (!rowOf(rows, type)) bad(`${scope.rules.get(type)!.name} is missing`);
}

function countRow(global: Rows, type: number): number {
  return compactSize(cursor(fieldOf(global, type)!, place("global")));
}
