// Whether a destination is on a list: an address, an own wallet, or wherever somebody else's descriptor leads.

import type { Destination, List, Policy } from "../rules.ts";

/** Whether a destination is on one of the lists so named. */
export type Listed = (names: readonly string[]) => (destination: Destination) => boolean;

interface Index {
  readonly addresses: ReadonlySet<string>;
  readonly wallets: ReadonlySet<string>;
  readonly parties: ReadonlySet<string>;
}

/** Each list is read once, however many rules and destinations ask. */
export function listedIn({ lists }: Policy): Listed {
  const indexes = new Map<string, Index[]>();
  for (const list of lists) indexes.set(list.name, [...(indexes.get(list.name) ?? []), indexOf(list)]);
  return (names) => {
    const among = names.flatMap((name) => indexes.get(name) ?? []);
    return (destination) => among.some((index) => isIn(index, destination));
  };
}

function indexOf({ entries }: List): Index {
  const addresses = new Set<string>();
  const wallets = new Set<string>();
  const parties = new Set<string>();
  for (const entry of entries) {
    if (entry.kind === "address") addresses.add(entry.to);
    else if (entry.kind === "wallet") wallets.add(entry.fingerprint);
    else parties.add(entry.name);
  }
  return { addresses, wallets, parties };
}

function isIn(index: Index, { to, wallet, parties }: Destination): boolean {
  return (
    index.addresses.has(to) ||
    (wallet !== undefined && index.wallets.has(wallet)) ||
    (parties?.some((name) => index.parties.has(name)) ?? false)
  );
}
