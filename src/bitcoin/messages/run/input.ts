// Whether one input of a transaction is spent as its coin asks, by the rules of BIP 322.

import { sha256 } from "@noble/hashes/sha2.js";
import { concat, equal } from "../../../bytes.ts";
import type { Curve } from "../../../model.ts";
import type { Work } from "../../../request.ts";
import { hash160, isWitness, p2pkh, shapedAs } from "../../script.ts";
import { type Common, commonOf, legacyDigester, segwitDigester, taprootDigester } from "../../sighash.ts";
import { fromDer } from "../../signatures.ts";
import { branchHash, leafHash, tweakOf } from "../../taproot.ts";
import type { Transaction, TxOutput } from "../../transaction.ts";
import { encodeWitness, push } from "../finalise.ts";
import { type Around, NotBy, type Rules, run, stepsOf } from "./script.ts";
import { isTrue, no, unsure } from "./stack.ts";

export interface Spender {
  readonly scriptSig: Uint8Array;
  readonly witness: readonly Uint8Array[];
}

export interface SignedTransaction {
  readonly tx: Transaction;
  readonly spenders: readonly Spender[];
}

interface Case extends Spender {
  readonly index: number;
  readonly common: Common;
  readonly curve: Curve;
}

/** Throws Stop where it is not. `spent`: the coins, in the order of the inputs. */
export function* checkInputs(
  { tx, spenders }: SignedTransaction,
  spent: readonly TxOutput[],
  curve: Curve,
): Work<void> {
  const common = commonOf(tx, spent);
  for (const [index, spender] of spenders.entries()) {
    checkInput({ ...spender, index, common, curve }, spent[index]!.script);
    yield (index + 1) / spenders.length;
  }
}

function checkInput(of: Case, script: Uint8Array): undefined {
  if (isWitness(script)) {
    if (of.scriptSig.length > 0) no("a segwit address needs no scriptSig");
    return checkWitness(of, script);
  }
  const pushed = pushesOf(of.scriptSig);
  if (shapedAs("p2sh", script) && script[22] === 0x87) return checkScriptHash(of, script, pushed);
  if (of.witness.length > 0) no("an old address has no witness");
  clean(run(script, pushed, around(of, "old", script)));
}

function checkScriptHash(of: Case, script: Uint8Array, pushed: readonly Uint8Array[]): undefined {
  const redeemScript = pushed.at(-1) ?? no("its redeem script is missing");
  if (!equal(hash160(redeemScript), script.subarray(2, 22))) no("its redeem script is another address's");
  if (isWitness(redeemScript)) {
    if (!equal(of.scriptSig, push(redeemScript))) no("its scriptSig holds more than the redeem script");
    return checkWitness(of, redeemScript);
  }
  if (of.witness.length > 0) no("an old address has no witness");
  clean(run(redeemScript, pushed.slice(0, -1), around(of, "old", redeemScript)));
}

function checkWitness(of: Case, script: Uint8Array): undefined {
  const program = script.subarray(2);
  const { witness } = of;
  if (script[0] === 0 && program.length === 20) {
    if (witness.length !== 2) no("its witness is not a signature and a key");
    const code = p2pkh(program);
    return clean(run(code, witness, around(of, "v0", code)));
  }
  if (script[0] === 0 && program.length === 32) {
    const code = witness.at(-1) ?? no("its witness script is missing");
    if (!equal(sha256(code), program)) no("its witness script is another address's");
    return clean(run(code, witness.slice(0, -1), around(of, "v0", code)));
  }
  if (script[0] === 0x51 && program.length === 32) return checkTaproot(of, program);
  unsure("its address is of a kind that has no rules yet");
}

function checkTaproot(of: Case, outputKey: Uint8Array): undefined {
  const { witness } = of;
  if (witness.length > 1 && witness.at(-1)![0] === 0x50) unsure("it carries an annex");
  const [only] = witness;
  if (only === undefined) no("its witness is empty");
  if (witness.length === 1) return checkKeyPath(of, outputKey, only!);
  const control = witness.at(-1)!;
  const script = witness.at(-2)!;
  const leaf = leafHash(script);
  checkControl(of, outputKey, control, leaf);
  if ((control[0]! & 0xfe) !== 0xc0) unsure("its leaf is of a version that has no rules yet");
  // BIP 342: with one of these the script is met, whatever else it says.
  for (const { opcode } of stepsOf(script))
    if (isSuccess(opcode)) unsure("its leaf has a word without a meaning");
  clean(
    run(script, witness.slice(0, -2), { ...around(of, "tapscript", script), ...leafSignatures(of, leaf) }),
  );
}

