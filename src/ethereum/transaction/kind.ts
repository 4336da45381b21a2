// Which kind of transaction the bytes are, by their first one, and that the request calls it so.

import { refuse } from "../../refusal.ts";
import type { TransactionType } from "./transaction.ts";

/** EIP 2718: a type below, a legacy transaction's list from here on; nothing begins between. */
const MOST_TYPE = 0x7f;
const LEAST_LIST = 0xc0;
/** EIP 7702: what is hashed for an authorization begins so. */
const AUTHORIZATION = 0x05;
/** EIP 191: what is hashed for messages and typed data begins so. */
const MESSAGE = 0x19;

/** dataType: 1 legacy, 4 typed. */
export function typeOf(data: Uint8Array, dataType: 1 | 4): TransactionType {
  const first = data[0] ?? refuse("ethereum.encoding", "transaction: nothing there");
  if (first === AUTHORIZATION) refuse("ethereum.raw-authorization");
  if (first === MESSAGE) refuse("ethereum.disguised");
  if (first > MOST_TYPE && first < LEAST_LIST)
    refuse("ethereum.encoding", "transaction: neither a list nor of a type");
  const type = first >= LEAST_LIST ? 0 : first;
  if (!isType(type) || (type === 0 && first === 0)) return refuse("ethereum.unknown-type", `type ${first}`);
  if ((type === 0) !== (dataType === 1))
    refuse("ethereum.data-type", type === 0 ? "legacy, called typed" : `of type ${type}, called legacy`);
  return type;
}

function isType(type: number): type is TransactionType {
  return type <= 4;
}
