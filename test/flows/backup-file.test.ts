// The encrypted backup from the owner's side: made, let out, read back, rehearsed, and a home made of it again.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { openStore } from "../../device/disk/store.ts";
import { recordingDisk } from "../../device/sim/recording.ts";
import { nodeStretch } from "../../device/sim/stretch.ts";
import { folderStick } from "../../device/stick/folder.ts";
import { toHex } from "../../src/bytes.ts";
import { readState } from "../../src/flows/state.ts";
import { utf8 } from "../../src/text.ts";
import { purse } from "../bitcoin/build.ts";
import { openVault } from "../keys/open.ts";
import {
  folder,
  holds,
  homeOf,
  journalOf,
  PIN,
  quickStretch,
  registered,
  UNLOCK,
  walletTexts,
} from "./stage.ts";

type DiskState = ReadonlyMap<string, Uint8Array>;

const CODE = "six words by dice, or more";
const SCRIPT = join(import.meta.dirname, "../../scripts/recover.mjs");
const SECOND = "zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo wrong";

const MAKE = `${UNLOCK}pick Keys and backups
pick Make an encrypted backup
see Registered wallets
page
press ok
hold both
see The code of the backup
`;
const BY_PASSPHRASE = `${MAKE}pick A passphrase
type ${CODE}
press ok
type ${CODE}
press ok
see Nothing of it has left
`;
const AS_CODES = `pick Show it as codes
codes $OUT
press ok
pick scan them back now
scan-file $OUT/codes.txt
see It was read back
`;
const TO_STICK = `pick Write it to a stick
see Take the stick out
press ok
see It was read back
`;
const DONE = "pick Done\nsee read back and opened\npress ok\nsee PIN\n";

const BEGIN = `see Welcome\npress ok\npick regtest\ntype ${PIN}\npress ok\ntype ${PIN}\npress ok\nsee Create new words\n`;
const RESTORE = `${BEGIN}pick Another form\npick Encrypted backup\nsee Scan its codes\n`;
const FROM_CODES = "pick Scan its codes\nscan-file $OUT/codes.txt\n";
const TYPE_CODE = `see Passphrase of the backup\ntype ${CODE}\npress ok\n`;
const TAKE = `see What is in the backup
page
press ok
see The limits of the backup
page
press ok
see Your keys are sealed
page
press ok
see PIN
`;

/** A home with two keys and a wallet of each. */
async function fullHome(t: TestContext): Promise<DiskState> {
  const at = folder(t);
  const one = await registered(await homeOf(), at, walletTexts(purse("p2wsh").wallet.descriptor));
  const add = `${UNLOCK}pick Keys and backups
pick Add a key
pick Type words in
type ${SECOND}
press ok
pick No passphrase
page
press ok
see Name
press ok
page
press ok
see PIN
`;
  return (await holds(add, { disk: one })).disk;
}

async function homeOn(disk: DiskState) {
  const store = openStore(recordingDisk(disk));
  const random = { bytes: (length: number) => new Uint8Array(length) };
  const vault = await openVault((await store.read("home"))!, utf8(PIN), quickStretch, random);
  const name = vault.names().find((one) => one.startsWith("state-"))!;
  return { state: readState(vault.section(name)), sealedKeys: toHex(vault.section("keys")) };
}

async function kinds(disk: DiskState): Promise<readonly string[]> {
  return (await journalOf(disk)).map(({ kind }) => kind);
}

/** What must be the same in a home that was made again. */
async function whatMatters(disk: DiskState) {
  const { state, sealedKeys } = await homeOn(disk);
  const { network, policy, wallets, keys, chosen } = state;
  const named = keys.map(({ fingerprint, name, origin }) => ({ fingerprint, name, origin }));
  return { network, policy, wallets, chosen, named, sealedKeys };
}

test("a backup of two keys leaves as codes, is read back, and a new home is made of it: same keys, wallets, limits", async (t) => {
  const [OUT, full] = [folder(t), await fullHome(t)];
  const { disk } = await holds(`${BY_PASSPHRASE}${AS_CODES}${DONE}`, { disk: full, set: { OUT } });
  const { state: before } = await homeOn(disk);
  assert.equal(before.keys.length, 2);
  for (const { backups } of before.keys) {
    const made = backups.find(({ form }) => form === "backup");
    assert.ok(made?.rehearsedMs !== undefined && made.rehearsedMs >= made.madeMs);
  }
  const lines = (await journalOf(disk)).filter(({ kind }) => /backup|secret/.test(kind));
  assert.deepEqual(
    lines.map(({ kind }) => kind),
    [..."ssmmrr"].map((letter) => ({ s: "secret-shown", m: "backup-made", r: "backup-rehearsed" })[letter]),
  );

  const { disk: again, printed } = await holds(`${RESTORE}${FROM_CODES}${TYPE_CODE}${TAKE}${UNLOCK}`, {
    set: { OUT },
  });
  assert.deepEqual(await whatMatters(again), await whatMatters(disk));
  assert.match(printed, /Key 1 \(73c5da0a\)/);
  for (const { backups } of (await homeOn(again)).state.keys)
    assert.ok(backups.some(({ form, rehearsedMs }) => form === "backup" && rehearsedMs !== undefined));
  assert.deepEqual((await kinds(again)).slice(0, 2), ["setup", "policy-set"]);
});

test("a backup leaves by a stick and comes back by it; a second one of the day has another name", async (t) => {
  const at = folder(t);
  const stick = folderStick(at);
  const full = await fullHome(t);
  const { disk } = await holds(`${BY_PASSPHRASE}${TO_STICK}${DONE}`, { disk: full, stick });
  await holds(`${BY_PASSPHRASE}${TO_STICK}${DONE}`, { disk, stick });
  assert.deepEqual(readdirSync(at).sort(), [
    "firn-73c5da0a-20260101-2.backup",
    "firn-73c5da0a-20260101.backup",
  ]);
  const from =
    "pick Read it from a stick\nsee firn-73c5da0a-20260101-2\npick firn-73c5da0a-20260101.backup\n";
  const { disk: again } = await holds(`${RESTORE}${from}${TYPE_CODE}${TAKE}${UNLOCK}`, { stick });
  assert.deepEqual(await whatMatters(again), await whatMatters(disk));
});

test("what the appliance writes the script opens, with the real scrypt", async (t) => {
  const at = folder(t);
  const [disk, stick] = [await homeOf(), folderStick(at)];
  // The home's PIN was stretched by the quick hash of these tests; what the backup needs is real.
  const { scrypt } = nodeStretch();
  await holds(`${BY_PASSPHRASE}${TO_STICK}${DONE}`, { disk, stick, stretch: { ...quickStretch, scrypt } });
  const [name] = readdirSync(at);
  const { stdout, status } = spawnSync(process.execPath, [SCRIPT, join(at, name!)], {
    input: `${CODE}\n`,
    encoding: "utf8",
  });
  assert.equal(status, 0);
  assert.match(stdout, /^Encrypted backup, made 2026-01-01 12:\d\d UTC\. Network: regtest\.$/m);
  assert.match(stdout, /^Key 73c5da0a, named Key 1$/m);
  assert.match(stdout, /10 abandon\s+11 abandon\s+12 about/);
});
