// A request on Ethereum is read with what the session knows: its key, its Safes, the date.

import { type Address, readAddress } from "../../eip55.ts";
import { type EthereumRequest, type KnownEthereum, understand } from "../../ethereum/index.ts";
import type { EthereumMessage } from "../../model.ts";
import type { Policy } from "../../rules.ts";
import type { Desk } from "../../ui.ts";
import { perform } from "../../ui.ts";
import { policyNow } from "../emergency/active.ts";
import { nowOf, type Session } from "../session.ts";
import { openDescriptors } from "./descriptor-words.ts";

/** Throws Refusal ethereum.*, safe.*. */
export function readRequest(
  desk: Desk,
  session: Session,
  message: EthereumMessage,
): Promise<EthereumRequest> {
  return perform(desk, "Reading the request", understand(message, knownTo(session)));
}

function knownTo(session: Session): KnownEthereum {
  const { network, curve, check, keyring, state } = session;
  return {
    ...{ network, curve, check, fingerprint: keyring.fingerprint },
    nodeAt: (path) => keyring.account(path),
    safes: state.safes ?? [],
    descriptors: openDescriptors(state),
    listed: listedIn(policyNow(session)),
    nowSeconds: BigInt(Math.floor(nowOf(session).dateMs / 1000)),
  };
}

/** The owner chose them: they are known by the list's name, and what only looks like one of them is said to. */
function listedIn({ lists }: Policy): ReadonlyMap<Address, string> {
  const listed = new Map<Address, string>();
  for (const { name, entries } of lists)
    for (const entry of entries) {
      const address = entry.kind === "address" ? readAddress(entry.to) : undefined;
      if (address !== undefined && address !== "checksum") listed.set(address, name);
    }
  return listed;
}
