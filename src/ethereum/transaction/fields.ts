// The values that stand in a transaction: numbers without a zero before them, addresses, hashes, and lists of them.

import { authorization } from "micro-eth-signer";
import { MOST_UNITS } from "../../assets.ts";
import { toHex } from "../../bytes.ts";
import { ADDRESS_BYTES, type Address, readAddress, writeAddress } from "../../eip55.ts";
import { LIMITS } from "../../limits.ts";
import { refuse } from "../../refusal.ts";
import { bytesOf, type Item, itemsOf } from "./rlp.ts";

const HASH_BYTES = 32;
/** EIP 2681: 2^64 - 1 is no nonce. */
export const MOST_NONCE = (1n << 64n) - 2n;

export interface AccessEntry {
  readonly address: Address;
  /** 32 bytes each. */
  readonly slots: readonly Uint8Array[];
}

/** EIP 7702: whoever signed this hands an account over to the code at `delegate`. */
export interface Authorization {
  /** 0: on every chain. */
  readonly chainId: bigint;
  /** The zero address takes a handover back. */
  readonly delegate: Address;
  readonly nonce: bigint;
  readonly yParity: 0 | 1;
  readonly r: bigint;
  readonly s: bigint;
  /** Whose account it is: recovered from the signature. */
  readonly authority: Address;
}

/** Every number of a transaction fits 256 bits. */
export function readNumber(item: Item, field: string, most: bigint = MOST_UNITS): bigint {
  const bytes = bytesOf(item, field);
  if (bytes[0] === 0) refuse("ethereum.encoding", `${field}: a number with zeros before it`);
  if (bytes.length > HASH_BYTES) refuse("ethereum.field", `${field}: larger than 256 bits`);
  const value = bytes.length === 0 ? 0n : BigInt(`0x${toHex(bytes)}`);
  return value > most ? refuse("ethereum.field", `${field}: ${value}, and ${most} is the most`) : value;
}

export function readAddressItem(item: Item, field: string): Address {
  return writeAddress(sized(item, field, ADDRESS_BYTES));
}

/** Empty: a contract is created. */
export function readTo(item: Item): Address | undefined {
  return bytesOf(item, "to").length === 0 ? undefined : readAddressItem(item, "to");
}

function sized(item: Item, field: string, length: number): Uint8Array {
  const bytes = bytesOf(item, field);
  if (bytes.length !== length)
    refuse("ethereum.field", `${field}: ${bytes.length} bytes in place of ${length}`);
  return bytes;
}

export function readAccessList(item: Item): readonly AccessEntry[] {
  return itemsOf(item, "access list", LIMITS.accessEntries).map((entry, i) => {
    const field = `access list, entry ${i + 1}`;
    const [address, slots, ...more] = itemsOf(entry, field, 2);
    if (address === undefined || slots === undefined || more.length > 0)
      return refuse("ethereum.encoding", `${field}: not an address and its slots`);
    const places = itemsOf(slots, `${field}, slots`, LIMITS.accessSlots);
    return {
      address: readAddressItem(address, field),
      slots: places.map((slot, j) => sized(slot, `${field}, slot ${j + 1}`, HASH_BYTES)),
    };
  });
}

/** EIP 4844: at least one, each of version 1. */
export function readBlobHashes(item: Item): readonly Uint8Array[] {
  const hashes = itemsOf(item, "blob hashes", LIMITS.blobHashes).map((hash, i) =>
    sized(hash, `blob hash ${i + 1}`, HASH_BYTES),
  );
  if (hashes.length === 0) refuse("ethereum.field", "blob hashes: none");
  const odd = hashes.findIndex(([version]) => version !== 1);
  if (odd >= 0) refuse("ethereum.field", `blob hash ${odd + 1}: not of version 1`);
  return hashes;
}

/** EIP 7702: at least one, each for this chain or for all. */
export function readAuthorizations(item: Item, chainId: bigint): readonly Authorization[] {
  const list = itemsOf(item, "authorizations", LIMITS.authorizations);
  if (list.length === 0) refuse("ethereum.field", "authorizations: none");
  return list.map((one, i) => readAuthorization(one, `authorization ${i + 1}`, chainId));
}

function readAuthorization(item: Item, field: string, chain: bigint): Authorization {
  const parts = itemsOf(item, field, 6);
  if (parts.length !== 6) refuse("ethereum.encoding", `${field}: ${parts.length} parts in place of 6`);
  const [chainItem, address, nonce, parity, r, s] = parts as [Item, Item, Item, Item, Item, Item];
  const chainId = readNumber(chainItem, `${field}, chain`);
  if (chainId !== 0n && chainId !== chain)
    refuse("ethereum.authorization", `${field}: for chain ${chainId}, in a transaction of chain ${chain}`);
  const read = {
    chainId,
    delegate: readAddressItem(address, `${field}, address`),
    nonce: readNumber(nonce, `${field}, nonce`, MOST_NONCE),
    yParity: readNumber(parity, `${field}, parity`, 1n) === 0n ? (0 as const) : (1 as const),
    r: readNumber(r, `${field}, r`),
    s: readNumber(s, `${field}, s`),
  };
  const authority = authorityOf(read);
  return authority === undefined
    ? refuse("ethereum.authorization", `${field}: its signature is nobody's`)
    : { ...read, authority };
}

/** Undefined where the signature is none, or has an s in the upper half (EIP 2). */
function authorityOf({ delegate, ...rest }: Omit<Authorization, "authority">): Address | undefined {
  try {
    const address = readAddress(authorization.getAuthority({ ...rest, address: delegate }));
    return address === "checksum" ? undefined : address;
  } catch {
    return undefined;
  }
}
