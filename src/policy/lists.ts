// Whether a destination is on a list: an address, an own wallet, a contract, or wherever somebody else's descriptor
// leads; and whether a contract is.

import type { Destination, List, Policy } from "../rules.ts";

type Names = readonly string[];

/** Whether a destination is on one of the lists so named. */
export type Listed = (
  names: Names,
) => (destination: Pick<Destination, "to" | "wallet" | "parties">) => boolean;

/** A contract as one of these lists can name it; selector: where it is called by it. */
export interface Reached {
  readonly chainId: bigint | undefined;
  readonly address: string;
  readonly selector?: string;
}
export type ListedContract = (names: Names) => (contract: Reached) => boolean;

export interface Lists {
  readonly isListed: Listed;
  /** By an entry for this very contract: an address alone, which is one on every chain, says nothing of it. */
  readonly isContract: ListedContract;
}

interface Index {
  readonly addresses: ReadonlySet<string>;
  readonly wallets: ReadonlySet<string>;
  readonly parties: ReadonlySet<string>;
  /** "1 0x…", "1 0x… 0xa9059cbb" */
  readonly contracts: ReadonlySet<string>;
}

/** Each list is read once, however many rules and destinations ask. chainId: of the request. */
export function listsOf({ lists }: Policy, chainId: bigint | undefined): Lists {
  const indexes = new Map<string, Index[]>();
  for (const list of lists) indexes.set(list.name, [...(indexes.get(list.name) ?? []), indexOf(list)]);
  const among = (names: Names) => names.flatMap((name) => indexes.get(name) ?? []);
  return {
    isListed: (names) => {
      const own = among(names);
      return (one) => own.some((index) => isIn(index, one) || has(index, { chainId, address: one.to }));
    },
    isContract: (names) => {
      const own = among(names);
      return (contract) => own.some((index) => has(index, contract));
    },
  };
}

function has({ contracts }: Index, { chainId, address, selector }: Reached): boolean {
  const whole = `${chainId} ${address}`;
  return contracts.has(whole) || (selector !== undefined && contracts.has(`${whole} ${selector}`));
}

function indexOf({ entries }: List): Index {
  const addresses = new Set<string>();
  const wallets = new Set<string>();
  const parties = new Set<string>();
  const contracts = new Set<string>();
  for (const entry of entries) {
    if (entry.kind === "address") addresses.add(entry.to);
    else if (entry.kind === "wallet") wallets.add(entry.fingerprint);
    else if (entry.kind === "party") parties.add(entry.name);
    else {
      const whole = `${entry.chainId} ${entry.address}`;
      for (const selector of entry.selectors ?? [undefined])
        contracts.add(selector === undefined ? whole : `${whole} ${selector}`);
    }
  }
  return { addresses, wallets, parties, contracts };
}

function isIn(
  index: Index,
  { to, wallet, parties }: Pick<Destination, "to" | "wallet" | "parties">,
): boolean {
  return (
    index.addresses.has(to) ||
    (wallet !== undefined && index.wallets.has(wallet)) ||
    (parties?.some((name) => index.parties.has(name)) ?? false)
  );
}
