// A request on Ethereum is read with what the session knows: its key, its Safes, the date.

import { type EthereumRequest, type KnownEthereum, understand } from "../../ethereum/index.ts";
import type { EthereumMessage } from "../../model.ts";
import type { Desk } from "../../ui.ts";
import { perform } from "../../ui.ts";
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
    nowSeconds: BigInt(Math.floor(nowOf(session).dateMs / 1000)),
  };
}
