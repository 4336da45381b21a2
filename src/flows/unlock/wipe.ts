// The end of the keys on this device: by the wipe PIN, by too many wrong PINs. It goes on after a cut.

import { equal } from "../../bytes.ts";
import type { Settings, Tries } from "../../keys/index.ts";
import type { Ports } from "../../ports.ts";
import { Refusal, refuse } from "../../refusal.ts";
import { refused } from "../../screens/notice.ts";
import { utf8 } from "../../text.ts";
import type { Desk } from "../../ui.ts";
import { ask, Locked, wait } from "../../ui.ts";
import { quietly } from "../or-refused.ts";
import { HOME } from "./homes.ts";

/** So many wrong PINs wipe; a record of them that was lost or damaged wipes nothing. */
export function wipesNow({ wipeAfter }: Settings, { failures, damaged }: Tries): boolean {
  return failures >= wipeAfter && !damaged;
}

export function refuseWrong({ wipeAfter }: Settings, { failures, damaged }: Tries): never {
  const left = wipeAfter - failures;
  const what = `${left} more wrong ${left === 1 ? "PIN wipes" : "PINs wipe"} the keys`;
  return refuse("vault.wrong-pin", damaged ? "" : what);
}

/** Wipes, says so, and ends: what is in memory opens nothing either. The next start goes on with what failed. */
export async function wipeAndEnd(desk: Desk): Promise<never> {
  const failed = await quietly(() => wait(desk, "Wiping", wipeDevice(desk.ports)));
  await ask(desk, refused(failed ?? new Refusal("vault.wiped")));
  throw new Locked("wiped");
}

const WIPED = utf8("FIRNWIPE");

/** What a home's blob holds while a wipe is under way. */
export function isWiped(bytes: Uint8Array): boolean {
  return equal(bytes, WIPED);
}

/**
 * From the first step on nothing opens the home any more, and every start goes on with the rest: what the machine
 * bound is destroyed, which older copies of the card need as well, then every blob goes, the mark last.
 * Throws the first Refusal store.* or seal.* after all that could be done was done; the next start tries again.
 */
export async function wipeDevice({ store, seals }: Pick<Ports, "store" | "seals">): Promise<void> {
  const marked = await quietly(() => store.replace(HOME, WIPED));
  let failed = marked;
  for (const seal of seals) failed = (await quietly(() => seal.destroy())) ?? failed;
  // A card that took no mark would show the remains of a home, and nothing would go on with them.
  if (marked) throw marked;
  for (const name of await store.names()) if (name !== HOME) await store.remove(name);
  if (failed) throw failed;
  await store.remove(HOME);
}
