// Keys as people bring them to the first start, and what a second implementation makes of each.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { HDKey } from "@scure/bip32";
import { mnemonicToSeedSync } from "@scure/bip39";
import { openStore } from "../../device/disk/store.ts";
import type { DiskState } from "../../device/sim/recording.ts";
import { recordingDisk } from "../../device/sim/recording.ts";
import { fromHex, toHex, u32be } from "../../src/bytes.ts";
import { type HomeState, readState } from "../../src/flows/state.ts";
import { unpackKeys } from "../../src/keys/index.ts";
import { utf8 } from "../../src/text.ts";
import { openVault } from "../keys/open.ts";
import { PIN, quickStretch } from "./stage.ts";

export function vectorsOf(name: string) {
  return JSON.parse(readFileSync(join(import.meta.dirname, `../vectors/keys/${name}.json`), "utf8"));
}

/** To the list of ways in, of a first start on regtest. */
export const BEGIN = `see Welcome\npress ok\npick regtest\ntype ${PIN}\npress ok\ntype ${PIN}\npress ok\nsee Create new words\n`;
export const OTHER = `${BEGIN}pick Another form\n`;
/** From the fingerprint to the unlocked home. */
export const SEAL = `page\npress ok\npick Take these limits\nsee Your keys are sealed\npage\npress ok\nsee PIN\n`;

export const seedFingerprint = (seed: Uint8Array) => toHex(u32be(HDKey.fromMasterSeed(seed).fingerprint));
export const seedHexFingerprint = (hex: string) => seedFingerprint(fromHex(hex)!);
export const wordsFingerprint = (phrase: string, passphrase?: string) =>
  seedFingerprint(mnemonicToSeedSync(phrase, passphrase));

/** What the home on a disk says of itself, and whose keys are sealed in it, as its owner could read it. */
export async function homeOn(disk: DiskState): Promise<HomeState & { readonly sealed: readonly string[] }> {
  const store = openStore(recordingDisk(disk));
  const random = { bytes: (length: number) => new Uint8Array(length) };
  const vault = await openVault((await store.read("home"))!, utf8(PIN), quickStretch, random);
  const name = vault.names().find((one) => one.startsWith("state-"))!;
  const sealed = unpackKeys(vault.section("keys")).map(({ fingerprint }) => fingerprint);
  return { ...readState(vault.section(name)), sealed };
}
