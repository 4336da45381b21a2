// What a cosigner's key is for, and where it stands: BIP 48, 87 and 45.

import { HARDENED } from "../../limits.ts";
import type { Network, Path } from "../../model.ts";
import { marks } from "../network.ts";

/** The script that a key's place says, or any. BIP 48 knows two scripts; whatever else there is BIP 87 serves. */
export type Purpose = "p2wsh" | "p2sh-p2wsh" | "p2sh" | "any";

/** BIP 48: the last step is the script. */
const BIP48_SCRIPTS = { "p2sh-p2wsh": 1, p2wsh: 2 } as const;

/** `account` has no place in BIP 45. */
export function cosignerPath(purpose: Purpose, network: Network, account: number): Path {
  const coin = marks(network).coinType;
  const steps = {
    p2wsh: [48, coin, account, BIP48_SCRIPTS.p2wsh],
    "p2sh-p2wsh": [48, coin, account, BIP48_SCRIPTS["p2sh-p2wsh"]],
    p2sh: [45],
    any: [87, coin, account],
  }[purpose];
  return steps.map((step) => step + HARDENED);
}

/** What such a place is for on this network; undefined for every other one. */
export function purposeOfPath(path: Path, network: Network): Purpose | undefined {
  const account = (path[2] ?? HARDENED) - HARDENED;
  const all: readonly Purpose[] = ["p2wsh", "p2sh-p2wsh", "p2sh", "any"];
  const same = (purpose: Purpose) => {
    const wanted = cosignerPath(purpose, network, account);
    return wanted.length === path.length && wanted.every((step, i) => step === path[i]);
  };
  return account < 0 ? undefined : all.find(same);
}
