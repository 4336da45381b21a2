// One step from a home's bytes to an open vault, for homes without security keys.

import { sameMachine } from "../../device/sim/machine.ts";
import { wipe } from "../../src/bytes.ts";
import { type OpenVault, openWith, pinKeyFor, readHome, stretchPin } from "../../src/keys/index.ts";
import type { Random, Seal, Stretch } from "../../src/ports.ts";
import { refuse } from "../../src/refusal.ts";

/** Throws Refusal vault.wrong-pin, and as readHome, stretchPin and openWith. */
export async function openVault(
  bytes: Uint8Array,
  pin: Uint8Array,
  stretch: Stretch,
  random: Random,
  seals: readonly Seal[] = [sameMachine()],
): Promise<OpenVault> {
  const home = readHome(bytes);
  const stretched = await stretchPin(home, pin, stretch);
  let pinKey: Uint8Array | undefined;
  try {
    pinKey = await pinKeyFor(home, stretched, seals);
    return (pinKey && openWith(home, pinKey, undefined, random)) ?? refuse("vault.wrong-pin");
  } finally {
    wipe(stretched, pinKey);
  }
}
