// How large the signed transaction will be: what a fee rate is measured by.

import type { Coin } from "./coins.ts";
import { encodeCompactSize } from "./cursor.ts";
import { INPUT } from "./psbt/fields.ts";
import type { Psbt } from "./psbt/psbt.ts";
import { fieldOf, type Rows } from "./psbt/rows.ts";
import { isTaproot, isWitness, shapedAs } from "./script.ts";
import type { Spending } from "./spending.ts";
import { encodeUnsigned } from "./transaction.ts";
import { type Derived, quorumOf, type Wallet } from "./wallet.ts";

/** DER with low r and low s, the sighash byte, and one byte that says how long it is. */
const ECDSA_PUSHED = 72;
const PUBLIC_KEY_PUSHED = 34;

interface Added {
  /** In the scriptSig, without its length. */
  readonly script: number;
  /** In the witness, with its counts; 0 where there is none. */
  readonly witness: number;
}

function pushed(bytes: Uint8Array): number {
  const { length } = bytes;
  return length + (length < 0x4c ? 1 : length < 0x100 ? 2 : 3);
}

function sized(length: number): number {
  return encodeCompactSize(length).length + length;
}

function addedTo(wallet: Wallet, derived: Derived, sighash: 0 | 1): Added {
  const { redeemScript, witnessScript } = derived;
  // OP_CHECKMULTISIG takes one item more than it uses: an empty one.
  const signatures = 1 + (quorumOf(wallet)?.threshold ?? wallet.keys.length) * ECDSA_PUSHED;
  const nested = redeemScript ? pushed(redeemScript) : 0;
  switch (wallet.form) {
    case "p2pkh":
      return { script: ECDSA_PUSHED + PUBLIC_KEY_PUSHED, witness: 0 };
    case "p2sh":
      return { script: signatures + nested, witness: 0 };
    case "p2wpkh":
    case "p2sh-p2wpkh":
      return { script: nested, witness: 1 + ECDSA_PUSHED + PUBLIC_KEY_PUSHED };
    case "p2wsh":
    case "p2sh-p2wsh":
      return { script: nested, witness: 1 + signatures + sized(witnessScript!.length) };
    case "p2tr":
      return { script: 0, witness: 2 + 64 + sighash };
  }
}

/**
 * What somebody else's input adds: exactly where it is finished; else as little as such an input usually adds, with
 * one signature, so that a fee rate is rather called too high than too low.
 */
function addedForeign(rows: Rows, { script }: Coin): Added {
  const finalScript = fieldOf(rows, INPUT.finalScript);
  const finalWitness = fieldOf(rows, INPUT.finalWitness);
  if (finalScript || finalWitness)
    return { script: finalScript?.length ?? 0, witness: finalWitness?.length ?? 0 };
  if (isTaproot(script)) return { script: 0, witness: 2 + 64 };
  const redeemScript = fieldOf(rows, INPUT.redeemScript);
  const nested = shapedAs("p2sh", script);
  const program = nested ? redeemScript : script;
  if (program && !isWitness(program))
    return { script: ECDSA_PUSHED + (nested ? pushed(program) : PUBLIC_KEY_PUSHED), witness: 0 };
  // A script hash of which nothing is known is taken for the nested key hash that it mostly is.
  const witnessScript = program?.length === 34 ? fieldOf(rows, INPUT.witnessScript) : undefined;
  const rest = witnessScript ? sized(witnessScript.length) : PUBLIC_KEY_PUSHED;
  return { script: nested ? 23 : 0, witness: 1 + ECDSA_PUSHED + rest };
}

/** Virtual bytes (BIP 141) that the transaction is expected to have with as many signatures as it needs. */
export function signedVsize(
  { tx, inputs: maps }: Psbt,
  coins: readonly Coin[],
  { inputs }: Spending,
): number {
  let base = encodeUnsigned(tx).length;
  let witness = 0;
  let bare = 0;
  for (const [i, own] of inputs.entries()) {
    const added = own
      ? addedTo(own.template.wallet, own.derived, own.sighash)
      : addedForeign(maps[i]!, coins[i]!);
    // The unsigned transaction has one byte for the empty scriptSig's length already.
    base += sized(added.script) - 1;
    witness += added.witness;
    bare += added.witness === 0 ? 1 : 0;
  }
  // Marker and flag (BIP 144), and one byte for each input without a witness.
  const weight = base * 4 + (witness > 0 ? witness + bare + 2 : 0);
  return Math.ceil(weight / 4);
}
