// What a machine remembers without power, taken apart on a bench: the card's files as the cut left them, and the very
// chip that stood beside it.

import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { copyFile, cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { fileOperations } from "../../device/disk/files.ts";
import { openStore } from "../../device/disk/store.ts";
import { nodeStretch } from "../../device/host/stretch.ts";
import { openTransport, type Transport } from "../../device/seal/tpm/transport.ts";
import { tpmSeal } from "../../device/seal/tpm.ts";
import { type Entry, openJournal } from "../../src/journal/index.ts";
import type { OpenVault } from "../../src/keys/index.ts";
import type { Seal, Store } from "../../src/ports.ts";
import { utf8 } from "../../src/text.ts";
import { openVault } from "../keys/open.ts";
import type { Kept, Until } from "./machine.ts";
import { startTpm } from "./tpm.ts";

const run = promisify(execFile);
const random = { bytes: (length: number) => new Uint8Array(length) };

export interface Bench {
  readonly store: Store;
  readonly seal: Seal;
  readonly open: () => Promise<Transport>;
  /** Throws Refusal vault.wrong-pin; the chip has counted that. */
  vault(pin: string): Promise<OpenVault>;
  /** Every line of the journal, its chain verified. */
  journal(pin: string): Promise<readonly Entry[]>;
  /** The chip without power again: its memory is a folder, to be soldered in. */
  take(): Promise<string>;
}

/** Of a machine whose TPM is a stream. Nothing of `kept` is changed. */
export async function workbench(t: Until, kept: Required<Pick<Kept, "data" | "tpm">>): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), "firn-bench-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const state = join(folder, "tpm-state");
  await cp(kept.tpm, state, { recursive: true });
  const chip = await startTpm("stream", state, folder);
  t.after(() => chip.end());
  const open = () => openTransport(chip.socket);
  const seal = tpmSeal(open, { ownsTpm: true });
  const store = openStore(fileOperations(await filesOf(kept.data, folder)));
  const vault = async (pin: string) =>
    openVault((await store.read("home"))!, utf8(pin), nodeStretch(), random, [seal]);
  return {
    ...{ store, seal, open, vault },
    async journal(pin) {
      const opened = await vault(pin);
      const journal = await openJournal({
        store,
        key: opened.derive("journal"),
        signing: opened.derive("journal-signing"),
        random,
        clock: { wallMs: () => 0, monotonicMs: () => 0, boot: "read" },
      });
      await journal.verify();
      // Signatures come by themselves.
      return (await journal.entries(10_000)).filter(({ kind }) => kind !== "attested");
    },
    async take() {
      await chip.end();
      return state;
    },
  };
}

/** As the next start would find them: the file system's own journal is played first. */
async function filesOf(data: string, folder: string): Promise<string> {
  const card = join(folder, "data.img");
  await copyFile(data, card, constants.COPYFILE_FICLONE);
  // 1: something was put in order, as after every cut.
  await run("e2fsck", ["-fy", card]).catch((problem: { readonly code?: number }) => {
    if (problem.code !== 1) throw problem;
  });
  const files = join(folder, "files");
  await mkdir(files);
  await run("debugfs", ["-R", `rdump / ${files}`, card]);
  return files;
}
