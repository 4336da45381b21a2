// The key under the duress PIN: never one that the owner keeps, and no better backed up than the key it comes from.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { DiskState } from "../../device/sim/recording.ts";
import { readState, writeState } from "../../src/flows/state.ts";
import { utf8 } from "../../src/text.ts";
import { openVault } from "../keys/open.ts";
import { CHILD, DURESS, pins, SETTINGS, unlockWith } from "./lock-stage.ts";
import { holds, homeOf, PIN, quickStretch, UNLOCK, WORDS } from "./stage.ts";

const ASK = `pick Duress PIN: not set\npage\npress ok\n${pins(DURESS)}`;
const CHILD_SET = `${SETTINGS}${ASK}${CHILD}see The duress PIN is set\npage\npress ok\nsee PIN\n`;

/** A mainnet home whose key has no backup that anybody rehearsed. */
async function unrehearsed(): Promise<DiskState> {
  const disk = await homeOf("mainnet");
  const random = { bytes: (length: number) => new Uint8Array(length).fill(5) };
  const vault = await openVault(disk.get("home")!, utf8(PIN), quickStretch, random);
  const state = readState(vault.section("state-mainnet"));
  const keys = state.keys.map((key) => ({ ...key, origin: "born", backups: [] }) as const);
  return new Map([...disk, ["home", vault.write({ "state-mainnet": writeState({ ...state, keys }) })]]);
}

test("a child under the duress PIN signs on mainnet only where its parent's backup was rehearsed", async () => {
  const gate = "pick Sign\nsee keys.backup-unrehearsed";
  const untried = await holds(`${UNLOCK}${gate}\npress ok\npress back\n${CHILD_SET.slice(UNLOCK.length)}`, {
    disk: await unrehearsed(),
  });
  await holds(`${unlockWith(DURESS)}${gate}`, { disk: untried.disk });
  const tried = await holds(CHILD_SET, { disk: await homeOf("mainnet") });
  await holds(`${unlockWith(DURESS)}pick Sign\nsee Show the transaction`, { disk: tried.disk });
});

test("the owner's own key is refused for the duress PIN, and no second home is made", async () => {
  const { disk } = await holds(
    `${SETTINGS}${ASK}pick Another key\npick Type words in\ntype ${WORDS}\npress ok\npick No passphrase\npage\npress ok
     see keys.known\npress ok\nsee PIN\ntype ${DURESS}\npress ok\nsee vault.wrong-pin`,
    { disk: await homeOf() },
  );
  assert.deepEqual(
    [...disk.keys()].filter((name) => name.startsWith("second-")),
    [],
  );
});
