// The two transactions of BIP 322 that no chain ever holds: one that "pays" nothing to the address and commits to the
// message, and one that spends it. Whoever can sign the second could spend what the address holds.

import { sha256 } from "@noble/hashes/sha2.js";
import { concat, equal, u32le, u64le } from "../../bytes.ts";
import { utf8 } from "../../text.ts";
import { encodeCompactSize } from "../cursor.ts";
import { doubleSha256, type Transaction } from "../transaction.ts";

const TAG = sha256(utf8("BIP0322-signed-message"));

export function messageHash(message: string | Uint8Array): Uint8Array {
  return sha256(concat(TAG, TAG, typeof message === "string" ? utf8(message) : message));
}

const NO_TXID = new Uint8Array(32);

/** to_spend: version 0, an input that spends nothing, one output of nothing to the address's script. */
export function toSpend(message: string | Uint8Array, script: Uint8Array): Uint8Array {
  return concat(
    ...[u32le(0), Uint8Array.of(1), NO_TXID, u32le(0xffffffff)],
    ...[Uint8Array.of(34, 0, 32), messageHash(message), u32le(0)],
    ...[Uint8Array.of(1), u64le(0n), encodeCompactSize(script.length), script, u32le(0)],
  );
}

export function toSpendTxid(message: string | Uint8Array, script: Uint8Array): Uint8Array {
  return doubleSha256(toSpend(message, script));
}

const OP_RETURN = Uint8Array.of(0x6a);

/** to_sign, as short as it can be. */
export function toSign(message: string | Uint8Array, script: Uint8Array): Transaction {
  return {
    version: 0,
    inputs: [{ txid: toSpendTxid(message, script), index: 0, sequence: 0 }],
    outputs: [{ amountSats: 0n, script: OP_RETURN }],
    lockTime: 0,
  };
}

/** BIP 322, PSBT signer: the first input spends to_spend's output, and the one output is nothing to OP_RETURN. */
export function isToSign(tx: Transaction, message: Uint8Array, script: Uint8Array): boolean {
  const [first] = tx.inputs;
  const [output] = tx.outputs;
  return (
    first !== undefined &&
    first.index === 0 &&
    equal(first.txid, toSpendTxid(message, script)) &&
    tx.outputs.length === 1 &&
    output!.amountSats === 0n &&
    equal(output!.script, OP_RETURN)
  );
}
