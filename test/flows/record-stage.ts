// Homes with a long journal, and what a play says of one: built with the code that the device itself writes with.

import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { openStore } from "../../device/disk/store.ts";
import { type DiskState, recordingDisk } from "../../device/sim/recording.ts";
import { readState } from "../../src/flows/state.ts";
import { type Draft, type Journal, openJournal } from "../../src/journal/index.ts";
import { utf8 } from "../../src/text.ts";
import { psbt, purse } from "../bitcoin/build.ts";
import { openVault } from "../keys/open.ts";
import { PIN, psbtTexts, quickStretch } from "./stage.ts";

export const JOURNAL = "pick Journal\nsee Since you last looked\n";
export const own = purse("p2wpkh");
export const PSBT = psbtTexts(psbt(own), "base64")[0]!;
export const SIGN = "pick Sign\nscan $PSBT\npage\nsee Sign?\nhold ok\nsee Signed\npress ok\nsee Emergency\n";

/** The disk after something was done with its journal; the journal's clock goes on from its last line. */
export async function withJournal(
  disk: DiskState,
  act: (journal: Journal) => Promise<void>,
): Promise<DiskState> {
  const recording = recordingDisk(disk);
  const store = openStore(recording);
  const random = { bytes: (length: number) => new Uint8Array(length) };
  const vault = await openVault((await store.read("home"))!, utf8(PIN), quickStretch, random);
  const { anchor } = readState(vault.section("state-regtest"));
  let onMs = 0;
  const journal = await openJournal({
    ...{ store, random, key: vault.derive("journal"), signing: vault.derive("journal-signing") },
    ...(anchor ? { anchor } : {}),
    clock: { wallMs: () => 0, monotonicMs: () => (onMs += 1000), boot: "made" },
  });
  await act(journal);
  return recording.present();
}

export const withLines = (disk: DiskState, lines: readonly Draft[]): Promise<DiskState> =>
  withJournal(disk, async (journal) => {
    for (const line of lines) await journal.append(line);
  });

/** What scripts/verify-journal.ts says of these files. Throws where it does not hold. */
export function verified(...files: readonly string[]): string {
  const script = join(import.meta.dirname, "../../scripts/verify-journal.ts");
  return execFileSync(process.execPath, [script, ...files], { encoding: "utf8", stdio: "pipe" });
}

/** So many lines that can be told apart. */
export function named(count: number, from = 1): Draft[] {
  return Array.from({ length: count }, (_, index) => ({
    kind: "key-named",
    name: `Name ${from + index}`,
    fingerprint: "73c5da0a",
  }));
}
