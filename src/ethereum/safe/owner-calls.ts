// Calls by which a Safe changes its owners: known by their selectors, read strictly.

import { keccak_256 } from "@noble/hashes/sha3.js";
import { toHex } from "../../bytes.ts";
import type { Address } from "../../eip55.ts";
import { utf8 } from "../../text.ts";
import { type AbiValue, decodeAbi, readSignature } from "../abi.ts";
import type { CallToRead } from "../context.ts";
import { selectorOf } from "./acts.ts";
import type { Change } from "./changes.ts";

export interface CallReader {
  readonly selector: string;
  /** Undefined where the data are no such call, to the last byte. */
  readonly values: (data: Uint8Array) => readonly AbiValue[] | undefined;
}

export function readerOf(signature: string): CallReader {
  const read = readSignature(signature);
  if (!read) throw new Error(`not a signature: ${signature}`);
  const selector = `0x${toHex(keccak_256(utf8(read.canonical)).subarray(0, 4))}`;
  return {
    selector,
    values: (data) => {
      if (selectorOf(data) !== selector) return undefined;
      const decoded = decodeAbi(read.fields, data.subarray(4));
      return decoded && decoded.rest.length === 0 ? decoded.values : undefined;
    },
  };
}

type ToChange = (values: readonly AbiValue[]) => Change;

/** What stands before an owner in the contract's list is of no use to people, and follows from the owner. */
const CHANGES: readonly (readonly [CallReader, ToChange])[] = [
  [
    readerOf("addOwnerWithThreshold(address owner,uint256 threshold)"),
    ([owner, threshold]) => ({ kind: "add", owner: owner as Address, threshold: threshold as bigint }),
  ],
  [
    readerOf("removeOwner(address previous,address owner,uint256 threshold)"),
    ([, owner, threshold]) => ({ kind: "remove", owner: owner as Address, threshold: threshold as bigint }),
  ],
  [
    readerOf("swapOwner(address previous,address owner,address by)"),
    ([, owner, by]) => ({ kind: "swap", owner: owner as Address, by: by as Address }),
  ],
  [
    readerOf("changeThreshold(uint256 threshold)"),
    ([threshold]) => ({ kind: "threshold", threshold: threshold as bigint }),
  ],
];

export const CHANGE_SELECTORS: readonly string[] = CHANGES.map(([{ selector }]) => selector);

/** A Safe obeys only itself: from anywhere else such a call changes nothing. */
export function changeIn({ from, to, data, delegate }: CallToRead): Change | undefined {
  if (to !== from || delegate) return undefined;
  for (const [reader, toChange] of CHANGES) {
    const values = reader.values(data);
    if (values) return toChange(values);
  }
  return undefined;
}
