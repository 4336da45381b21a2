// Whether a final transaction may spend what it spends, for the script forms that Firn signs: parsed and
// hashed by bitcoinjs-lib, verified by its curve. No code of Firn's takes part.

import assert from "node:assert/strict";
import { crypto, script as scripts, Transaction } from "bitcoinjs-lib";
import * as ecc from "tiny-secp256k1";

export interface Spent {
  readonly script: Uint8Array;
  readonly amountSats: bigint;
}

const { decompile, signature: der } = scripts;

const push = (bytes: Uint8Array): Uint8Array => Buffer.from([bytes.length, ...bytes]);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** Fails where an input is not signed as its script demands; gives the signatures that were verified. */
export function verifySpend(raw: Uint8Array, spent: readonly Spent[]): number {
  const tx = Transaction.fromBuffer(raw);
  assert.equal(tx.ins.length, spent.length);
  assert.equal(hex(tx.toBuffer()), hex(raw), "bitcoinjs-lib writes what it read");
  return tx.ins.reduce((count, _, i) => count + verifyInput(tx, i, spent), 0);
}

function verifyInput(tx: Transaction, i: number, spent: readonly Spent[]): number {
  const { script, amountSats } = spent[i]!;
  const { script: scriptSig, witness } = tx.ins[i]!;
  const pushes = (decompile(scriptSig) ?? []) as (Uint8Array | number)[];
  const v0 = (code: Uint8Array) => (type: number) => tx.hashForWitnessV0(i, code, amountSats, type);
  const legacy = (code: Uint8Array) => (type: number) => tx.hashForSignature(i, code, type);
  let program = script;
  if (script[0] === 0xa9) {
    const inner = pushes.at(-1) as Uint8Array;
    assert.equal(hex(crypto.hash160(inner)), hex(script.subarray(2, 22)), "the redeem script is the one");
    if (witness.length === 0) {
      assert.equal(pushes[0], 0);
      return verifyMultisig(pushes.slice(1, -1) as Uint8Array[], inner, legacy(inner));
    }
    assert.equal(hex(scriptSig), hex(push(inner)));
    program = inner;
  } else if (script[0] !== 0x76) assert.equal(scriptSig.length, 0, "a native witness has no scriptSig");
  if (script[0] === 0x76) {
    const [signature, key] = pushes as Uint8Array[];
    assert.equal(hex(crypto.hash160(key!)), hex(script.subarray(3, 23)));
    return verifyOne(signature!, key!, legacy(script));
  }
  if (program[0] === 0x51) {
    const digest = tx.hashForWitnessV1(
      i,
      spent.map((coin) => coin.script),
      spent.map((coin) => coin.amountSats),
      Transaction.SIGHASH_DEFAULT,
    );
    assert.equal(witness.length, 1);
    assert.equal(witness[0]!.length, 64);
    assert.ok(ecc.verifySchnorr(digest, program.subarray(2), witness[0]!), `input ${i}`);
    return 1;
  }
  if (program.length === 22) {
    const [signature, key] = witness;
    assert.equal(hex(crypto.hash160(key!)), hex(program.subarray(2)));
    return verifyOne(signature!, key!, v0(Buffer.from(`76a914${hex(program.subarray(2))}88ac`, "hex")));
  }
  const inner = witness.at(-1)!;
  assert.equal(hex(crypto.sha256(inner)), hex(program.subarray(2)), "the witness script is the one");
  assert.equal(witness[0]!.length, 0);
  return verifyMultisig(witness.slice(1, -1), inner, v0(inner));
}

function verifyOne(signature: Uint8Array, key: Uint8Array, digestOf: (type: number) => Uint8Array): number {
  const { signature: rs, hashType } = der.decode(signature);
  assert.equal(hashType, Transaction.SIGHASH_ALL);
  assert.ok(ecc.verify(digestOf(hashType), key, rs, true), "the signature verifies, with low s");
  return 1;
}

/** OP_CHECKMULTISIG: as many signatures as it asks for, in the order of the keys. */
function verifyMultisig(
  signatures: readonly Uint8Array[],
  code: Uint8Array,
  digestOf: (type: number) => Uint8Array,
): number {
  const parts = decompile(code)!;
  const keys = parts.slice(1, -2) as Uint8Array[];
  assert.equal(signatures.length, (parts[0] as number) - 0x50, "no more and no fewer signatures");
  let next = 0;
  for (const signature of signatures) {
    const { signature: rs, hashType } = der.decode(signature);
    assert.equal(hashType, Transaction.SIGHASH_ALL);
    const place = keys.findIndex((key, k) => k >= next && ecc.verify(digestOf(hashType), key, rs, true));
    assert.notEqual(place, -1, "a signature verifies under no key that is left");
    next = place + 1;
  }
  return signatures.length;
}
