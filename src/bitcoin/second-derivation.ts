// The keys of a wallet, derived a second time by @scure/bip32: what a person compares and pays to
// must not rest on one implementation.

import { HDKey } from "@scure/bip32";
import { equal } from "../bytes.ts";
import type { Steps } from "./expression.ts";
import { marks } from "./network.ts";
import type { Template, Wallet, WalletKey } from "./wallet.ts";

/**
 * Both readings of every extended key, and of its first receive key, are the same.
 * Throws an Error where they are not: then Firn itself is at fault, and nobody may pay to such a wallet.
 */
export function agreeOnKeys(template: Pick<Template, "wallet" | "derive">): void {
  const { wallet } = template;
  const { publicKeys } = template.derive(wallet.receive, 0);
  const nodes = wallet.keys.map((key) => readAgain(key, wallet));
  for (const [place, use] of wallet.uses.entries()) {
    if (use.kind !== "child") continue;
    const first = use.steps.reduce((node: HDKey, step) => node.deriveChild(firstOf(step)), nodes[use.key]!);
    if (!first.publicKey || !equal(first.publicKey, publicKeys[place]!)) disagree();
  }
}

function readAgain(key: WalletKey, { network }: Wallet): HDKey {
  const node = HDKey.fromExtendedKey(key.extended, { public: marks(network).extended, private: 0 });
  const { publicKey, chainCode } = node;
  if (!publicKey || !chainCode || !equal(publicKey, key.publicKey) || !equal(chainCode, key.chainCode))
    disagree();
  return node;
}

/** On the way to the first receive address. */
function firstOf(step: Steps[number]): number {
  return step === "*" ? 0 : typeof step === "number" ? step : step[0]!;
}

function disagree(): never {
  throw new Error("the two derivations of a key disagree");
}
