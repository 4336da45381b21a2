// BIP 322's full form, made here by bitcoinjs-lib: transaction versions that may mean something one day are neither right
// nor wrong, and coins that nobody describes are no proof of anything.

import assert from "node:assert/strict";
import { test } from "node:test";
import { crypto, script as scripts, Transaction } from "bitcoinjs-lib";
import * as ecc from "tiny-secp256k1";
import { verifyBip322 } from "../../src/bitcoin/messages/verify-322.ts";
import { toSpendTxid } from "../../src/bitcoin/messages/virtual.ts";
import { run } from "./build.ts";
import { curve } from "./wallet-cast.ts";

const SECRET = new Uint8Array(32).fill(7);
const KEY = ecc.pointFromScalar(SECRET, true)!;
const ADDRESS = Uint8Array.of(0, 20, ...crypto.hash160(KEY));
const CODE = Uint8Array.of(0x76, 0xa9, 20, ...crypto.hash160(KEY), 0x88, 0xac);

interface Signed {
  readonly version: number;
  readonly lockTime?: number;
  readonly sequence?: number;
  readonly more?: boolean;
}

function signed({ version, lockTime = 0, sequence = 0, more }: Signed): string {
  const tx = new Transaction();
  tx.version = version;
  tx.locktime = lockTime;
  tx.addInput(toSpendTxid("hello", ADDRESS), 0, sequence);
  if (more) tx.addInput(new Uint8Array(32).fill(9), 0, 0);
  tx.addOutput(Uint8Array.of(0x6a), 0n);
  const digest = tx.hashForWitnessV0(0, CODE, 0n, Transaction.SIGHASH_ALL);
  const signature = scripts.signature.encode(ecc.sign(digest, SECRET), Transaction.SIGHASH_ALL);
  tx.setWitness(0, [signature, KEY]);
  return `ful${Buffer.from(tx.toBuffer()).toString("base64")}`;
}

const verdict = (signature: string) => run(verifyBip322("hello", signature, ADDRESS, curve));

test("versions 0 and 2 are right, from the time on that they say; another version is neither right nor wrong", () => {
  for (const version of [0, 2]) assert.equal(verdict(signed({ version })).outcome, "valid");
  const { outcome, lockTime, sequence } = verdict(signed({ version: 2, lockTime: 900_000, sequence: 144 }));
  assert.deepEqual({ outcome, lockTime, sequence }, { outcome: "valid", lockTime: 900_000, sequence: 144 });
  for (const version of [1, 3]) {
    const { outcome: open, why } = verdict(signed({ version }));
    assert.deepEqual([open, why], ["unsure", `its transaction has version ${version}`]);
  }
});

test("a full signature with a coin that it does not describe is wrong, and so is one whose version was changed", () => {
  const { outcome, why } = verdict(signed({ version: 2, more: true }));
  assert.deepEqual([outcome, why], ["invalid", "it has coins, and none of them is described"]);
  const bytes = Buffer.from(signed({ version: 0 }).slice(3), "base64");
  bytes[0] = 2;
  assert.equal(verdict(`ful${bytes.toString("base64")}`).outcome, "invalid");
});
