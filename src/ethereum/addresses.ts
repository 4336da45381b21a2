// An address that somebody shows: how it is written, and whose it is.

import { chainName } from "../assets.ts";
import type { Curve } from "../curve.ts";
import { type Address, readAddress } from "../eip55.ts";
import { refuse } from "../refusal.ts";
import type { Work } from "../request.ts";
import { LAYOUTS, type NodeAt, type OwnAccount, ownAccount } from "./accounts.ts";
import { CHAINS } from "./known/chains.ts";
import { contractAt, tokenAt } from "./lookup.ts";

/** What a code says: the address, and what stands beside it. */
export interface AskedAddress {
  readonly address: Address;
  /** It carries the checksum of EIP 55. */
  readonly checked: boolean;
  /** The chain that it names, by number. */
  readonly chainId?: bigint;
  /** Foreign: the chain's short name (EIP 3770), where Firn knows none of that name. */
  readonly chainSaid?: string;
  /** A transfer of this token is asked for, and the address is who receives it. */
  readonly token?: Address;
  /** Foreign, as they stand; those of a payment request (EIP 681). */
  readonly added: readonly { readonly name: string; readonly value: string }[];
}

/** Short names of chains (EIP 3770), as ethereum-lists/chains has them. */
const SHORT_NAMES: Readonly<Record<string, number>> = {
  eth: 1,
  oeth: 10,
  bnb: 56,
  gno: 100,
  pol: 137,
  matic: 137,
  base: 8453,
  arb1: 42161,
  celo: 42220,
  avax: 43114,
  linea: 59144,
  scr: 534352,
  zksync: 324,
  sep: 11155111,
};

const SHAPE =
  /^(?:([0-9a-z-]{2,32}):(?:(pay-)|(\d{1,16}):)?)?(0x[0-9a-f]{40})(?:@(\d{1,16}))?(?:\/([a-z]{1,32}))?$/i;

/** Throws Refusal ethereum.address, ethereum.checksum. */
export function readAddressText(text: string, query?: string): AskedAddress {
  const [, scheme, pay, numbered, digits, at, call] = SHAPE.exec(text.trim()) ?? [];
  if (digits === undefined) return refuse("ethereum.address", "it is not written as one");
  const name = scheme?.toLowerCase();
  const isRequest = name === "ethereum";
  if ((numbered !== undefined) !== (name === "eip155"))
    return refuse("ethereum.address", "its chain is not written as one");
  if (!isRequest && (pay ?? at ?? call ?? query) !== undefined)
    return refuse("ethereum.address", "more stands behind it than an address has");
  const chain = chainOf(isRequest ? at : (numbered ?? name));
  const added = addedOf(query);
  if (call === undefined) return { ...told(digits), ...chain, added };
  if (call !== "transfer") return refuse("ethereum.address", "it asks for a call, not for a payment");
  const to = added.find((one) => one.name === "address")?.value ?? "";
  const rest = added.filter((one) => one.name !== "address");
  return { ...told(to), ...chain, token: told(digits).address, added: rest };
}

function told(digits: string): Pick<AskedAddress, "address" | "checked"> {
  const address = readAddress(digits);
  if (address === "checksum") return refuse("ethereum.checksum", digits);
  if (address === undefined) return refuse("ethereum.address", "it names nobody who receives");
  return { address, checked: address.slice(2) === digits.slice(2) && /[A-F]/.test(digits) };
}

/** A number, or a short name. */
function chainOf(said: string | undefined): Pick<AskedAddress, "chainId" | "chainSaid"> {
  if (said === undefined) return {};
  if (/^\d+$/.test(said))
    return said === "0" ? refuse("ethereum.address", "chain 0") : { chainId: BigInt(said) };
  const known = Object.hasOwn(SHORT_NAMES, said) ? SHORT_NAMES[said] : undefined;
  return CHAINS.some(({ id }) => id === known) ? { chainId: BigInt(known!) } : { chainSaid: said };
}

/** Names and values of a query. A name that comes twice is refused: one program reads the first, another the last. */
function addedOf(query: string | undefined): AskedAddress["added"] {
  const pairs = (query ?? "").split("&").filter((pair) => pair !== "");
  const read = pairs.map((pair) => {
    const at = pair.indexOf("=");
    return at < 0 ? { name: pair, value: "" } : { name: pair.slice(0, at), value: pair.slice(at + 1) };
  });
  if (new Set(read.map(({ name }) => name)).size < read.length)
    return refuse("ethereum.address", "it says the same thing twice");
  return read;
}

// ---------------------------------------------------------------- whose it is

export interface Looked {
  /** It is this account's. */
  readonly own?: OwnAccount;
  /** It is nobody's here, and begins and ends like this one. */
  readonly alike?: OwnAccount;
}

/** `from`, and how many accounts of each layout after it. */
export interface Range {
  readonly from: number;
  readonly count: number;
}

/** Yields the share done after each account. */
export function* findAccount(address: Address, range: Range, nodeAt: NodeAt, curve: Curve): Work<Looked> {
  let alike: OwnAccount | undefined;
  for (let i = 0; i < range.count; i++)
    for (const [number, layout] of LAYOUTS.entries()) {
      const own = ownAccount({ layout, index: range.from + i }, nodeAt, curve);
      if (own.address === address) return { own };
      if (isAlike(own.address, address)) alike ??= own;
      yield (i + (number + 1) / LAYOUTS.length) / range.count;
    }
  return alike ? { alike } : {};
}

/** People compare the ends; so many digits of both are the same by chance once in sixteen million addresses. */
const ALIKE_DIGITS = 3;

export function isAlike(a: Address, b: Address): boolean {
  const [one, other] = [a.slice(2).toLowerCase(), b.slice(2).toLowerCase()];
  const begins = one.slice(0, ALIKE_DIGITS) === other.slice(0, ALIKE_DIGITS);
  return one !== other && begins && one.slice(-ALIKE_DIGITS) === other.slice(-ALIKE_DIGITS);
}

/** What the shipped lists call it, with the chain: on this one, or wherever it is listed. */
export function listedNames(address: Address, chainId?: bigint): readonly string[] {
  const chains = chainId === undefined ? CHAINS.map(({ id }) => BigInt(id)) : [chainId];
  return chains.flatMap((id) => {
    const token = tokenAt(id, address);
    const name = contractAt(id, address)?.name ?? (token && `${token.symbol}, a token`);
    return name === undefined ? [] : [`${name} (${chainName(id)})`];
  });
}
