// Inputs of others. They are neither signed nor changed, and their amounts bind nothing of ours: what leaves us is
// counted from our own inputs and outputs alone. But nothing in them may be malformed, claim a key of ours, or bind
// less than the whole transaction.

import { refuse } from "../refusal.ts";
import type { Coin } from "./coins.ts";
import { type Bad, countOf, cursor, left, take, takeSized } from "./cursor.ts";
import type { Ownership } from "./ownership.ts";
import { INPUT } from "./psbt/fields.ts";
import { fieldOf, type Rows, rowOf } from "./psbt/rows.ts";
import { isTaproot, isWitness, shapedAs } from "./script.ts";
import { acceptedSighash, fromDer } from "./signatures.ts";

/** Refuses what no input may carry, whoever owns it. Their signatures are not verified: a wrong one binds nobody. */
export function checkForeign(rows: Rows, coin: Coin, owners: Ownership, where: string): void {
  if (owners.claimed(rows, INPUT)) refuse("bitcoin.claimed-input", where);
  if (!coin.fromPrevious && !mayBeSegwit(rows, coin.script)) refuse("bitcoin.legacy-needs-previous", where);
  const wrong = (what: string) => refuse("bitcoin.signature-invalid", `${where}: ${what}`);
  if (rowOf(rows, INPUT.tapKeySignature) && !isTaproot(coin.script))
    wrong("a taproot signature for another kind of script");
  for (const { type, value } of rows)
    if (type === INPUT.partialSignature && !fromDer(value.subarray(0, -1)))
      wrong("it is not in strict form (BIP 66, low s)");
  checkFinal(rows, coin.script, where);
}

/** A script hash tells only with its redeem script. */
function mayBeSegwit(rows: Rows, script: Uint8Array): boolean {
  if (!shapedAs("p2sh", script)) return isWitness(script);
  const redeemScript = fieldOf(rows, INPUT.redeemScript);
  return redeemScript === undefined || isWitness(redeemScript);
}

/** The signatures of an input that is finished are found by their form. */
function checkFinal(rows: Rows, script: Uint8Array, where: string): void {
  const bad: Bad = (what) => refuse("bitcoin.psbt-malformed", `${where}: ${what}`);
  const finalScript = fieldOf(rows, INPUT.finalScript);
  const finalWitness = fieldOf(rows, INPUT.finalWitness);
  const stack = finalWitness ? stackOf(finalWitness, bad) : [];
  const said = `${where}, a signature`;
  for (const item of [...(finalScript ? pushesOf(finalScript, bad) : []), ...stack])
    if (item.length > 0 && fromDer(item.subarray(0, -1))) acceptedSighash(item.at(-1), false, said);
  if (!isTaproot(script)) return;
  // BIP 341: an annex comes last; in a script path the script and its control block come before it.
  const bare = stack.length > 1 && stack.at(-1)![0] === 0x50 ? stack.slice(0, -1) : stack;
  for (const item of bare.length > 1 ? bare.slice(0, -2) : bare)
    if (item.length === 65) acceptedSighash(item.at(-1), false, said);
}

function stackOf(witness: Uint8Array, bad: Bad): Uint8Array[] {
  const from = cursor(witness, bad);
  const items: Uint8Array[] = [];
  for (let count = countOf(from, 1); count > 0; count--) items.push(takeSized(from));
  return items;
}

const PUSHDATA = { 0x4c: 1, 0x4d: 2, 0x4e: 4 } as const;

/** What a scriptSig pushes; other opcodes carry nothing. */
function pushesOf(script: Uint8Array, bad: Bad): Uint8Array[] {
  const from = cursor(script, bad);
  const pushes: Uint8Array[] = [];
  while (left(from) > 0) {
    const opcode = take(from, 1)[0]!;
    if (opcode > 0 && opcode < 0x4c) pushes.push(take(from, opcode));
    const lengthBytes = PUSHDATA[opcode as keyof typeof PUSHDATA];
    if (lengthBytes === undefined) continue;
    const length = take(from, lengthBytes).reduceRight((value, byte) => value * 256 + byte, 0);
    pushes.push(take(from, length));
  }
  return pushes;
}
