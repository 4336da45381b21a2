// What stands above the pages of a request on Ethereum: its own chain says whether the money is real, not the home's.

import type { EthereumReview } from "../../act.ts";
import type { Desk } from "../../ui.ts";
import type { Session } from "../session.ts";

/** A test chain's name, or that a home for practice meets a real one; of a message without a chain what stood there. */
export function bannerFor(
  { banner = "" }: Desk,
  { network }: Pick<Session, "network">,
  chain: EthereumReview["chain"],
): string | undefined {
  if (chain === undefined) return banner === "" ? undefined : banner;
  const own = banner.split(", ").filter((part) => part !== "" && part !== network.toUpperCase());
  const name = chain.name.toUpperCase();
  const real = network === "mainnet" ? [] : [`${name}, NO TEST CHAIN`];
  const parts = [...(chain.test ? [name] : real), ...own];
  return parts.length === 0 ? undefined : parts.join(", ");
}
