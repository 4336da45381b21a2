// The end of the keys on this device: by the wipe PIN, by too many wrong PINs. It goes on after a cut.

import { equal } from "../bytes.ts";
import type { Ports } from "../ports.ts";
import { Refusal } from "../refusal.ts";
import { utf8 } from "../text.ts";
import { HOME } from "./homes.ts";

const WIPED = utf8("FIRNWIPE");

/** What a home's blob holds while a wipe is under way. */
export function isWiped(bytes: Uint8Array): boolean {
  return equal(bytes, WIPED);
}

/**
 * From the first step on nothing opens the home any more, and every start goes on with the rest: what the machine
 * bound is destroyed, which older copies of the card need as well, then every blob goes, the mark last.
 */
export async function wipeDevice({ store, seals }: Pick<Ports, "store" | "seals">): Promise<void> {
  await store.replace(HOME, WIPED);
  for (const seal of seals) await destroyed(() => seal.destroy());
  for (const name of await store.names()) if (name !== HOME) await store.remove(name);
  await store.remove(HOME);
}

/** A part that fails must not keep the others: what it bound opens nothing without the home. */
async function destroyed(destroy: () => Promise<void>): Promise<void> {
  try {
    await destroy();
  } catch (problem) {
    if (!(problem instanceof Refusal)) throw problem;
  }
}
