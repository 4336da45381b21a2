// Whom and what policies name stays as it is, as long as one does: a rule for a wallet holds only as long as what it
// spends is known as that wallet.

import { parsePolicy, walletsIn } from "../../policy/index.ts";
import { refuse } from "../../refusal.ts";
import type { Policy, WalletRef } from "../../rules.ts";
import { shown } from "../../text.ts";
import type { HomeState } from "../state.ts";
import { orUnreadable } from "./change-words.ts";

type Policies = Pick<HomeState, "policy" | "pending">;

/** The one that holds, and one that waits. One that can no longer be read will not hold. */
export function policiesOf({ policy, pending }: Policies): readonly Policy[] {
  const waiting = pending.flatMap(({ change }) =>
    change.kind === "policy"
      ? orUnreadable(
          () => [parsePolicy(change.text)],
          () => [],
        )
      : [],
  );
  return [policy, ...waiting];
}

/** Throws Refusal bitcoin.wallet-named: gone, and registered anew in another way, it would be another wallet. */
export function refuseNamed(state: Policies, wallets: readonly WalletRef[]): void {
  const named = new Set(policiesOf(state).flatMap((one) => walletsIn(one).map((ref) => ref.fingerprint)));
  const found = wallets.find(({ fingerprint }) => named.has(fingerprint));
  if (found) refuse("bitcoin.wallet-named", `${found.fingerprint} ${shown(found.name)}`);
}
