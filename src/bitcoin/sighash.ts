// The digests that signatures commit to, SIGHASH_ALL and DEFAULT only: legacy, BIP 143, BIP 341 and 342.
// What is common to all inputs is hashed once, so that the work grows with the inputs, not with their square
// (legacy inputs alone hash the transaction's rest anew each: that is how they are defined).

import { sha256 } from "@noble/hashes/sha2.js";
import { concat, u32le, u64le } from "../bytes.ts";
import { utf8 } from "../text.ts";
import { encodeCompactSize } from "./cursor.ts";
import { encodeOutput, encodeUnsigned, type Transaction, type TxOutput } from "./transaction.ts";

export const SIGHASH_DEFAULT = 0;
export const SIGHASH_ALL = 1;

type State = ReturnType<typeof sha256.create>;

/** What one transaction's digests share. */
export interface Common {
  readonly tx: Transaction;
  /** The outputs that are spent, in the order of the inputs. */
  readonly spent: readonly TxOutput[];
  readonly outpoints: readonly Uint8Array[];
  /** Single SHA-256; BIP 143 hashes each once more. */
  readonly prevouts: Uint8Array;
  readonly sequences: Uint8Array;
  readonly outputs: Uint8Array;
}

/** SHA-256 over many pieces without joining them. */
function hashAll(pieces: Iterable<Uint8Array>): Uint8Array {
  const state = sha256.create();
  for (const piece of pieces) state.update(piece);
  return state.digest();
}

export function commonOf(tx: Transaction, spent: readonly TxOutput[]): Common {
  const outpoints = tx.inputs.map((input) => concat(input.txid, u32le(input.index)));
  return {
    tx,
    spent,
    outpoints,
    prevouts: hashAll(outpoints),
    sequences: hashAll(tx.inputs.map((input) => u32le(input.sequence))),
    outputs: hashAll(tx.outputs.map(encodeOutput)),
  };
}

/** A digest for the input at `index`, whose script code is given. */
export type Digester = (index: number, scriptCode: Uint8Array) => Uint8Array;

/** BIP 143, SIGHASH_ALL. */
export function segwitDigester(common: Common): Digester {
  const { tx, spent, outpoints } = common;
  const head = sha256
    .create()
    .update(u32le(tx.version))
    .update(sha256(common.prevouts))
    .update(sha256(common.sequences));
  const tail = concat(sha256(common.outputs), u32le(tx.lockTime), u32le(SIGHASH_ALL));
  return (index, scriptCode) =>
    sha256(
      head
        .clone()
        .update(outpoints[index]!)
        .update(encodeCompactSize(scriptCode.length))
        .update(scriptCode)
        .update(u64le(spent[index]!.amountSats))
        .update(u32le(tx.inputs[index]!.sequence))
        .update(tail)
        .digest(),
    );
}

const tapSighash = sha256(utf8("TapSighash"));
const TAP_SIGHASH_STATE = sha256.create().update(tapSighash).update(tapSighash);

/** BIP 342: what the digest says of a leaf is its hash, the version of its keys, and that no OP_CODESEPARATOR ran. */
const KEY_VERSION = Uint8Array.of(0);
const NO_CODE_SEPARATOR = u32le(0xffffffff);
/** spend_type of BIP 341, no annex: the extension's flag doubled. */
const KEY_PATH = 0;
const SCRIPT_PATH = 2;

/** For the key path, or for the leaf with this hash (BIP 342). */
export type TaprootDigester = (index: number, leafHash?: Uint8Array) => Uint8Array;

/** BIP 341, no annex; type DEFAULT or ALL. */
export function taprootDigester(common: Common, type: 0 | 1): TaprootDigester {
  const { tx, spent } = common;
  const head: State = TAP_SIGHASH_STATE.clone()
    .update(Uint8Array.of(0, type))
    .update(u32le(tx.version))
    .update(u32le(tx.lockTime))
    .update(common.prevouts)
    .update(hashAll(spent.map((output) => u64le(output.amountSats))))
    .update(hashAll(spent.map((output) => concat(encodeCompactSize(output.script.length), output.script))))
    .update(common.sequences)
    .update(common.outputs);
  return (index, leafHash) => {
    const path = Uint8Array.of(leafHash ? SCRIPT_PATH : KEY_PATH);
    const state = head.clone().update(path).update(u32le(index));
    if (leafHash) state.update(leafHash).update(KEY_VERSION).update(NO_CODE_SEPARATOR);
    return state.digest();
  };
}

/** One input of the bare transaction: outpoint, empty script, sequence. */
const BARE_INPUT_BYTES = 41;

/** The digest of before BIP 143, SIGHASH_ALL: the whole transaction with the one script filled in. */
export function legacyDigester(common: Common): Digester {
  const { tx, outpoints } = common;
  const bare = encodeUnsigned(tx);
  const firstAt = 4 + encodeCompactSize(tx.inputs.length).length;
  const type = u32le(SIGHASH_ALL);
  // Everything before the asked input is taken in once: inputs are mostly asked for in order.
  let before = { index: 0, state: sha256.create().update(bare.subarray(0, firstAt)) };
  return (index, scriptCode) => {
    if (index < before.index) before = { index: 0, state: sha256.create().update(bare.subarray(0, firstAt)) };
    const from = firstAt + before.index * BARE_INPUT_BYTES;
    const at = firstAt + index * BARE_INPUT_BYTES;
    before.state.update(bare.subarray(from, at));
    before.index = index;
    const whole = before.state
      .clone()
      .update(outpoints[index]!)
      .update(encodeCompactSize(scriptCode.length))
      .update(scriptCode)
      .update(u32le(tx.inputs[index]!.sequence))
      .update(bare.subarray(at + BARE_INPUT_BYTES))
      .update(type);
    return sha256(whole.digest());
  };
}
