// What those who tell acts apart know beside the call or the typed data itself.

import type { Act } from "../act.ts";
import type { Address } from "../eip55.ts";
import type { Safe } from "../safe.ts";
import type { Descriptors } from "./descriptors/index.ts";

export interface Context {
  /** Whose key signs. */
  readonly account: Address;
  /** The date that people see, Unix, seconds: tells far deadlines; nothing else goes by it. */
  readonly nowSeconds: bigint;
  /** Registered here. */
  readonly safes: readonly Safe[];
  /** What the shipped lists, own accounts and registered Safes call it; never what a request says. */
  readonly nameOf: (chainId: bigint, address: Address) => string | undefined;
  /** Another account of the same seed, as far as they are derived by themselves; absent: none is known. */
  readonly isOwn?: (address: Address) => boolean;
  /** Own accounts, and addresses on the policy's lists: what another one may be made to look like. Absent: none. */
  readonly familiar?: () => readonly Address[];
  /** What the owner's administrators say of contracts; absent: nothing. */
  readonly descriptors?: Descriptors;
  /** Reads a call that is inside another one, or inside typed data. */
  readonly readCall: (call: CallToRead) => readonly Act[];
}

export interface CallToRead {
  readonly chainId: bigint;
  /** Who makes the call: the account itself, or a Safe that it signs for. What leaves, leaves from there. */
  readonly from: Address;
  /** Absent: a contract is created. */
  readonly to?: Address;
  /** Of the chain's coin, smallest unit. */
  readonly value: bigint;
  readonly data: Uint8Array;
  /** See Act.depth; at LIMITS.ethereumDepth it is refused. */
  readonly depth: number;
  /** The code of `to` runs as `from`. */
  readonly delegate?: true;
}
