// What a wallet program is shown to learn the accounts of a layout: public keys, nothing else.

import type { PublicNode } from "../child.ts";
import type { Curve } from "../curve.ts";
import { HARDENED } from "../limits.ts";
import type { Fingerprint, Path } from "../model.ts";
import { keyOfAccount, type Layout, pathOfAccount } from "./accounts.ts";

/** An extended key, as the Keyring gives it for a path of hardened steps. */
export interface PairingNode extends PublicNode {
  /** Of the master key. */
  readonly fingerprint: Fingerprint;
  /** Of the key one step up. */
  readonly parentFingerprint: Fingerprint;
}

/** Programs read Ledger Live's accounts by fives, and offer ten. */
export const PAIRED_ACCOUNTS = 10;

const ROOT: Path = [44 + HARDENED, 60 + HARDENED, HARDENED];

/** "*" counts the accounts. */
const CHILDREN: Readonly<Record<Exclude<Layout, "ledger-live">, readonly (number | "*")[]>> = {
  standard: [0, "*"],
  "ledger-legacy": ["*"],
};

const NOTES = {
  standard: "account.standard",
  "ledger-live": "account.ledger_live",
  "ledger-legacy": "account.ledger_legacy",
} as const;

/**
 * Of standard and ledger-legacy one extended key, from which the program counts accounts by itself; of ledger-live,
 * whose accounts have hardened steps, the keys of the first ten.
 */
export function ethereumPairing(layout: Layout, nodeAt: (path: Path) => PairingNode, curve: Curve) {
  const root = nodeAt(ROOT);
  const device = { fingerprint: root.fingerprint, name: `Firn ${root.fingerprint}` };
  const note = NOTES[layout];
  if (layout !== "ledger-live")
    return { device, note, keys: { ...root, path: ROOT, children: CHILDREN[layout] } };
  const keys = Array.from({ length: PAIRED_ACCOUNTS }, (_, index) => ({
    path: pathOfAccount({ layout, index }),
    publicKey: keyOfAccount({ layout, index }, nodeAt, curve),
  }));
  return { device, note, keys };
}
