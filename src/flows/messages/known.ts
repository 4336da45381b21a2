// What understanding a message needs of the session: its wallets, and any key of its own.

import { childNode, type MessageKnown } from "../../bitcoin/index.ts";
import { HARDENED } from "../../limits.ts";
import type { Curve, Path } from "../../model.ts";
import { refuse } from "../../refusal.ts";
import type { Session } from "../session.ts";

export function knownToMessages(session: Session): MessageKnown {
  const { network, templates, curve, check, keyring } = session;
  const { fingerprint } = keyring;
  return { network, templates, fingerprint, curve, check, keyAt: (path, by) => keyAt(session, path, by) };
}

/** Down to the last hardened step by the Keyring; from there as everybody derives who has the extended key. */
function keyAt({ keyring }: Session, path: Path, curve: Curve): Uint8Array {
  const below = path.findLastIndex((step) => step >= HARDENED) + 1;
  const account = keyring.account(path.slice(0, below));
  const at = path
    .slice(below)
    .reduce(
      (parent: Pick<typeof account, "publicKey" | "chainCode">, step) =>
        childNode(parent, step, curve) ?? refuse("bitcoin.path-outside-wallet"),
      account,
    );
  return at.publicKey;
}
