// Signatures as PSBTs carry them: strict DER with the sighash byte (BIP 66), BIP 340 with none or one.

import { compare, concat, fromHex } from "../bytes.ts";
import { refuse } from "../refusal.ts";
import { SIGHASH_ALL, SIGHASH_DEFAULT } from "./sighash.ts";

/** Half the group order: nodes relay no larger s (BIP 146). */
const HALF_ORDER = fromHex("7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0")!;

/** An integer of DER as 32 bytes, or undefined where it is negative, padded or too large. */
function integer(der: Uint8Array): Uint8Array | undefined {
  if (der.length === 0 || der[0]! >= 0x80) return undefined;
  if (der[0] === 0 && (der.length === 1 || der[1]! < 0x80)) return undefined;
  const digits = der[0] === 0 ? der.subarray(1) : der;
  if (digits.length > 32) return undefined;
  const out = new Uint8Array(32);
  out.set(digits, 32 - digits.length);
  return out;
}

/** r || s of strict DER (BIP 66) with low s; undefined for anything else. Without the sighash byte. */
export function fromDer(der: Uint8Array): Uint8Array | undefined {
  if (der.length < 8 || der.length > 72) return undefined;
  if (der[0] !== 0x30 || der[1] !== der.length - 2 || der[2] !== 2) return undefined;
  const rLength = der[3]!;
  const sAt = 6 + rLength;
  if (sAt > der.length || der[4 + rLength] !== 2 || der[5 + rLength] !== der.length - sAt) return undefined;
  const r = integer(der.subarray(4, 4 + rLength));
  const s = integer(der.subarray(sAt));
  if (!r || !s || compare(s, HALF_ORDER) > 0) return undefined;
  return concat(r, s);
}

/** DER of r || s (64 bytes). */
export function toDer(signature: Uint8Array): Uint8Array {
  const integers = [signature.subarray(0, 32), signature.subarray(32)].map((bytes) => {
    let at = 0;
    while (at < 31 && bytes[at] === 0) at++;
    const digits = bytes.subarray(at);
    return digits[0]! >= 0x80 ? concat(Uint8Array.of(0), digits) : digits;
  });
  const body = concat(...integers.flatMap((digits) => [Uint8Array.of(2, digits.length), digits]));
  return concat(Uint8Array.of(0x30, body.length), body);
}

const OUTPUT_WORDS: Readonly<Record<number, string>> = {
  0: "DEFAULT",
  1: "ALL",
  2: "NONE: whoever holds it could send the money anywhere",
  3: "SINGLE: all outputs but one could be changed",
};

/** What a signature type would allow, in words. */
export function sighashWords(type: number): string {
  const base = OUTPUT_WORDS[type & 0x7f];
  if (type > 0xff || base === undefined || type === 0x80) return `type ${type}, which has no meaning`;
  return type & 0x80 ? `ANYONECANPAY with ${base}; inputs could be added` : base;
}

/** The type that an input's signatures must have. Refuses all but ALL, and DEFAULT for taproot. */
export function acceptedSighash(type: number | undefined, taproot: boolean, where: string): 0 | 1 {
  if (type === undefined) return taproot ? SIGHASH_DEFAULT : SIGHASH_ALL;
  if (type === SIGHASH_ALL) return SIGHASH_ALL;
  if (type === SIGHASH_DEFAULT && taproot) return SIGHASH_DEFAULT;
  return refuse("bitcoin.sighash", `${where}: ${sighashWords(type)}`);
}
