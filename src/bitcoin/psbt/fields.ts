// What each PSBT field may look like: BIP 174, 370, 371, 373 (MuSig2), 375 and 376 (silent payments),
// 353 (DNSSEC), 322 (messages), 127 (reserves). A type that is not here is kept, unread.

import { readU32le } from "../../bytes.ts";
import { LOCK_TIME_THRESHOLD } from "../../limits.ts";
import { type Cursor, compactSize, countOf, left, skip, skipSized, takeU32 } from "../cursor.ts";

export const GLOBAL = {
  unsignedTx: 0x00,
  xpub: 0x01,
  txVersion: 0x02,
  fallbackLockTime: 0x03,
  inputCount: 0x04,
  outputCount: 0x05,
  modifiable: 0x06,
  signedMessage: 0x09,
  version: 0xfb,
} as const;

export const INPUT = {
  previousTx: 0x00,
  witnessUtxo: 0x01,
  partialSignature: 0x02,
  sighash: 0x03,
  redeemScript: 0x04,
  witnessScript: 0x05,
  derivation: 0x06,
  finalScript: 0x07,
  finalWitness: 0x08,
  ripemd160: 0x0a,
  sha256: 0x0b,
  hash160: 0x0c,
  hash256: 0x0d,
  previousTxid: 0x0e,
  outputIndex: 0x0f,
  sequence: 0x10,
  timeLock: 0x11,
  heightLock: 0x12,
  tapKeySignature: 0x13,
  tapScriptSignature: 0x14,
  tapLeaf: 0x15,
  tapDerivation: 0x16,
  tapInternalKey: 0x17,
  tapMerkleRoot: 0x18,
  musigParticipants: 0x1a,
  musigNonce: 0x1b,
  musigPartial: 0x1c,
} as const;

export const OUTPUT = {
  redeemScript: 0x00,
  witnessScript: 0x01,
  derivation: 0x02,
  amount: 0x03,
  script: 0x04,
  tapInternalKey: 0x05,
  tapTree: 0x06,
  tapDerivation: 0x07,
  musigParticipants: 0x08,
  silentPayment: 0x09,
} as const;

export interface Rule {
  /** In words, for refusals. */
  readonly name: string;
  /** Of the key's data, after its type. */
  readonly key: (key: Uint8Array) => boolean;
  /** Reads the value; returns false, or calls the cursor's `bad`, where it is wrong. */
  readonly value: (value: Cursor, key: Uint8Array) => boolean;
  /** The one version of PSBT that may carry it; absent: both. */
  readonly only?: 0 | 2;
}

type KeyCheck = Rule["key"];
type ValueCheck = Rule["value"];

/** BIP 341: a control block is 33 bytes and at most 128 hashes. */
const CONTROL_BLOCK_HASHES = 128;

const none: KeyCheck = (key) => key.length === 0;
const keyOf =
  (...lengths: readonly number[]): KeyCheck =>
  (key) =>
    lengths.includes(key.length);
const publicKey: KeyCheck = (key) =>
  key.length === 33 ? key[0] === 2 || key[0] === 3 : key.length === 65 && key[0] === 4;
const controlBlock: KeyCheck = (key) =>
  key.length >= 33 && (key.length - 33) % 32 === 0 && (key.length - 33) / 32 <= CONTROL_BLOCK_HASHES;
const proprietary: KeyCheck = (key) => key.length > 0;

const any: ValueCheck = () => true;
const sized =
  (...lengths: readonly number[]): ValueCheck =>
  (value) =>
    lengths.includes(value.bytes.length);
const path: ValueCheck = (value) => value.bytes.length >= 4 && value.bytes.length % 4 === 0;
const xpubPath: ValueCheck = (value, key) => value.bytes.length === 4 + 4 * key[4]!;
const keys33: ValueCheck = (value) => value.bytes.length > 0 && value.bytes.length % 33 === 0;
const number: ValueCheck = (value) => {
  compactSize(value);
  return left(value) === 0;
};
const output: ValueCheck = (value) => {
  skip(value, 8);
  skipSized(value);
  return left(value) === 0;
};
const witnessStack: ValueCheck = (value) => {
  for (let items = countOf(value, 1); items > 0; items--) skipSized(value);
  return left(value) === 0;
};
const tapPath: ValueCheck = (value) => {
  skip(value, 32 * countOf(value, 32));
  return left(value) >= 4 && left(value) % 4 === 0;
};
const tapTree: ValueCheck = (value) => {
  while (left(value) > 0) {
    if (value.bytes[value.at]! > CONTROL_BLOCK_HASHES) return false;
    skip(value, 2);
    skipSized(value);
  }
  return value.bytes.length > 0;
};
const time: ValueCheck = (value) =>
  value.bytes.length === 4 && readU32le(value.bytes, 0) >= LOCK_TIME_THRESHOLD;
const height: ValueCheck = (value) => {
  if (value.bytes.length !== 4) return false;
  const at = takeU32(value);
  return at > 0 && at < LOCK_TIME_THRESHOLD;
};
const proof: ValueCheck = (value) => {
  skip(value, 1);
  skip(value, value.bytes[0]!);
  return true;
};

