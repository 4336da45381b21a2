// The end of the keys: by the wipe PIN, by too many wrong ones. Wiped or not wiped at any cut, never half.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Operations } from "../../device/disk/operations.ts";
import type { DiskState, RecordingDisk } from "../../device/sim/recording.ts";
import { decodeTries } from "../../src/keys/index.ts";
import { Refusal } from "../../src/refusal.ts";
import { utf8 } from "../../src/text.ts";
import {
  card,
  chosen,
  DURESS,
  homeOn,
  machine,
  PIN,
  pins,
  SET_DURESS,
  SET_WIPE,
  SETTINGS,
  type TestMachine,
  unlockWith,
  WIPE,
} from "./lock-stage.ts";
import { holds, homeOf, play, script, UNLOCK, WORDS } from "./stage.ts";

const typed = (pin: string) => `type ${pin}\npress ok\n`;
const WIPED = "see vault.wiped\nsee your backups still reach the money\npress ok\nsee Welcome";

/** A home with wipe PIN and duress PIN on a machine of its own. */
async function guarded(): Promise<{ made: TestMachine; disk: DiskState }> {
  const made = machine();
  const steps = `${SETTINGS}${SET_DURESS}${SETTINGS}${SET_WIPE}`;
  const { disk } = await holds(steps, { disk: await homeOn(made), seals: [made.seal] });
  return { made, disk };
}

test("the wipe PIN wipes: nothing is left on the card, and an older copy of it opens on this machine no more", async () => {
  const { made, disk } = await guarded();
  const seals = [made.seal];
  const wiped = await holds(`see PIN\n${typed(WIPE)}${WIPED}`, { disk, seals });
  assert.equal(wiped.disk.size, 0);
  for (const pin of [PIN, DURESS])
    await holds(`${typed(pin)}see seal.foreign\nunseen Sign a transaction`, { disk, seals });
  // And it can be set up again from a backup.
  await holds(script("setup"), { disk: wiped.disk, seals, set: { PIN, WORDS, NETWORK: "regtest" } });
});

test("before the wipe PIN was set the same digits are a wrong PIN, and after it was removed they are again", async () => {
  const wrong = `${typed(WIPE)}see vault.wrong-pin\npress ok\n`;
  await holds(wrong, { disk: await homeOf() });
  const set = await chosen(SET_WIPE);
  const removed = await holds(
    `${SETTINGS}see Wipe PIN: set\npick Wipe PIN: set\nsee like any other\npress ok\nhold both\nsee Wipe PIN: not set`,
    { disk: set },
  );
  await holds(`${wrong}${UNLOCK}`, { disk: removed.disk });
  await holds(`${typed(WIPE)}see vault.wiped`, { disk: set });
});

test("the wipe PIN works while the device is frozen", async () => {
  const disk = await chosen(`pick Wait after a freeze\npick 3 days\n${SET_WIPE}`);
  await holds(`hold back\nsee Frozen\n${typed(WIPE)}${WIPED}`, { disk });
});

test("ten wrong PINs in a row wipe, and nine do not", async () => {
  const made = machine();
  const seals = [made.seal];
  const wrong = `clock +1h\n${typed("111111")}see vault.wrong-pin\npress ok\n`;
  const nine = await holds(`${wrong.repeat(9)}see 9 tries without`, { disk: await homeOn(made), seals });
  assert.match(nine.printed, /9 more wrong PINs wipe the keys[\s\S]*1 more wrong PIN wipes the keys/);
  assert.doesNotMatch(made.calls.join(" "), /destroy/);
  await holds(`clock +1h\n${UNLOCK}`, { disk: nine.disk, seals });
  const ten = await holds(`clock +1h\n${typed("111111")}${WIPED}`, { disk: nine.disk, seals });
  assert.equal(ten.disk.size, 0);
  assert.match(made.calls.join(" "), /destroy/);
});

