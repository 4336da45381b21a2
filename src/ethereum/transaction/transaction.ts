// A transaction that asks to be signed, read from its bytes: legacy with the chain in it (EIP 155), and the typed ones
// of EIP 2718. It is unsigned, whole, and in the one spelling that it has. The digest is of the very bytes that came.

import { keccak_256 } from "@noble/hashes/sha3.js";
import type { Address } from "../../eip55.ts";
import { LIMITS } from "../../limits.ts";
import { refuse } from "../../refusal.ts";
import {
  type AccessEntry,
  type Authorization,
  MOST_NONCE,
  readAccessList,
  readAuthorizations,
  readBlobHashes,
  readNumber,
  readTo,
} from "./fields.ts";
import { typeOf } from "./kind.ts";
import { bytesOf, type Item, itemsOf, readItem } from "./rlp.ts";
import { checkSense } from "./sense.ts";

export type { AccessEntry, Authorization } from "./fields.ts";

/** 0 legacy, 1 EIP 2930, 2 EIP 1559, 3 EIP 4844, 4 EIP 7702. */
export type TransactionType = 0 | 1 | 2 | 3 | 4;

export interface EthereumTransaction {
  readonly type: TransactionType;
  readonly chainId: bigint;
  readonly nonce: bigint;
  /** Absent: a contract is created. */
  readonly to?: Address;
  readonly value: bigint;
  /** A view of the bytes that came. */
  readonly data: Uint8Array;
  readonly gasLimit: bigint;
  /** Types 0 and 1: what a unit of gas costs. */
  readonly gasPrice?: bigint;
  /** Types 2, 3 and 4: the most that it costs, and how much of that at most goes to whoever makes the block. */
  readonly maxFeePerGas?: bigint;
  readonly maxPriorityFeePerGas?: bigint;
  readonly accessList: readonly AccessEntry[];
  /** Type 3: hashes of 32 bytes, and the most that a unit of their gas costs. */
  readonly blobHashes: readonly Uint8Array[];
  readonly maxFeePerBlobGas?: bigint;
  /** Type 4. */
  readonly authorizations: readonly Authorization[];
  /** What is signed: 32 bytes. */
  readonly digest: Uint8Array;
}

const PRICED = ["gas price", "gas limit", "to", "value", "data"] as const;
const CAPPED = ["priority fee", "highest fee", "gas limit", "to", "value", "data", "access list"] as const;
type Field =
  | "nonce"
  | "chain id"
  | "r"
  | "s"
  | (typeof PRICED)[number]
  | (typeof CAPPED)[number]
  | "blob fee"
  | "blob hashes"
  | "authorizations";

/** What stands in each type, in order. */
const FIELDS: Readonly<Record<TransactionType, readonly Field[]>> = {
  0: ["nonce", ...PRICED, "chain id", "r", "s"],
  1: ["chain id", "nonce", ...PRICED, "access list"],
  2: ["chain id", "nonce", ...CAPPED],
  3: ["chain id", "nonce", ...CAPPED, "blob fee", "blob hashes"],
  4: ["chain id", "nonce", ...CAPPED, "authorizations"],
};
const SIGNATURE_FIELDS = 3;
const MOST_CHAIN = BigInt(Number.MAX_SAFE_INTEGER);
const MOST_GAS = BigInt(LIMITS.ethereumGas);

type Fields = (field: Field) => Item;

/** dataType: as the request names it. Throws Refusal ethereum.*. */
export function readTransaction(data: Uint8Array, dataType: 1 | 4): EthereumTransaction {
  if (data.length > LIMITS.ethereumBytes)
    refuse("ethereum.field", `transaction: ${data.length} bytes, and ${LIMITS.ethereumBytes} are the most`);
  const type = typeOf(data, dataType);
  const of = fieldsOf(type, data);
  const chainId = readChain(of("chain id"));
  const to = readTo(of("to"));
  const transaction = {
    ...{ type, chainId, ...(to === undefined ? {} : { to }) },
    nonce: readNumber(of("nonce"), "nonce", MOST_NONCE),
    value: readNumber(of("value"), "value"),
    data: bytesOf(of("data"), "data"),
    gasLimit: readNumber(of("gas limit"), "gas limit", MOST_GAS),
    ...readPrice(type, of),
    accessList: type === 0 ? [] : readAccessList(of("access list")),
    ...readBlobs(type, of),
    authorizations: type === 4 ? readAuthorizations(of("authorizations"), chainId) : [],
    digest: keccak_256(data),
  };
  checkSense(transaction);
  return transaction;
}

function fieldsOf(type: TransactionType, data: Uint8Array): Fields {
  const names = FIELDS[type];
  const list = readItem(type === 0 ? data : data.subarray(1), "transaction");
  const items = itemsOf(list, "transaction", names.length + SIGNATURE_FIELDS);
  if (type === 0 && items.length === names.length - SIGNATURE_FIELDS) refuse("ethereum.no-chain");
  if (type !== 0 && items.length === names.length + SIGNATURE_FIELDS) refuse("ethereum.already-signed");
  if (items.length !== names.length)
    refuse("ethereum.encoding", `transaction: ${items.length} fields in place of ${names.length}`);
  const of: Fields = (field) => items[names.indexOf(field)]!;
  // EIP 155: where the signature will stand, an unsigned one has its chain and two empty fields.
  if (type === 0 && (["r", "s"] as const).some((field) => readNumber(of(field), field) > 0n))
    refuse("ethereum.already-signed");
  return of;
}

function readChain(item: Item): bigint {
  const chainId = readNumber(item, "chain id");
  if (chainId === 0n) refuse("ethereum.no-chain", "chain id: 0");
  return chainId > MOST_CHAIN ? refuse("ethereum.field", `chain id: ${chainId} is none`) : chainId;
}

type Price = Pick<EthereumTransaction, "gasPrice" | "maxFeePerGas" | "maxPriorityFeePerGas">;

function readPrice(type: TransactionType, of: Fields): Price {
  if (type <= 1) return { gasPrice: readNumber(of("gas price"), "gas price") };
  return {
    maxFeePerGas: readNumber(of("highest fee"), "highest fee"),
    maxPriorityFeePerGas: readNumber(of("priority fee"), "priority fee"),
  };
}

function readBlobs(
  type: TransactionType,
  of: Fields,
): Pick<EthereumTransaction, "blobHashes" | "maxFeePerBlobGas"> {
  if (type !== 3) return { blobHashes: [] };
  return {
    blobHashes: readBlobHashes(of("blob hashes")),
    maxFeePerBlobGas: readNumber(of("blob fee"), "blob fee"),
  };
}
