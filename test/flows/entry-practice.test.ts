// Keys of fixed chance: whoever brings one in from a backup that says so gets it on no mainnet home.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { folderStick } from "../../device/stick/folder.ts";
import { writeState } from "../../src/flows/state.ts";
import { NO_PARTS } from "../../src/flows/state-parts.ts";
import { codeOfPassphrase, entropyOf, packKeys, sealBackup } from "../../src/keys/index.ts";
import { firstPolicy } from "../../src/policy/index.ts";
import { fixedRandom, numbers } from "../keys/make.ts";
import { CODE, FROM_STICK, TYPE_CODE } from "./backup-file-stage.ts";
import { folder, holds, homeOf, quickStretch, UNLOCK } from "./stage.ts";

const PHRASE = "zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo wrong";
const FINGERPRINT = "b4e3f5ed";

async function stickWith(t: TestContext, practice: boolean) {
  const at = folder(t);
  const material = {
    kind: "words",
    entropy: entropyOf(numbers(PHRASE)),
    passphrase: new Uint8Array(0),
  } as const;
  const state = writeState({
    ...NO_PARTS,
    ...{ network: "regtest", policy: firstPolicy("regtest", "simulator")!, wallets: [], serial: 0 },
    keys: [{ fingerprint: FINGERPRINT, name: "Key 1", madeMs: 5, origin: "born", backups: [] }],
    chosen: FINGERPRINT,
    ...(practice ? { practice } : {}),
  });
  const content = { madeMs: 5, keys: packKeys([{ fingerprint: FINGERPRINT, material }]), state };
  const parts = { content, code: codeOfPassphrase(CODE), stretch: quickStretch, random: fixedRandom() };
  writeFileSync(join(at, "firn-one.backup"), await sealBackup(parts));
  return folderStick(at);
}

test("a practice key out of a backup is taken by no mainnet home, to be kept or for one session", async (t) => {
  const disk = await homeOf("mainnet");
  for (const way of ["Add a key", "Use a key for this session"]) {
    const ask = `${UNLOCK}pick Keys and backups\npick ${way}\npick Another form\npick Encrypted backup\n`;
    const taken = `${ask}${FROM_STICK}${TYPE_CODE}pick Key 1\n`;
    await holds(`${taken}see keys.practice`, { disk, stick: await stickWith(t, true) });
    await holds(`${taken}see Your key`, { disk, stick: await stickWith(t, false) });
    await holds(`${taken}see Your key`, { disk: await homeOf(), stick: await stickWith(t, true) });
  }
});