test("before the try that would wipe the lock screen says so, also where words alone were asked for", async () => {
  const half = (times: number) => "see PIN\nclock +1h\ntype 314\nsee words\ncut\n".repeat(times);
  const wipes = "The next wrong PIN wipes the keys";
  const disk = await homeOf();
  await holds(`${half(8)}see 8 tries without\nunseen ${wipes}`, { disk });
  await holds(`${half(9)}see ${wipes}\nclock +1h\ntype ${PIN}\npress ok\nsee Sign a transaction`, {
    disk,
    size: { columns: 40, rows: 15 },
  });
  await holds(`${half(9)}see ${wipes}\nclock +1h\ntype 999999\npress ok\nsee vault.wiped`, { disk });
});

test("how many wrong PINs wipe can be chosen from 3 to 15, and more than before needs the stronger gesture", async () => {
  const three = await chosen(
    "pick Wrong PINs that wipe\npress back x2\ntype 3\npress ok\nsee Wrong PINs that wipe: 3",
  );
  const wrong = `${typed("111111")}see vault.wrong-pin\npress ok\n`;
  await holds(`${wrong}${wrong}${typed("111111")}${WIPED}`, { disk: three });
  await holds(
    `${SETTINGS}pick Wrong PINs that wipe\npress back x2\ntype 2\npress ok\nsee From 3 to 15\npress back
     type 16\npress ok\nsee From 3 to 15\npress back x2\ntype 15\npress ok\nsee A weaker lock?\npress ok\nhold ok
     see Hold back and ok together\nhold both\nsee Wrong PINs that wipe: 15`,
    { disk: await homeOf() },
  );
});

test("a record of wrong PINs that was lost or damaged wipes nothing, however many follow", async () => {
  for (const tries of [undefined, utf8("torn")]) {
    const disk = new Map(await homeOf());
    if (tries) disk.set("tries", tries);
    else disk.delete("tries");
    const wrong = `clock +1h\n${typed("111111")}see vault.wrong-pin\nunseen more wrong\npress ok\n`;
    const left = await holds(wrong.repeat(4), { disk });
    assert.ok(decodeTries(left.disk.get("tries")!)!.failures > 10);
    await holds(`clock +1h\n${UNLOCK}`, { disk: left.disk });
  }
});

test("ten wrong PINs typed at the settings wipe as well, and the session ends without a trace", async () => {
  const made = machine();
  const wrong = (from: number) =>
    `pick Change the PIN\n${typed("111111")}${from < 10 ? "see vault.wrong-pin\npress ok\nclock +1h\n" : WIPED}`;
  const steps = Array.from({ length: 10 }, (_, i) => wrong(i + 1)).join("");
  const disk = await homeOn(made);
  const idleless = steps.replaceAll("clock +1h\n", "clock +3m\npress down\npress up\n".repeat(20));
  const result = await holds(`${SETTINGS}${idleless}`, { disk, seals: [made.seal] });
  assert.equal(result.disk.size, 0);
});

// ---------------------------------------------------------------- cuts

/** Wiped or as before. What was destroyed in the machine opens no older copy. */
async function wipedOrNot(disk: DiskState, made: TestMachine): Promise<"wiped" | "whole"> {
  const seals = [made.seal];
  const destroyed = made.calls.includes("destroy");
  if (disk.has("home") && disk.get("home")!.length > 8) {
    assert.equal(destroyed, false, "destroyed in the machine before the card says so");
    await holds(`see PIN\nclock +1h\n${UNLOCK}pick Lock\n${unlockWith(DURESS)}`, { disk, seals });
    return "whole";
  }
  const { disk: left } = await holds("see Welcome", { disk, seals });
  assert.equal(left.size, 0, [...left.keys()].join());
  assert.ok(made.calls.includes("destroy"));
  return "wiped";
}

