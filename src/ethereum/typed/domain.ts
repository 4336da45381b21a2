// The domain of typed data: which program it is for, on which chain, and which contract takes it.

import type { Address } from "../../eip55.ts";
import { refuse } from "../../refusal.ts";
import { shown } from "../../text.ts";
import type { StructType } from "./schema.ts";
import type { TypedStruct, TypedValue } from "./values.ts";

export interface TypedDomain {
  /** Foreign. */
  readonly name?: string;
  /** Foreign. */
  readonly version?: string;
  readonly chainId?: bigint;
  /** verifyingContract, where it is an address. */
  readonly contract?: Address;
  /** 32 bytes. */
  readonly salt?: Uint8Array;
}

/** EIP 712; as text verifyingContract and salt come from chains that have other addresses (Injective, Evmos). */
const MEMBERS: Readonly<Record<string, RegExp>> = {
  name: /^string$/,
  version: /^string$/,
  chainId: /^uint\d*$/,
  verifyingContract: /^(address|string)$/,
  salt: /^(bytes32|string)$/,
};

/** Throws Refusal typed.domain-member. */
export function readDomain({ members }: TypedStruct, type: StructType): TypedDomain {
  for (const { name, type: written } of type.members)
    if (!Object.hasOwn(MEMBERS, name) || !MEMBERS[name]!.test(written))
      refuse("typed.domain-member", `${shown(written)} ${shown(name)}`);
  const chain = members.get("chainId");
  const contract = members.get("verifyingContract");
  const salt = members.get("salt");
  return {
    ...textOf("name", members.get("name")),
    ...textOf("version", members.get("version")),
    ...(chain?.kind === "number" ? { chainId: checkedChain(chain.value) } : {}),
    ...(contract?.kind === "address" ? { contract: contract.address } : {}),
    ...(salt?.kind === "bytes" ? { salt: salt.bytes } : {}),
  };
}

function textOf<K extends "name" | "version">(
  key: K,
  value: TypedValue | undefined,
): { [key in K]?: string } {
  return (value?.kind === "text" ? { [key]: value.text } : {}) as { [key in K]?: string };
}

function checkedChain(id: bigint): bigint {
  return isChain(id) ? id : refuse("typed.domain-member", `chainId: ${id}`);
}

function isChain(id: bigint): boolean {
  return id > 0n && id <= BigInt(Number.MAX_SAFE_INTEGER);
}

/** Tokens of Polygon's bridge have the chain's number in their salt, and no chainId. */
export function chainOfDomain({ chainId, salt, contract }: TypedDomain): bigint | undefined {
  if (chainId !== undefined || salt === undefined || contract === undefined) return chainId;
  const id = salt.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return isChain(id) ? id : undefined;
}
