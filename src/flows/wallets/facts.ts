// A wallet as its screens want it.

import { quorumOf, type Wallet } from "../../bitcoin/index.ts";
import type { WalletFacts } from "../../screens/wallet.ts";

export function factsOf(wallet: Wallet): WalletFacts {
  return { ...wallet, quorum: quorumOf(wallet) };
}
