// The signature as it leaves: r || s || v (EIP 4527). What v is depends on what was signed.

import { Transaction } from "micro-eth-signer";
import { concat, equal, toHex } from "../../bytes.ts";
import type { Curve } from "../../curve.ts";
import { type Address, readAddress } from "../../eip55.ts";

/** legacy: EIP 155. typed-transaction: EIP 2718. message: EIP 191, and typed data (EIP 712). */
export type SignatureForm = "legacy" | "typed-transaction" | "message";

const SIGNATURE_BYTES = 64;
const HALF = 32;

/** Which of the two keys that could have made the signature is the one that did. */
export function recoveryOf(
  curve: Curve,
  digest: Uint8Array,
  signature: Uint8Array,
  publicKey: Uint8Array,
): 0 | 1 {
  for (const id of [0, 1] as const) {
    const found = curve.recoverEcdsa(digest, signature, id);
    if (found && equal(found, publicKey)) return id;
  }
  // An r above the curve's order takes 2^127 signatures to meet.
  throw new Error("the signature does not lead back to its key");
}

/** v: one byte; for legacy transactions as many as chainId * 2 + 35 needs. */
export function writeSignature(
  form: SignatureForm,
  signature: Uint8Array,
  recovery: 0 | 1,
  chainId?: bigint,
): Uint8Array {
  if (signature.length !== SIGNATURE_BYTES) throw new Error("a signature has 64 bytes");
  return concat(signature, bigEndian(vOf(form, recovery, chainId)));
}

function vOf(form: SignatureForm, recovery: 0 | 1, chainId: bigint | undefined): bigint {
  if (form === "typed-transaction") return BigInt(recovery);
  if (form === "message") return BigInt(27 + recovery);
  if (chainId === undefined || chainId < 1n) throw new Error("a legacy signature needs its chain");
  return chainId * 2n + 35n + BigInt(recovery);
}

/** In as few bytes as it takes, one at least. */
function bigEndian(value: bigint): Uint8Array {
  const digits = value.toString(16);
  const even = digits.padStart(digits.length + (digits.length % 2), "0");
  return Uint8Array.from(even.match(/../g)!, (pair) => Number.parseInt(pair, 16));
}

/**
 * Before the reply leaves: r, s and v, put into the transaction that came, make it a signed one that reads back as the
 * same transaction, sent by this account. Throws where not: that is a bug, or a key that answers wrongly.
 */
export function checkSigned(data: Uint8Array, signature: Uint8Array, account: Address): void {
  const { type, raw } = Transaction.fromBytes(data);
  const r = BigInt(`0x${toHex(signature.subarray(0, HALF))}`);
  const s = BigInt(`0x${toHex(signature.subarray(HALF, SIGNATURE_BYTES))}`);
  const yParity = parityOf(type, signature.subarray(SIGNATURE_BYTES), raw.chainId);
  const sent = Transaction.fromBytes(new Transaction(type, { ...raw, r, s, yParity }, LOOSE).toBytes());
  if (!sent.isSigned || readAddress(sent.recoverSender().address) !== account)
    throw new Error("the signed transaction is not this account's");
  if (!equal(sent.toBytes({ includeSignature: false }), data))
    throw new Error("the signed transaction is not the one that came");
}

/** The bounds that it keeps for people's typing are Firn's policy here. */
const LOOSE = { strict: false };

function parityOf(type: string, v: Uint8Array, chainId: bigint | undefined): 0 | 1 {
  const parity = BigInt(`0x${toHex(v)}`) - (type === "legacy" ? (chainId ?? 0n) * 2n + 35n : 0n);
  if (parity === 0n || parity === 1n) return parity === 0n ? 0 : 1;
  throw new Error("v is not what this transaction asks for");
}
