// Signatures become what a chain would take (BIP 174, input finalizer): where all that is needed is there, and the script
// is one of keys alone. What takes more than that is for the program that asked.

import { concat, equal } from "../../bytes.ts";
import { encodeCompactSize } from "../cursor.ts";
import { INPUT } from "../psbt/fields.ts";
import { fieldOf, makeRow, type Row, type Rows } from "../psbt/rows.ts";
import type { Derived, Wallet } from "../wallet.ts";
import { quorumOf } from "../wallet.ts";

export interface Final {
  readonly scriptSig: Uint8Array;
  readonly witness: readonly Uint8Array[];
}

const NOTHING = new Uint8Array(0);

/** Undefined where signatures are missing, or the script needs more than signatures. */
export function finalOf(rows: Rows, wallet: Wallet, derived: Derived): Final | undefined {
  if (derived.taproot) {
    const signature = fieldOf(rows, INPUT.tapKeySignature);
    return signature && { scriptSig: NOTHING, witness: [signature] };
  }
  const stack = wallet.body.kind === "key" ? keyStack(rows, derived) : multisigStack(rows, wallet, derived);
  if (stack === undefined) return undefined;
  const { redeemScript, witnessScript } = derived;
  const scripts = witnessScript ? [witnessScript] : [];
  switch (wallet.form) {
    case "p2pkh":
      return { scriptSig: concat(...stack.map(push)), witness: [] };
    case "p2sh":
      return { scriptSig: concat(...[...stack, redeemScript!].map(push)), witness: [] };
    case "p2sh-p2wpkh":
    case "p2sh-p2wsh":
      return { scriptSig: push(redeemScript!), witness: [...stack, ...scripts] };
    default:
      return { scriptSig: NOTHING, witness: [...stack, ...scripts] };
  }
}

function signatureBy(rows: Rows, publicKey: Uint8Array): Uint8Array | undefined {
  return rows.find(({ type, key }) => type === INPUT.partialSignature && equal(key, publicKey))?.value;
}

function keyStack(rows: Rows, { publicKeys: [publicKey] }: Derived): Uint8Array[] | undefined {
  const signature = signatureBy(rows, publicKey!);
  return signature && [signature, publicKey!];
}

/** OP_CHECKMULTISIG takes them in the order of the script's keys, and one item more. */
function multisigStack(rows: Rows, wallet: Wallet, derived: Derived): Uint8Array[] | undefined {
  const quorum = quorumOf(wallet);
  const script = derived.witnessScript ?? derived.redeemScript;
  if (quorum === undefined || script === undefined) return undefined;
  const found = keysIn(script).flatMap((key) => signatureBy(rows, key) ?? []);
  return found.length < quorum.threshold ? undefined : [NOTHING, ...found.slice(0, quorum.threshold)];
}

/** Of a script that is nothing but OP_CHECKMULTISIG: each key is a push of 33 bytes behind the first opcode. */
function keysIn(script: Uint8Array): Uint8Array[] {
  const keys: Uint8Array[] = [];
  // A threshold above 16 is a push of one byte.
  for (let at = script[0] === 1 ? 2 : 1; script[at] === 33; at += 34)
    keys.push(script.subarray(at + 1, at + 34));
  return keys;
}

/** As short as it can be (BIP 62): nothing longer than 520 bytes is ever pushed. */
export function push(bytes: Uint8Array): Uint8Array {
  const { length } = bytes;
  if (length === 0) return Uint8Array.of(0);
  if (length < 0x4c) return concat(Uint8Array.of(length), bytes);
  if (length < 0x100) return concat(Uint8Array.of(0x4c, length), bytes);
  return concat(Uint8Array.of(0x4d, length & 0xff, length >> 8), bytes);
}

export function encodeWitness(witness: readonly Uint8Array[]): Uint8Array {
  return concat(
    encodeCompactSize(witness.length),
    ...witness.flatMap((item) => [encodeCompactSize(item.length), item]),
  );
}

/** What BIP 174 leaves in an input that is finished: the coin, and what spends it. */
export function finalRows(rows: Rows, { scriptSig, witness }: Final): Row[] {
  const kept: readonly number[] = [
    ...[INPUT.previousTx, INPUT.witnessUtxo, INPUT.previousTxid, INPUT.outputIndex],
    ...[INPUT.sequence, INPUT.timeLock, INPUT.heightLock],
  ];
  const made = [
    ...(scriptSig.length > 0 ? [makeRow(INPUT.finalScript, NOTHING, scriptSig)] : []),
    ...(witness.length > 0 ? [makeRow(INPUT.finalWitness, NOTHING, encodeWitness(witness))] : []),
  ];
  return [...rows.filter(({ type }) => kept.includes(type)), ...made].sort((a, b) => a.type - b.type);
}
