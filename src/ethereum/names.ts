// What an address is called here: own accounts, registered Safes, and what stands on the shipped lists.

import type { Address } from "../eip55.ts";
import { type OwnAccount, ownAccount } from "./accounts.ts";
import { contractAt, tokenAt } from "./lookup.ts";
import type { KnownEthereum } from "./understand.ts";

/** Own accounts that are known by name wherever they stand: the first of the standard layout. */
const NAMED_ACCOUNTS = 10;

/** Derived, and at the first question alone: "your account 0". */
export type OwnNames = () => ReadonlyMap<Address, string>;

export function ownNames(
  account: OwnAccount,
  { nodeAt, curve }: Pick<KnownEthereum, "nodeAt" | "curve">,
): OwnNames {
  let own: ReadonlyMap<Address, string> | undefined;
  return () => {
    own ??= new Map([
      ...Array.from({ length: NAMED_ACCOUNTS }, (_, index) => {
        const { address, name } = ownAccount({ layout: "standard", index }, nodeAt, curve);
        return [address, `your ${name}`] as const;
      }),
      [account.address, `your ${account.name}`] as const,
    ]);
    return own;
  };
}

/** Whose names these are Firn knows by itself; the answer is in its own words. */
export function namesOf(
  named: OwnNames,
  { safes, listed }: Pick<KnownEthereum, "safes" | "listed">,
): (chainId: bigint, address: Address) => string | undefined {
  return (chainId, address) =>
    named().get(address) ??
    safes.find((safe) => safe.chainId === chainId && safe.address === address)?.name ??
    contractAt(chainId, address)?.name ??
    tokenName(chainId, address) ??
    listName(listed?.get(address));
}

function listName(list: string | undefined): string | undefined {
  return list && `an address on your list ${list}`;
}

function tokenName(chainId: bigint, address: Address): string | undefined {
  const token = tokenAt(chainId, address);
  return token && `${token.symbol} token`;
}
