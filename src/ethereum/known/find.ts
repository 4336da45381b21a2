// Contracts and selectors on the shipped lists: only those who read calls need them.

import { CONTRACTS, type ContractKind, type KnownContract } from "./contracts.ts";
import { search } from "./find-token.ts";
import { SELECTORS } from "./selectors.ts";

/** `address`: small letters, with 0x. */
export function findContract(chainId: bigint, address: string): KnownContract | undefined {
  return search(CONTRACTS[Number(chainId)] ?? [], ([own]) => own, address);
}

/** `selector`: "0xa9059cbb". A guess: four bytes prove nothing. */
export function findSelector(selector: string): string | undefined {
  return search(SELECTORS, (row) => row.slice(0, 8), selector.slice(2))?.slice(9);
}

/** In the order of their addresses. */
export function contractsOfKind(chainId: bigint, kind: ContractKind): readonly KnownContract[] {
  return (CONTRACTS[Number(chainId)] ?? []).filter(([, , own]) => own === kind);
}
