// What stands above the pages of a request on Ethereum: its own chain says whether the money is real, not the home's.

import type { EthereumReview } from "../../act.ts";
import type { Desk } from "../../ui.ts";
import type { Session } from "../session.ts";

/** Of accounts, which are the same on every chain: in a home for practice they hold real coins all the same. */
export function bannerOfAccounts(desk: Desk, { network }: Pick<Session, "network">): string | undefined {
  return network === "mainnet" ? desk.banner : ["REAL CHAINS TOO", ...beside(desk, network)].join(", ");
}

/** A test chain's name, or that a home for practice meets a real one; a message without a chain holds on every one. */
export function bannerFor(
  desk: Desk,
  session: Pick<Session, "network">,
  chain: EthereumReview["chain"],
): string | undefined {
  const { network } = session;
  if (chain === undefined) return bannerOfAccounts(desk, session);
  const name = chain.name.toUpperCase();
  const real = network === "mainnet" ? [] : [`${name}, NO TEST CHAIN`];
  const parts = [...(chain.test ? [name] : real), ...beside(desk, network)];
  return parts.length === 0 ? undefined : parts.join(", ");
}

/** What a banner says beside the home's network. */
function beside({ banner = "" }: Desk, network: Session["network"]): string[] {
  return banner.split(", ").filter((part) => part !== "" && part !== network.toUpperCase());
}
