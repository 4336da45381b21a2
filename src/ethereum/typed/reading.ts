// What one reader of typed data is handed, and the sentences that several share.

import type { Act } from "../../act.ts";
import type { Address } from "../../eip55.ts";
import { caution, danger, deadlineSaid, type Said } from "../calls/making.ts";
import type { Context } from "../context.ts";
import { Members } from "./members.ts";
import { chainOf, type TypedData } from "./read.ts";

/** Typed data that names its contract and its chain. */
export interface Site {
  readonly typed: TypedData;
  readonly message: Members;
  readonly contract: Address;
  readonly chainId: bigint;
  /** Whose key signs. */
  readonly from: Address;
}

/** Undefined: it is not what its type says; then it stays unknown. */
export type ReadMessage = (site: Site, context: Context) => readonly Act[] | undefined;

export function siteOf(typed: TypedData, context: Context): Site | undefined {
  const { contract } = typed.domain;
  const chainId = chainOf(typed);
  if (contract === undefined || chainId === undefined) return undefined;
  return { typed, message: new Members(typed.message), contract, chainId, from: context.account };
}

export const LEAVES_BY_SIGNATURE = caution(
  "Nothing more is asked of you: whoever has this signature can hand it in, and pays for it.",
);

/** role: "owner", "sender". */
export function ownerSaid(owner: Address, role: string, context: Context): readonly Said[] {
  if (owner === context.account) return [];
  return [danger(`The ${role} in it is ${owner}: that is not the account that signs.`)];
}

/** Of when a signature can be handed in at the latest. */
export function untilSaid(seconds: bigint, context: Context): readonly Said[] {
  if (seconds < context.nowSeconds) return [caution("By the date here its time is over already.")];
  return deadlineSaid(seconds, context);
}
