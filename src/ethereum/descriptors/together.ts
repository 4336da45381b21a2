// Several descriptors at once: of two that speak of the same call none could be believed.

import { refuse } from "../../refusal.ts";
import { shown } from "../../text.ts";
import type { Descriptor } from "./model.ts";

/** Throws Refusal descriptor.twice. */
export function checkTogether(list: readonly Descriptor[]): void {
  const seen = new Set<string>();
  for (const { domain, deployments, formats } of list) {
    const about = domain === undefined ? "call" : "typed";
    const places = new Set(deployments.map(({ chainId, address }) => `${chainId}/${address}`));
    for (const place of places)
      for (const { key } of formats) {
        const one = `${about} ${place} ${key}`;
        if (seen.has(one)) refuse("descriptor.twice", shown(one, 200));
        seen.add(one);
      }
  }
}