for (const [what, pin, wrong] of [
  ["the wipe PIN", WIPE, 0],
  ["the tenth wrong PIN", "111111", 9],
] as const)
  test(`wherever the power is cut after ${what}, the device comes up wiped or as before, whatever the disk kept`, async () => {
    const first = await guarded();
    const before = await holds(
      `${`clock +1h\n${typed("111111")}see vault.wrong-pin\npress ok\n`.repeat(wrong)}see PIN`,
      { disk: first.disk, seals: [first.made.seal] },
    );
    const steps = `clock +1h\n${typed(pin)}see vault.wiped`;
    const { operations } = await holds(steps, { disk: before.disk, seals: [first.made.seal] });
    const seen = new Set<string>();
    for (let cut = 1; cut <= operations + 1; cut++) {
      const made = machine();
      let states: DiskState[] | undefined;
      const keeps = (disk: RecordingDisk) => {
        states ??= disk.states();
        return states[0]!;
      };
      await play(`clock +1h\ncut ${cut}\n${typed(pin)}see vault.wiped\ncut`, {
        disk: before.disk,
        seals: [made.seal],
        keeps,
      });
      const at = made.calls.length;
      for (const state of states!) {
        // What this machine was asked until the cut, and nothing that later states did to it.
        const fresh = machine();
        if (made.calls.slice(0, at).includes("destroy")) await fresh.seal.destroy();
        seen.add(await wipedOrNot(state, fresh));
      }
    }
    assert.deepEqual([...seen].sort(), ["whole", "wiped"]);
  });

test("a card that takes nothing any more cannot keep the machine from destroying what opens it", async () => {
  const { made, disk } = await guarded();
  let tried = false;
  const write = (real: Operations): Partial<Operations> => ({
    async write(name, bytes) {
      if (tried) throw new Refusal("store.failed", "EROFS");
      tried = name.startsWith("tries");
      return real.write(name, bytes);
    },
  });
  await holds(`${typed(WIPE)}see store.failed`, { disk, seals: [made.seal], card: card(write) });
  assert.ok(made.calls.includes("destroy"));
  await holds(`see PIN\nclock +1h\n${typed(PIN)}see seal.foreign`, { disk, seals: [made.seal] });
});

test("a machine that fails to destroy is asked again at every start, and nothing is set up meanwhile", async () => {
  const { made, disk } = await guarded();
  let broken = true;
  const seal = {
    ...made.seal,
    destroy: async () => {
      if (broken) throw new Refusal("seal.failed", "no answer");
      return made.seal.destroy();
    },
  };
  const failed = await holds(
    `${typed(WIPE)}see seal.failed\npress ok\nunseen PIN\nsee seal.failed\ncut\nsee seal.failed`,
    {
      disk,
      seals: [seal],
    },
  );
  assert.deepEqual([...failed.disk.keys()], ["home"]);
  broken = false;
  const { disk: left } = await holds("see Welcome", { disk: failed.disk, seals: [seal] });
  assert.equal(left.size, 0);
});

test("the wipe PIN of the duress home wipes too, and never stands in the way of the owner's own", async () => {
  const { made, disk } = await guarded();
  const seals = [made.seal];
  const other = "141421";
  const set = await holds(
    `${unlockWith(DURESS)}pick Settings\npick Wipe PIN: not set\npage\npress ok\n${pins(other, DURESS)}see The wipe PIN is set\npress ok\nsee PIN`,
    { disk, seals },
  );
  // The owner's own PIN, chosen there for a wipe PIN, goes on opening.
  const trap = await holds(
    `${unlockWith(DURESS)}pick Settings\npick Wipe PIN: set\npress ok\nhold both\nsee not set
     pick Wipe PIN: not set\npage\npress ok\n${pins(PIN, DURESS)}see The wipe PIN is set\npress ok\nsee PIN\n${UNLOCK}`,
    { disk: set.disk, seals },
  );
  assert.ok(trap.disk.size > 0);
  await holds(`${typed(other)}${WIPED}`, { disk: set.disk, seals });
});

test("the wipe PIN wipes wherever a PIN is asked for, in the settings too", async () => {
  const disk = await chosen(SET_WIPE);
  await holds(
    `${UNLOCK}pick Settings\npick Change the PIN\nsee Your present PIN\ntype ${WIPE}\npress ok\n${WIPED}`,
    { disk },
  );
});
