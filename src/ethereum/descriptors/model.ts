// A descriptor (ERC 7730) as Firn keeps it: for which contracts it speaks, and what it says of each function or type.

import type { Address } from "../../eip55.ts";
import type { AbiField } from "../abi.ts";

export interface Descriptor {
  /** Canonical JSON on one line: what administrators sign. */
  readonly text: string;
  /** Foreign: what it calls its contract, or whose it is. */
  readonly name: string;
  /** Foreign: where it comes from, as it says itself. */
  readonly owner: string;
  /** At least one. */
  readonly deployments: readonly Deployment[];
  /** Of typed data: what its domain must say beside contract and chain. Absent: it speaks of calls. */
  readonly domain?: ReadonlyMap<string, string>;
  readonly formats: readonly Format[];
}

export interface Deployment {
  readonly chainId: bigint;
  readonly address: Address;
}

export interface Format {
  /** Of a call: "0xa9059cbb"; of typed data: EIP 712, encodeType. */
  readonly key: string;
  /** As the descriptor writes it: "transfer(address to,uint256 value)". */
  readonly written: string;
  /** Of a call. */
  readonly args: readonly AbiField[];
  /** Foreign. */
  readonly intent: string;
  readonly shows: readonly Field[];
}

export type Field = Shown | Group;

export interface Group {
  readonly kind: "group";
  readonly path: ValuePath;
  readonly fields: readonly Field[];
}

export interface Shown {
  readonly kind: "field";
  /** Foreign. */
  readonly label: string;
  readonly of: Operand;
  readonly format: FormatName;
  readonly params: Params;
  /** It is checked, and a value that is none of these makes the descriptor say nothing of the call. */
  readonly mustMatch?: readonly string[];
}

export const FORMATS = [
  "raw",
  "amount",
  "tokenAmount",
  "nftName",
  "date",
  "duration",
  "unit",
  "enum",
  "chainId",
  "addressName",
  "tokenTicker",
  "calldata",
] as const;
export type FormatName = (typeof FORMATS)[number];

export interface Params {
  /** Of tokenAmount. */
  readonly token?: Operand;
  /** Of tokenAmount: addresses that stand for the chain's coin, small letters. */
  readonly coin?: readonly string[];
  /** Of date: a block's number instead of a time. */
  readonly block?: boolean;
  /** Of unit. */
  readonly base?: string;
  readonly decimals?: number;
  /** Of enum. */
  readonly values?: ReadonlyMap<string, string>;
  /** Of calldata. */
  readonly callee?: Operand;
  readonly amount?: Operand;
}

/** A value of the call, or a constant of the descriptor. */
export type Operand =
  | { readonly kind: "path"; readonly path: ValuePath }
  | { readonly kind: "constant"; readonly text: string };

export interface ValuePath {
  /** #: from the arguments or the message; @: from the transaction; here: from the group around it. */
  readonly root: "#" | "@" | "here";
  readonly steps: readonly Step[];
}

export type Step =
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "all" }
  | { readonly kind: "index"; readonly index: number }
  | { readonly kind: "slice"; readonly from?: number; readonly to?: number };
