// How large the signed transaction will be: what a fee rate is measured by.

import type { Coin } from "./coins.ts";
import { encodeCompactSize } from "./cursor.ts";
import type { Node, Place } from "./expression.ts";
import { type Atom, isOpen, witnessSize } from "./miniscript/index.ts";
import { INPUT } from "./psbt/fields.ts";
import type { Psbt } from "./psbt/psbt.ts";
import { fieldOf, type Rows } from "./psbt/rows.ts";
import { isTaproot, isWitness, shapedAs } from "./script.ts";
import type { OwnInput, Spending } from "./spending/spending.ts";
import { encodeUnsigned } from "./transaction.ts";

/** DER with low r and low s, the sighash byte, and one byte that says how long it is. */
const ECDSA_PUSHED = 72;
const PUBLIC_KEY_PUSHED = 34;
/** BIP 340, without a sighash byte. */
const SCHNORR_PUSHED = 65;

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

function sizeOf(count: number): number {
  return encodeCompactSize(count).length;
}

function sized(length: number): number {
  return sizeOf(length) + length;
}

function addedTo(own: OwnInput): Added {
  const { template, derived } = own;
  const { redeemScript, witnessScript } = derived;
  const { form, body } = template.wallet;
  const nested = redeemScript ? pushed(redeemScript) : 0;
  if (body.kind === "taproot") return { script: 0, witness: taprootWitness(own) };
  if (body.kind === "script") {
    const { items, bytes } = satisfied(own, body.node, form === "p2sh" ? "p2sh" : "p2wsh");
    if (form === "p2sh") return { script: bytes + nested, witness: 0 };
    return { script: nested, witness: sizeOf(items + 1) + bytes + sized(witnessScript!.length) };
  }
  return form === "p2pkh"
    ? { script: ECDSA_PUSHED + PUBLIC_KEY_PUSHED, witness: 0 }
    : { script: nested, witness: 1 + ECDSA_PUSHED + PUBLIC_KEY_PUSHED };
}

/** The smallest witness of the ways that are open: a fee rate is rather called too high than too low. */
function satisfied({ template, timing, sighash }: OwnInput, node: Node, place: Place) {
  const holds = (atom: Atom): boolean =>
    (atom.kind !== "older" && atom.kind !== "after") || isOpen(atom, timing);
  const signature = place === "tapscript" ? SCHNORR_PUSHED + sighash : ECDSA_PUSHED;
  return (
    witnessSize(node, place, template.wallet.uses, holds, signature, "least") ?? {
      items: 1,
      bytes: ECDSA_PUSHED,
    }
  );
}

/** The smallest of all that are open, whoever can take it: nobody here knows which one the others will. */
function taprootWitness(own: OwnInput): number {
  const sizes = own.ways.map(({ leaf }) => {
    if (leaf === undefined) return 1 + SCHNORR_PUSHED + own.sighash;
    const { node, script, control } = own.derived.taproot!.leaves[leaf]!;
    const { items, bytes } = satisfied(own, node, "tapscript");
    return sizeOf(items + 2) + bytes + sized(script.length) + sized(control.length);
  });
  return sizes.length === 0 ? 1 + SCHNORR_PUSHED : Math.min(...sizes);
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
    const added = own ? addedTo(own) : addedForeign(maps[i]!, coins[i]!);
    // The unsigned transaction has one byte for the empty scriptSig's length already.
    base += sized(added.script) - 1;
    witness += added.witness;
    bare += added.witness === 0 ? 1 : 0;
  }
  // Marker and flag (BIP 144), and one byte for each input without a witness.
  const weight = base * 4 + (witness > 0 ? witness + bare + 2 : 0);
  return Math.ceil(weight / 4);
}
