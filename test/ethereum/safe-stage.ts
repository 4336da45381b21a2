// Addresses, Safes and what is signed for them, for tests.

import { ethers } from "ethers";
import type { Act } from "../../src/act.ts";
import { type Address, writeAddress } from "../../src/eip55.ts";
import { actsOfCall } from "../../src/ethereum/calls/index.ts";
import type { CallToRead, Context } from "../../src/ethereum/context.ts";
import { readTyped, type TypedData } from "../../src/ethereum/typed/index.ts";
import { type Safe, type SafeFacts, safeOf } from "../../src/safe.ts";
import { utf8 } from "../../src/text.ts";

/** An address whose number is small and not zero. */
export function addressOf(number: number): Address {
  const bytes = new Uint8Array(20);
  bytes.set([0xa0, number >> 8, number & 255], 17);
  return writeAddress(bytes);
}

export const ZERO: Address = "0x0000000000000000000000000000000000000000";
export const [ANNA, BERT, CORA, DORA] = [1, 2, 3, 4].map(addressOf) as [Address, Address, Address, Address];
export const SAFE_ADDRESS = addressOf(99);

export function familySafe(change: Partial<SafeFacts> = {}): Safe {
  return safeOf("Family", {
    ...{ chainId: 1n, address: SAFE_ADDRESS, owners: [ANNA, BERT, CORA], threshold: 2, version: "1.4.1" },
    ...change,
  });
}

export interface TxFields {
  readonly to: string;
  readonly value: bigint;
  readonly data: string;
  readonly operation: number | bigint;
  readonly safeTxGas: bigint;
  readonly baseGas: bigint;
  readonly gasPrice: bigint;
  readonly gasToken: string;
  readonly refundReceiver: string;
  readonly nonce: bigint;
}

export const SAFE_TX = {
  SafeTx: [
    { name: "to", type: "address" },
    { name: "value", type: "uint256" },
    { name: "data", type: "bytes" },
    { name: "operation", type: "uint8" },
    { name: "safeTxGas", type: "uint256" },
    { name: "baseGas", type: "uint256" },
    { name: "gasPrice", type: "uint256" },
    { name: "gasToken", type: "address" },
    { name: "refundReceiver", type: "address" },
    { name: "nonce", type: "uint256" },
  ],
};
export const SAFE_MESSAGE = { SafeMessage: [{ name: "message", type: "bytes" }] };

export function txFields(change: Partial<TxFields> = {}): TxFields {
  return {
    ...{ to: DORA, value: 0n, data: "0x", operation: 0, safeTxGas: 0n, baseGas: 0n, gasPrice: 0n },
    ...{ gasToken: ZERO, refundReceiver: ZERO, nonce: 7n },
    ...change,
  };
}

export interface TypedShape {
  readonly chainId?: bigint | undefined;
  readonly safe?: string;
  readonly types?: Record<string, readonly { name: string; type: string }[]>;
}

/** As Safe's programs send it to a wallet. */
export function typedText(
  message: Record<string, unknown>,
  { chainId = 1n, safe = SAFE_ADDRESS, types = SAFE_TX }: TypedShape = {},
  chainless = false,
): string {
  const [primaryType] = Object.keys(types);
  const domain = chainless ? [] : [{ name: "chainId", type: "uint256" }];
  return JSON.stringify(
    {
      types: { EIP712Domain: [...domain, { name: "verifyingContract", type: "address" }], ...types },
      domain: { ...(chainless ? {} : { chainId: Number(chainId) }), verifyingContract: safe },
      primaryType,
      message,
    },
    (_, value: unknown) => (typeof value === "bigint" ? value.toString() : value),
  );
}

export function typedTx(fields: TxFields, shape: TypedShape = {}, chainless = false): TypedData {
  return readTyped(utf8(typedText({ ...fields }, shape, chainless)));
}

export function contextOf({ account = ANNA, safes = [familySafe()] as readonly Safe[] } = {}): Context {
  const context: Context = {
    ...{ account, nowSeconds: 1_760_000_000n, safes },
    nameOf: (chainId, address) =>
      safes.find((safe) => safe.chainId === chainId && safe.address === address)?.name ??
      (address === account ? "your account 0" : undefined),
    readCall: (call: CallToRead): readonly Act[] => actsOfCall(call, context),
  };
  return context;
}

/** All that acts say, on one line: what a person could read. */
export function told(acts: readonly Act[]): string {
  return JSON.stringify(acts, (_, value: unknown) => {
    if (typeof value === "bigint") return value.toString();
    return value instanceof Uint8Array ? ethers.hexlify(value) : value;
  });
}
