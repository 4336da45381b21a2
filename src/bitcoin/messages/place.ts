// Whose key a path leads to: the wallet in which it speaks for an address alone, and those in which it has a part.

import type { Path } from "../../model.ts";
import { placeOf } from "../use-path.ts";
import type { Derived, Template, Wallet } from "../wallet.ts";

export interface KeyPlace {
  readonly template: Template;
  readonly derived: Derived;
}

/** A single key makes its addresses: pkh, wpkh, sh(wpkh), tr without scripts. */
export function isSingle({ body, uses }: Wallet): boolean {
  const single = body.kind === "key" || (body.kind === "taproot" && body.tree === undefined);
  return single && uses.length === 1 && uses[0]!.kind === "child";
}

/** The address of a single-key wallet of ours that the key at this path makes. */
export function addressAt(
  templates: readonly Template[],
  fingerprint: string,
  path: Path,
): KeyPlace | undefined {
  for (const template of templates) {
    const { wallet } = template;
    const [use] = wallet.uses;
    if (!isSingle(wallet) || use?.kind !== "child") continue;
    const key = wallet.keys[use.key]!;
    if (!key.ours || key.fingerprint !== fingerprint || !isPrefix(key.path, path)) continue;
    const place = placeOf(use.steps, wallet, path.slice(key.path.length));
    if (place) return { template, derived: template.derive(place.branch, place.index) };
  }
  return undefined;
}

/** Names of own wallets in which a key at or above this path is one of several. */
export function partsOf(templates: readonly Template[], fingerprint: string, path: Path): string[] {
  const has = ({ keys }: Wallet) =>
    keys.some((key) => key.ours && key.fingerprint === fingerprint && isPrefix(key.path, path));
  return templates.flatMap(({ wallet }) => (!isSingle(wallet) && has(wallet) ? [wallet.name] : []));
}

function isPrefix(above: Path, path: Path): boolean {
  return above.length <= path.length && above.every((step, i) => step === path[i]);
}
