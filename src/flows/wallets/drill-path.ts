// Which key answers a drill: the holder's first receive key in this wallet, as every signer can sign with it.

import { childNode, type Wallet } from "../../bitcoin/index.ts";
import type { Curve, Path } from "../../model.ts";
import { refuse } from "../../refusal.ts";

export interface DrillKey {
  /** From the master. */
  readonly path: Path;
  readonly publicKey: Uint8Array;
}

/** Of the key at this place: of several uses the first, on its first branch, at index 0. */
export function drillKey({ keys, uses }: Wallet, place: number, curve: Curve): DrillKey {
  const key = keys[place]!;
  const plain = uses.flatMap((use) => (use.kind === "musig" ? use.of : [use]));
  const use = plain.find((one) => one.kind === "child" && one.key === place);
  const steps = use?.kind === "child" ? use.steps : [];
  const children = steps.map((step) => (step === "*" ? 0 : typeof step === "number" ? step : step[0]!));
  const node = children.reduce(
    (parent: Pick<typeof key, "publicKey" | "chainCode">, child) =>
      childNode(parent, child, curve) ?? refuse("bitcoin.path-outside-wallet", `key ${place + 1}`),
    key,
  );
  return { path: [...key.path, ...children], publicKey: node.publicKey };
}
