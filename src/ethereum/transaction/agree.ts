// The second reader: a transaction that another implementation reads otherwise, or writes otherwise, is refused.

import { keccak_256 } from "@noble/hashes/sha3.js";
import { Transaction } from "micro-eth-signer";
import { equal, toHex } from "../../bytes.ts";
import { refuse } from "../../refusal.ts";
import type { EthereumTransaction, TransactionType } from "./transaction.ts";

const NAMES: Readonly<Record<TransactionType, string>> = {
  0: "legacy",
  1: "eip2930",
  2: "eip1559",
  3: "eip4844",
  4: "eip7702",
};

/** data: the bytes that `mine` was read from. Throws Refusal ethereum.readers-disagree. */
export function agreeOnTransaction(mine: EthereumTransaction, data: Uint8Array): void {
  const theirs = readAgain(data);
  if (theirs.type !== NAMES[mine.type]) disagree("type");
  if (theirs.isSigned) disagree("signature");
  const [here, there] = [asTheirs(mine), theirs.raw as Fields];
  for (const field of new Set([...Object.keys(here), ...Object.keys(there)]))
    if (spelled(here[field]) !== spelled(there[field])) disagree(field);
  const again = theirs.toBytes({ includeSignature: false });
  if (!equal(again, data)) disagree("bytes");
  if (!equal(keccak_256(again), mine.digest)) disagree("digest");
}

function disagree(what: string): never {
  return refuse("ethereum.readers-disagree", what);
}

function readAgain(data: Uint8Array) {
  try {
    return Transaction.fromBytes(data);
  } catch {
    return disagree("only one of them can read it");
  }
}

type Fields = Readonly<Record<string, unknown>>;

/** The fields of each type alone, by the other library's names. */
function asTheirs(tx: EthereumTransaction): Fields {
  const { type, chainId, nonce, value, gasLimit } = tx;
  return {
    ...{ chainId, nonce, value, gasLimit, to: tx.to ?? "0x", data: hex(tx.data) },
    ...(type <= 1
      ? { gasPrice: tx.gasPrice }
      : { maxFeePerGas: tx.maxFeePerGas, maxPriorityFeePerGas: tx.maxPriorityFeePerGas }),
    ...(type === 0 ? {} : { accessList: tx.accessList.map(accessAsTheirs) }),
    ...(type === 3
      ? { maxFeePerBlobGas: tx.maxFeePerBlobGas, blobVersionedHashes: tx.blobHashes.map(hex) }
      : {}),
    ...(type === 4 ? { authorizationList: tx.authorizations.map(authorizationAsTheirs) } : {}),
  };
}

function accessAsTheirs({ address, slots }: EthereumTransaction["accessList"][number]): Fields {
  return { address, storageKeys: slots.map(hex) };
}

function authorizationAsTheirs(one: EthereumTransaction["authorizations"][number]): Fields {
  const { chainId, delegate, nonce, yParity, r, s } = one;
  return { chainId, address: delegate, nonce, yParity, r, s };
}

function hex(bytes: Uint8Array): string {
  return `0x${toHex(bytes)}`;
}

function spelled(value: unknown): string | undefined {
  return JSON.stringify(value, (_, inner) => (typeof inner === "bigint" ? `${inner}n` : inner));
}
