// Whether a policy fits this device: what it names is here, or it could never do what it says.

import { readWallet } from "../../bitcoin/index.ts";
import type { Curve, Network } from "../../model.ts";
import { partiesIn, personsIn, walletsIn } from "../../policy/index.ts";
import { refuse } from "../../refusal.ts";
import { CODE, type Policy, type WalletRef } from "../../rules.ts";
import { shown } from "../../text.ts";

export interface Here {
  readonly network: Network;
  readonly curve: Curve;
  /** Who is enrolled. */
  readonly people: readonly string[];
  readonly wallets: readonly WalletRef[];
}

/** Throws Refusal change.network, change.person, change.wallet, bitcoin.* for a descriptor that is none. */
export function checkFits({ network, curve, people, wallets }: Here, next: Policy): void {
  if (next.network !== network) refuse("change.network", `${next.network}, not ${network}`);
  for (const person of personsIn(next))
    if (person !== CODE && !people.includes(person)) refuse("change.person", shown(person));
  for (const { descriptor } of partiesIn(next)) readWallet(descriptor, network, curve);
  for (const { fingerprint, name } of walletsIn(next)) {
    const isHere = wallets.some((one) => one.fingerprint === fingerprint && one.name === name);
    if (!isHere) refuse("change.wallet", `${fingerprint} ${shown(name)}`);
  }
}