function isSuccess(opcode: number): boolean {
  return (
    [80, 98, 137, 138].includes(opcode) ||
    (opcode >= 126 && opcode <= 129) ||
    (opcode >= 131 && opcode <= 134) ||
    (opcode >= 141 && opcode <= 142) ||
    (opcode >= 149 && opcode <= 153) ||
    (opcode >= 187 && opcode <= 254)
  );
}

function checkKeyPath(
  { common, index, curve }: Case,
  outputKey: Uint8Array,
  signature: Uint8Array,
): undefined {
  const type = schnorrType(signature);
  const digest = taprootDigester(common, type)(index);
  if (!curve.verifySchnorr(digest, outputKey, signature.subarray(0, 64))) no("the signature does not verify");
}

/** DEFAULT, or ALL written out. */
function schnorrType(signature: Uint8Array): 0 | 1 {
  if (signature.length === 64) return 0;
  return signature.length === 65 && signature[64] === 1 ? 1 : no("a signature does not bind all of it");
}

/** BIP 341: the leaf and the way to the root, with the internal key, make the output key. */
function checkControl(
  { curve }: Case,
  outputKey: Uint8Array,
  control: Uint8Array,
  leaf: Uint8Array,
): undefined {
  const steps = (control.length - 33) / 32;
  if (!Number.isInteger(steps) || steps < 0 || steps > 128) no("its control block has a wrong length");
  const internalKey = control.subarray(1, 33);
  let node = leaf;
  for (let at = 33; at < control.length; at += 32) node = branchHash(node, control.subarray(at, at + 32));
  const even = concat(Uint8Array.of(2), internalKey);
  if (!curve.isPoint(even)) no("its internal key is none");
  const made = curve.addPublic(even, tweakOf(internalKey, node));
  const odd = control[0]! & 1;
  if (made === undefined || made[0] !== 2 + odd || !equal(made.subarray(1), outputKey))
    no("its leaf is another address's");
}

/** BIP 342: so much of the witness, and as much beside it, for each signature that is checked. */
const SIGNATURE_COST = 50;

function leafSignatures(
  { common, index, curve, witness }: Case,
  leaf: Uint8Array,
): Pick<Around, "checkSignature"> {
  let left = SIGNATURE_COST + encodeWitness(witness).length;
  return {
    checkSignature(signature, publicKey) {
      if (publicKey.length !== 32)
        return publicKey.length === 0 ? no("a key is missing") : unsure("a key of a kind without rules");
      if (signature.length === 0) return false;
      left -= SIGNATURE_COST;
      if (left < 0) no("it checks more signatures than its size allows");
      const digest = taprootDigester(common, schnorrType(signature))(index, leaf);
      return (
        curve.verifySchnorr(digest, publicKey, signature.subarray(0, 64)) || no("a signature does not verify")
      );
    },
  };
}

function around(of: Case, rules: Rules, code: Uint8Array): Around {
  const { tx } = of.common;
  const { version, lockTime, inputs } = tx;
  let made: Uint8Array | undefined;
  const digestOf = rules === "old" ? legacyDigester : segwitDigester;
  const digest = () => {
    made ??= digestOf(of.common)(of.index, code);
    return made;
  };
  return {
    ...{ rules, version, lockTime, sequence: inputs[of.index]!.sequence },
    checkSignature(signature, publicKey) {
      const key = compressed(publicKey, rules, of.curve);
      if (signature.length === 0) return false;
      if (signature.at(-1) !== 1) no("a signature does not bind all of it");
      const whole = fromDer(signature.subarray(0, -1)) ?? no("a signature is not in strict form");
      if (!of.curve.verifyEcdsa(digest(), key, whole)) throw new NotBy("a signature does not verify");
      return true;
    },
  };
}

/** Before segwit keys could be written whole. */
function compressed(publicKey: Uint8Array, rules: Rules, curve: Curve): Uint8Array {
  if (publicKey.length === 33 && curve.isPoint(publicKey)) return publicKey;
  if (rules === "old" && publicKey.length === 65 && publicKey[0] === 4) {
    const short = concat(Uint8Array.of(2 + (publicKey[64]! & 1)), publicKey.subarray(1, 33));
    if (curve.isPoint(short) && equal(curve.decompress(short), publicKey)) return short;
  }
  return no("a key is not written as it must be");
}

function pushesOf(scriptSig: Uint8Array): Uint8Array[] {
  for (const { opcode } of stepsOf(scriptSig)) if (opcode > 0x60) no("its scriptSig does more than push");
  const nothing = { rules: "old", version: 0, lockTime: 0, sequence: 0 } as const;
  return [...run(scriptSig, [], { ...nothing, checkSignature: () => false })];
}

/** CLEANSTACK. */
function clean(stack: readonly Uint8Array[]): undefined {
  if (stack.length !== 1 || !isTrue(stack[0]!)) no("its script is not met");
}
