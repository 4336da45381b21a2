// For tests of what happens to wallets over the years.

import { openStore } from "../../device/disk/store.ts";
import { type DiskState, recordingDisk } from "../../device/sim/recording.ts";
import { type HomeState, readState } from "../../src/flows/state.ts";
import { utf8 } from "../../src/text.ts";
import { openVault } from "../keys/open.ts";
import { PIN, quickStretch } from "./stage.ts";

/** What a home holds, as its owner could read it. */
export async function stateOn(disk: DiskState): Promise<HomeState> {
  const store = openStore(recordingDisk(disk));
  const random = { bytes: (length: number) => new Uint8Array(length) };
  const vault = await openVault((await store.read("home"))!, utf8(PIN), quickStretch, random);
  return readState(vault.section("state-regtest"));
}
