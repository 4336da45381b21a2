// Descriptors of others that a policy's lists name: which outputs lead to them.

import { fromHex } from "../bytes.ts";
import type { Curve, Network } from "../model.ts";
import type { Work } from "../request.ts";
import { compile } from "./derive.ts";
import { parseDescriptor } from "./descriptor/descriptor.ts";
import { nameWallet } from "./descriptor/value.ts";
import { shapedAs } from "./script.ts";
import { scaled } from "./steps.ts";
import type { Template } from "./wallet.ts";

/** Made once a session: what it derived it keeps. */
export interface Party {
  readonly name: string;
  readonly template: Template;
}

/**
 * Any wallet that Firn reads; no key of it has to be ours. Refusals bitcoin.wallet-* and bitcoin.descriptor-*.
 * Only its receive branch counts: nobody is paid on a change address of theirs.
 */
export function partyOf(name: string, descriptor: string, network: Network, curve: Curve): Party {
  return { name, template: compile(nameWallet(parseDescriptor(descriptor, network, curve), name), curve) };
}

/** The names of the parties that make each of these scripts (hex), in the order of `parties`; each name once. */
export function* namesOf(
  scripts: readonly string[],
  parties: readonly Party[],
): Work<ReadonlyMap<string, readonly string[]>> {
  const names = new Map<string, string[]>();
  const all = scripts.map((hex) => ({ hex, bytes: fromHex(hex)! }));
  for (const [place, { name, template }] of parties.entries()) {
    const { form, receive } = template.wallet;
    const shaped = all.filter(({ bytes }) => shapedAs(form, bytes)).map(({ hex }) => hex);
    if (shaped.length === 0) continue;
    const looking = template.search(receive, new Set(shaped));
    const found = yield* scaled(looking, place / parties.length, (place + 1) / parties.length);
    for (const script of found.keys()) {
      const before = names.get(script) ?? [];
      if (!before.includes(name)) names.set(script, [...before, name]);
    }
  }
  return names;
}
