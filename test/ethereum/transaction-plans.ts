// Transactions that are generated, and what ethers and viem write for them.

import {
  type Authorization,
  Transaction as EthersTransaction,
  getBytes,
  hexlify,
  Signature,
  type TransactionLike,
  Wallet,
} from "ethers";
import fc from "fast-check";
import { serializeTransaction, type TransactionSerializable } from "viem";
import type { TransactionType } from "../../src/ethereum/transaction/index.ts";

export interface Plan {
  readonly type: TransactionType;
  readonly chainId: bigint;
  readonly nonce: bigint;
  readonly to?: string;
  readonly value: bigint;
  readonly data: Uint8Array;
  readonly gasLimit: bigint;
  /** Of types 0 and 1 the price, of the others the highest fee. */
  readonly price: bigint;
  readonly priority: bigint;
  readonly access: readonly { readonly address: string; readonly storageKeys: readonly string[] }[];
  readonly blobs: readonly string[];
  readonly blobFee: bigint;
  readonly authorizations: readonly Authorization[];
}

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const hexOf = (length: number) => bytes(length).map((value) => hexlify(value));
/** Small ones, such as end at a length of bytes, and any. */
const upTo = (bits: number) =>
  fc.oneof(
    fc.bigInt({ min: 0n, max: 300n }),
    fc.integer({ min: 1, max: bits }).map((n) => (1n << BigInt(n)) - 1n),
    fc.bigInt({ min: 0n, max: (1n << BigInt(bits)) - 1n }),
  );

/** Never nobody's: a secret of zero, or from the curve's order on. */
export const secret = hexOf(31).map((rest) => `0x01${rest.slice(2)}`);

const authorization = (chainId: bigint) =>
  fc
    .record({ key: secret, address: hexOf(20), nonce: upTo(53), everywhere: fc.boolean() })
    .map(({ key, address, nonce, everywhere }) =>
      new Wallet(key).authorizeSync({ address, nonce, chainId: everywhere ? 0n : chainId }),
    );

const longData = fc.oneof(
  { weight: 3, arbitrary: fc.uint8Array({ maxLength: 80 }) },
  { weight: 1, arbitrary: fc.uint8Array({ minLength: 200, maxLength: 700 }) },
);

export function planOf(type: TransactionType): fc.Arbitrary<Plan> {
  const address = hexOf(20);
  const to = type >= 3 ? address : fc.option(address, { nil: undefined, freq: 8 });
  return upTo(53)
    .filter((chainId) => chainId > 0n)
    .chain((chainId) =>
      fc
        .record({
          ...{ to, nonce: upTo(53), value: upTo(200), data: longData },
          gasLimit: fc.bigInt({ min: 3_000_000n, max: 1n << 50n }),
          ...{ price: upTo(128), share: fc.integer({ min: 0, max: 100 }), blobFee: upTo(128) },
          access: fc.array(fc.record({ address, storageKeys: fc.array(hexOf(32), { maxLength: 3 }) }), {
            maxLength: type === 0 ? 0 : 3,
          }),
          blobs: fc.array(
            hexOf(31).map((rest) => `0x01${rest.slice(2)}`),
            { minLength: type === 3 ? 1 : 0, maxLength: type === 3 ? 6 : 0 },
          ),
          authorizations: fc.array(authorization(chainId), {
            minLength: type === 4 ? 1 : 0,
            maxLength: type === 4 ? 2 : 0,
          }),
        })
        .map(({ to, share, ...rest }) => ({
          ...{ ...rest, type, chainId, priority: (rest.price * BigInt(share)) / 100n },
          ...(to === undefined ? {} : { to }),
        })),
    );
}

// ---------------------------------------------------------------- ethers

export function ethersOf(plan: Plan): EthersTransaction {
  const { type, chainId, nonce, to, value, data, gasLimit, price, priority } = plan;
  const asked: TransactionLike = {
    ...{ type, chainId, nonce: Number(nonce), to: to ?? null, value, data: hexlify(data), gasLimit },
    ...(type <= 1 ? { gasPrice: price } : { maxFeePerGas: price, maxPriorityFeePerGas: priority }),
    ...(type === 0
      ? {}
      : { accessList: plan.access.map((one) => ({ ...one, storageKeys: [...one.storageKeys] })) }),
    ...(type === 3 ? { maxFeePerBlobGas: plan.blobFee, blobVersionedHashes: [...plan.blobs] } : {}),
    ...(type === 4 ? { authorizationList: [...plan.authorizations] } : {}),
  };
  return EthersTransaction.from(asked);
}

export function unsignedBytes(plan: Plan): Uint8Array {
  return getBytes(ethersOf(plan).unsignedSerialized);
}

export function dataTypeOf({ type }: Plan): 1 | 4 {
  return type === 0 ? 1 : 4;
}

// ---------------------------------------------------------------- viem

type Hex = `0x${string}`;

export function viemOf(plan: Plan): TransactionSerializable {
  const { type, chainId, nonce, to, value, data, gasLimit, price, priority } = plan;
  const base = {
    ...{ chainId: Number(chainId), nonce: Number(nonce), value, gas: gasLimit, data: hexlify(data) as Hex },
    ...(to === undefined ? {} : { to: to as Hex }),
  };
  const accessList = plan.access.map(({ address, storageKeys }) => ({
    address: address as Hex,
    storageKeys: storageKeys as readonly Hex[],
  }));
  const capped = { ...base, accessList, maxFeePerGas: price, maxPriorityFeePerGas: priority };
  if (type === 0) return { ...base, type: "legacy", gasPrice: price };
  if (type === 1) return { ...base, accessList, type: "eip2930", gasPrice: price };
  if (type === 2) return { ...capped, type: "eip1559" };
  const recipient = to as Hex;
  if (type === 3)
    return {
      ...{ ...capped, to: recipient, type: "eip4844", maxFeePerBlobGas: plan.blobFee },
      blobVersionedHashes: plan.blobs as readonly Hex[],
    };
  return {
    ...{ ...capped, to: recipient, type: "eip7702" },
    authorizationList: plan.authorizations.map((one) => {
      const { r, s, yParity } = Signature.from(one.signature);
      const { address, chainId, nonce } = one;
      return {
        ...{ address: address as Hex, chainId: Number(chainId), nonce: Number(nonce) },
        ...{ r: r as Hex, s: s as Hex, yParity },
      };
    }),
  };
}

export function viemBytes(plan: Plan): Uint8Array {
  return getBytes(serializeTransaction(viemOf(plan)));
}
