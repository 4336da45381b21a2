// The whole appliance, three processes, with a TPM of its own.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { tpmSeal } from "../../device/seal/tpm.ts";
import { PHRASES } from "../bitcoin/build.ts";
import { isHere } from "../peers/peer.ts";
import { counts } from "./stage.ts";
import { hasSwtpm, type SoftTpm, softTpm } from "./swtpm.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const run = promisify(execFile);
const PIN = "13579135";

async function play(tpm: SoftTpm, script: string, ...set: readonly string[]): Promise<void> {
  const home = join(tpm.folder, "home");
  const sets = set.flatMap((one) => ["--set", one]);
  const args = ["--home", home, "--tpm", tpm.socket, "--play", script, ...sets];
  // What did not hold is in the error, with the screen.
  await run(process.execPath, [join(ROOT, "scripts/start.ts"), ...args], { cwd: ROOT });
}

async function steps(tpm: SoftTpm, text: string): Promise<void> {
  const script = join(tpm.folder, "script.txt");
  await writeFile(script, text);
  await play(tpm, script);
}

test("a home is sealed to its TPM: wrong PINs count there, and a card put back, or moved, opens nothing", async (t) => {
  if (!isHere(t, "swtpm", hasSwtpm)) return;
  const tpm = await softTpm(t);
  const setup = ["NETWORK=regtest", `PIN=${PIN}`, `WORDS=${PHRASES[0]}`];
  await play(tpm, "docs/sessions/setup.txt", ...setup);
  assert.equal((await counts(tpm)).owned, true);
  const home = join(tpm.folder, "home");
  await cp(home, join(tpm.folder, "copy"), { recursive: true });

  const before = await tpmSeal(tpm.open).counter!("first").value();
  await tpm.cut();
  await tpm.start();
  await steps(tpm, "see PIN\ntype 99999999\npress ok\nsee vault.wrong-pin\n");
  assert.ok((await counts(tpm)).wrong > 0);
  await steps(tpm, `see PIN\nclock +10m\ntype ${PIN}\npress ok\nsee Sign a transaction\n`);
  assert.equal((await counts(tpm)).wrong, 0);
  assert.ok((await tpmSeal(tpm.open).counter!("first").value()) > before);

  await rm(home, { recursive: true });
  await cp(join(tpm.folder, "copy"), home, { recursive: true });
  await steps(tpm, `see PIN\nclock +10m\ntype ${PIN}\npress ok\nsee journal.rewound\n`);

  const other = await softTpm(t);
  await cp(home, join(other.folder, "home"), { recursive: true });
  await steps(other, `see PIN\nclock +10m\ntype ${PIN}\npress ok\nsee seal.foreign\n`);
});