const rule = (name: string, key: KeyCheck, value: ValueCheck, only?: 0 | 2): Rule =>
  only === undefined ? { name, key, value } : { name, key, value, only };

/** One kind of map: what may stand in it, and what must, by version of the PSBT. */
export interface Scope {
  readonly rules: ReadonlyMap<number, Rule>;
  readonly required: { readonly 0: readonly number[]; readonly 2: readonly number[] };
}

const globalRules = new Map([
  [0x00, rule("unsigned transaction", none, any, 0)],
  [0x01, rule("extended public key", keyOf(78), xpubPath)],
  [0x02, rule("transaction version", none, sized(4), 2)],
  [0x03, rule("fallback lock time", none, sized(4), 2)],
  [0x04, rule("input count", none, number, 2)],
  [0x05, rule("output count", none, number, 2)],
  [0x06, rule("modifiable flags", none, sized(1), 2)],
  [0x07, rule("silent payment share", keyOf(33), sized(33), 2)],
  [0x08, rule("silent payment proof", keyOf(33), sized(64), 2)],
  [0x09, rule("message to sign", none, any)],
  [0xfb, rule("PSBT version", none, sized(4))],
  [0xfc, rule("proprietary field", proprietary, any)],
]);

const inputRules = new Map([
  [0x00, rule("previous transaction", none, any)],
  [0x01, rule("spent output", none, output)],
  [0x02, rule("partial signature", publicKey, any)],
  [0x03, rule("signature type", none, sized(4))],
  [0x04, rule("redeem script", none, any)],
  [0x05, rule("witness script", none, any)],
  [0x06, rule("derivation path", publicKey, path)],
  [0x07, rule("final scriptSig", none, any)],
  [0x08, rule("final witness", none, witnessStack)],
  [0x09, rule("proof of reserves", none, any)],
  [0x0a, rule("RIPEMD-160 preimage", keyOf(20), any)],
  [0x0b, rule("SHA-256 preimage", keyOf(32), any)],
  [0x0c, rule("HASH160 preimage", keyOf(20), any)],
  [0x0d, rule("HASH256 preimage", keyOf(32), any)],
  [0x0e, rule("previous txid", none, sized(32), 2)],
  [0x0f, rule("output index", none, sized(4), 2)],
  [0x10, rule("sequence", none, sized(4), 2)],
  [0x11, rule("required lock time", none, time, 2)],
  [0x12, rule("required lock height", none, height, 2)],
  [0x13, rule("taproot signature", none, sized(64, 65))],
  [0x14, rule("taproot script signature", keyOf(64), sized(64, 65))],
  [0x15, rule("taproot leaf", controlBlock, (value) => value.bytes.length > 0)],
  [0x16, rule("taproot derivation path", keyOf(32), tapPath)],
  [0x17, rule("taproot internal key", none, sized(32))],
  [0x18, rule("taproot merkle root", none, sized(32))],
  [0x1a, rule("MuSig2 participants", keyOf(33), keys33)],
  [0x1b, rule("MuSig2 nonce", keyOf(66, 98), sized(66))],
  [0x1c, rule("MuSig2 partial signature", keyOf(66, 98), sized(32))],
  [0x1d, rule("silent payment share", keyOf(33), sized(33), 2)],
  [0x1e, rule("silent payment proof", keyOf(33), sized(64), 2)],
  [0x1f, rule("silent payment derivation path", keyOf(33), path)],
  [0x20, rule("silent payment tweak", none, sized(32))],
  [0xfc, rule("proprietary field", proprietary, any)],
]);

const outputRules = new Map([
  [0x00, rule("redeem script", none, any)],
  [0x01, rule("witness script", none, any)],
  [0x02, rule("derivation path", publicKey, path)],
  [0x03, rule("amount", none, sized(8), 2)],
  [0x04, rule("script", none, any, 2)],
  [0x05, rule("taproot internal key", none, sized(32))],
  [0x06, rule("taproot tree", none, tapTree)],
  [0x07, rule("taproot derivation path", keyOf(32), tapPath)],
  [0x08, rule("MuSig2 participants", keyOf(33), keys33)],
  [0x09, rule("silent payment address", none, sized(66), 2)],
  [0x0a, rule("silent payment label", none, sized(4), 2)],
  [0x35, rule("DNSSEC proof", none, proof)],
  [0xfc, rule("proprietary field", proprietary, any)],
]);

export const GLOBAL_SCOPE: Scope = {
  rules: globalRules,
  required: { 0: [GLOBAL.unsignedTx], 2: [GLOBAL.txVersion, GLOBAL.inputCount, GLOBAL.outputCount] },
};
export const INPUT_SCOPE: Scope = {
  rules: inputRules,
  required: { 0: [], 2: [INPUT.previousTxid, INPUT.outputIndex] },
};
/** BIP 375: the script may be missing where a silent payment's address is there. */
export const OUTPUT_SCOPE: Scope = { rules: outputRules, required: { 0: [], 2: [OUTPUT.amount] } };
