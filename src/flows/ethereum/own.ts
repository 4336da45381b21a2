// Own accounts as the session has them: keys below hardened steps come from the Keyring, the rest from what it gives.

import { type Account, type Layout, type NodeAt, type OwnAccount, ownAccount } from "../../ethereum/index.ts";
import type { Session } from "../session.ts";

export function nodesOf({ keyring }: Session): NodeAt {
  return (path) => keyring.account(path);
}

/** What somebody may pay to does not rest on one curve: both make the same address, or Firn itself is at fault. */
export function accountOf(session: Session, account: Account): OwnAccount {
  const own = ownAccount(account, nodesOf(session), session.curve);
  if (ownAccount(account, nodesOf(session), session.check).address !== own.address)
    throw new Error("curves disagree on an address");
  return own;
}

/** In the order in which they are offered: most people have the first alone. */
export const LAYOUT_ITEMS: readonly { readonly label: string; readonly answer: Layout }[] = [
  { label: "As most programs count: account 0, 1, 2", answer: "standard" },
  { label: "As Ledger Live counts", answer: "ledger-live" },
  { label: "As old Ledger programs count (MEW)", answer: "ledger-legacy" },
];

export const LAYOUT_PATHS: Readonly<Record<Layout, string>> = {
  standard: "m/44'/60'/0'/0/i",
  "ledger-live": "m/44'/60'/i'/0/0",
  "ledger-legacy": "m/44'/60'/0'/i",
};
