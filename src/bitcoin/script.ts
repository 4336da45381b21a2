// Scripts of the forms that Firn knows, built from keys.

import { ripemd160 } from "@noble/hashes/legacy.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { concat } from "../bytes.ts";
import type { ScriptForm } from "./wallet.ts";

export function hash160(bytes: Uint8Array): Uint8Array {
  return ripemd160(sha256(bytes));
}

export function p2pkh(keyHash: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(0x76, 0xa9, 20), keyHash, Uint8Array.of(0x88, 0xac));
}

export function p2sh(scriptHash: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(0xa9, 20), scriptHash, Uint8Array.of(0x87));
}

/** Witness version 0..16 and its program of 2..40 bytes (BIP 141). */
export function witness(version: number, program: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(version === 0 ? 0 : 0x50 + version, program.length), program);
}

/** OP_1..OP_16, above that a pushed byte, as OP_CHECKMULTISIG's counts are written. */
function count(value: number): Uint8Array {
  return value <= 16 ? Uint8Array.of(0x50 + value) : Uint8Array.of(1, value);
}

/** OP_CHECKMULTISIG over 33-byte keys in the order given; threshold and keys 1..20. */
export function multisig(threshold: number, publicKeys: readonly Uint8Array[]): Uint8Array {
  const push = Uint8Array.of(33);
  return concat(
    count(threshold),
    ...publicKeys.flatMap((key) => [push, key]),
    count(publicKeys.length),
    Uint8Array.of(0xae),
  );
}

/** Whether a scriptPubKey has the outward shape of this form. Costs no hash and no point operation. */
export function shapedAs(form: ScriptForm, script: Uint8Array): boolean {
  switch (form) {
    case "p2pkh":
      return script.length === 25 && script[0] === 0x76;
    case "p2sh":
    case "p2sh-p2wpkh":
    case "p2sh-p2wsh":
      return script.length === 23 && script[0] === 0xa9;
    case "p2wpkh":
      return script.length === 22 && script[0] === 0;
    case "p2wsh":
      return script.length === 34 && script[0] === 0;
    case "p2tr":
      return script.length === 34 && script[0] === 0x51;
  }
}

/** A witness program (BIP 141): version 0 to 16, then one push of 2 to 40 bytes that is all the rest. */
export function isWitness(script: Uint8Array): boolean {
  const [version = -1, length] = script;
  const versioned = version === 0 || (version >= 0x51 && version <= 0x60);
  return versioned && script.length >= 4 && script.length <= 42 && length === script.length - 2;
}

export function isTaproot(script: Uint8Array): boolean {
  return shapedAs("p2tr", script) && script[1] === 32;
}
