// A wallet as its screens want it.

import { addressOf, compile, isNobodys, quorumOf, type Wallet } from "../../bitcoin/index.ts";
import type { Sheet } from "../../screens/pages.ts";
import { type WalletFacts, walletSheets } from "../../screens/wallet.ts";
import { nowOf, type Session } from "../session.ts";
import { keptOf } from "./kept.ts";

/** `session`: where the wallet may be kept. */
export function factsOf(wallet: Wallet, session?: Pick<Session, "state" | "key">): WalletFacts {
  const { body, uses, keys } = wallet;
  const kept = session && keptOf(session, wallet);
  return {
    ...wallet,
    quorum: quorumOf(wallet),
    closed: body.kind === "taproot" && isNobodys(uses[body.internal]!, keys),
    ...(kept ? { version: kept.version ?? 1 } : {}),
    ...(kept?.replacedBy === undefined ? {} : { replacedBy: kept.replacedBy }),
  };
}

export function firstAddress(session: Session, wallet: Wallet): string {
  return addressAt(session, wallet, wallet.receive, 0);
}

/** What somebody may pay to does not rest on one curve: both make the same address, or Firn itself is at fault. */
export function addressAt(
  { network, curve, check }: Pick<Session, "network" | "curve" | "check">,
  wallet: Wallet,
  branch: number,
  index: number,
): string {
  const [address, again] = [curve, check].map((its) =>
    addressOf(compile(wallet, its).derive(branch, index).scriptPubKey, network),
  );
  if (address === undefined || address !== again) throw new Error("two curves make two addresses");
  return address;
}

/** All of it, to be compared: how it is spent from, every key, its first address. */
export function sheetsOfWallet(session: Session, wallet: Wallet): Sheet[] {
  const { dateMs } = nowOf(session);
  const dated = { network: session.network, dateMs };
  return walletSheets(factsOf(wallet, session), firstAddress(session, wallet), dated);
}
