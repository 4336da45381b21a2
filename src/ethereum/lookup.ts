// What the shipped lists call addresses and selectors. Symbols, decimals and names come from here alone.

import { fromHex } from "../bytes.ts";
import { type Address, writeAddress } from "../eip55.ts";
import type { ContractKind } from "./known/contracts.ts";
import { CONTRACTS } from "./known/contracts.ts";
import { contractsOfKind, findContract, findSelector } from "./known/find.ts";
import { findToken } from "./known/find-token.ts";
import { TOKENS } from "./known/tokens.ts";

export interface ListedToken {
  readonly address: Address;
  readonly symbol: string;
  readonly decimals: number;
}

export interface ListedContract {
  readonly address: Address;
  /** "Uniswap V3 Router". */
  readonly name: string;
  readonly kind?: ContractKind;
}

export function tokenAt(chainId: bigint, address: Address): ListedToken | undefined {
  const found = findToken(chainId, address.toLowerCase());
  return found && { address, symbol: found[1], decimals: found[2] };
}

export function contractAt(chainId: bigint, address: Address): ListedContract | undefined {
  const found = findContract(chainId, address.toLowerCase());
  return found && { address, name: found[1], ...(found[2] === undefined ? {} : { kind: found[2] }) };
}

/** The contract that gives a token for the chain's coin, and the coin back. */
export function wrappedCoin(chainId: bigint): Address | undefined {
  const [found] = contractsOfKind(chainId, "wrapped-coin");
  return found && spelled(found[0]);
}

/** "transfer(address,uint256)" of "0xa9059cbb": a guess, because four bytes prove nothing. */
export function selectorText(selector: string): string | undefined {
  return findSelector(selector.toLowerCase());
}

export interface Listed {
  readonly address: Address;
  readonly name: string;
}

/** Every token and contract that is listed on a chain: what an address that only looks like one is compared with. */
export function listedOn(chainId: bigint): readonly Listed[] {
  const tokens = (TOKENS[Number(chainId)] ?? []).map(([contract, symbol]) => [contract, symbol] as const);
  const contracts = (CONTRACTS[Number(chainId)] ?? []).map(([address, name]) => [address, name] as const);
  return [...tokens, ...contracts].map(([address, name]) => ({ address: spelled(address), name }));
}

function spelled(digits: string): Address {
  return writeAddress(fromHex(digits.slice(2))!);
}
