// The keys of a wallet, derived a second time by @scure/bip32: what a person compares and pays to
// must not rest on one implementation.

import { HDKey } from "@scure/bip32";
import { equal } from "../bytes.ts";
import { marks } from "./network.ts";
import type { Template } from "./wallet.ts";

/**
 * Both readings of every extended key, and of its first receive key, are the same.
 * Throws an Error where they are not: then Firn itself is at fault, and nobody may pay to such a wallet.
 */
export function agreeOnKeys(template: Pick<Template, "wallet" | "derive">): void {
  const { wallet } = template;
  const { publicKeys } = template.derive(wallet.receive, 0);
  for (const [place, key] of wallet.keys.entries()) {
    const versions = { public: marks(wallet.network).extended, private: 0 };
    const node = HDKey.fromExtendedKey(key.extended, versions);
    const first = node.deriveChild(wallet.receive).deriveChild(0).publicKey;
    const same =
      node.publicKey !== null &&
      node.chainCode !== null &&
      first !== null &&
      equal(node.publicKey, key.publicKey) &&
      equal(node.chainCode, key.chainCode) &&
      equal(first, publicKeys[place]!);
    if (!same) throw new Error("the two derivations of a key disagree");
  }
}
