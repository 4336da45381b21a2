// How large the signed transaction will be: what a fee rate is measured by.

import { encodeCompactSize } from "./cursor.ts";
import type { Spending } from "./spending.ts";
import { encodeUnsigned, type Transaction } from "./transaction.ts";
import type { Derived, Wallet } from "./wallet.ts";

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
  const signatures = 1 + wallet.threshold * ECDSA_PUSHED;
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

/** Virtual bytes (BIP 141) that the transaction is expected to have with as many signatures as it needs. */
export function signedVsize(tx: Transaction, { template, inputs }: Spending): number {
  let base = encodeUnsigned(tx).length;
  let witness = 0;
  for (const { derived, sighash } of inputs) {
    const added = addedTo(template.wallet, derived, sighash);
    // The unsigned transaction has one byte for the empty scriptSig's length already.
    base += sized(added.script) - 1;
    witness += added.witness;
  }
  // Marker and flag (BIP 144).
  const weight = base * 4 + (witness > 0 ? witness + 2 : 0);
  return Math.ceil(weight / 4);
}
