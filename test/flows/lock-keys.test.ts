// Security keys at the door: enrolled, asked for, lost, removed. The keys are simulated, frame by frame.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import type { DiskState, RecordingDisk } from "../../device/sim/recording.ts";
import { decodeTries, readHome } from "../../src/keys/index.ts";
import { DURESS, PIN, SET_DURESS, SETTINGS } from "./lock-stage.ts";
import { holds, homeOf, journalOf, play, UNLOCK } from "./stage.ts";

/** From the settings to the end of an enrolment, with a fresh key. */
const enrolment = (name: string, make = "") =>
  `pick Security keys\npick Add a security key\nsee only your backup reaches the keys\npage\npress ok
   see Your present PIN\ntype ${PIN}\npress ok\nsee A name that tells\npress ok\nsee Plug in\nplug ${name} ${make}
   touch\nsee once more\ntouch\nsee The security key is enrolled\npress ok\nsee PIN\n`;

const typed = `see PIN\ntype ${PIN}\npress ok\n`;
const withKey = (name: string) => `${typed}see Plug in\nplug ${name}\ntouch\nsee Sign a transaction\n`;

interface Enrolled {
  readonly disk: DiskState;
  readonly keys: ReadonlyMap<string, string>;
}

async function enrolled(...names: string[]): Promise<Enrolled> {
  const { disk, keys } = await holds(`${SETTINGS}${enrolment(names[0]!)}`, { disk: await homeOf() });
  let home: Enrolled = { disk, keys };
  for (const name of names.slice(1)) {
    const steps = `${withKey(names[0]!)}pick Settings\nunplug ${names[0]}\n${enrolment(name)}`;
    const next = await holds(steps, { disk: home.disk, keys: home.keys });
    home = { disk: next.disk, keys: next.keys };
  }
  return home;
}

test("an enrolled key opens the home together with the PIN, and neither does alone", async () => {
  const home = await enrolled("blue");
  await holds(withKey("blue"), home);
  await holds(
    `${typed}see Plug in\npress back\nsee factor.left\npress ok\nsee PIN\nunseen without the right PIN`,
    home,
  );
  await holds(`plug blue\ntype 111111\npress ok\nsee vault.wrong-pin\nunseen Touch`, home);
});

test("a key that was never enrolled opens nothing, and is no wrong PIN", async () => {
  const home = await enrolled("blue");
  const { disk } = await holds(
    `${typed}plug red\nif see Touch\ntouch\nend\nsee factor.not-enrolled\npress ok\nsee PIN\nunseen without the right PIN`,
    home,
  );
  assert.equal(decodeTries(disk.get("tries")!)!.failures, 0);
});

test("of two enrolled keys each opens, and what a key remembers outlives its being pulled out", async () => {
  const home = await enrolled("blue", "green");
  await holds(`${withKey("blue")}pick Lock\nunplug blue\n${withKey("green")}`, home);
  const { factors } = readHome(home.disk.get("home")!);
  assert.deepEqual(
    factors.map(({ name }) => name),
    ["Security key 1", "Security key 2"],
  );
});

test("the same key is not enrolled twice", async () => {
  const home = await enrolled("blue");
  await holds(
    `${withKey("blue")}pick Settings\npick Security keys: 1\npick Add\npage\npress ok\ntype ${PIN}\npress ok\npress ok
     if see Touch\ntouch\nend\nsee factor.enrolled-already\npress ok\nsee PIN`,
    home,
  );
});

test("a removed key opens nothing any more, the other does, and after the last one the PIN is enough", async () => {
  const home = await enrolled("blue", "green");
  const remove = (which: string) =>
    `pick Settings\npick Security keys\npick ${which}\nsee older copy of the card\npage\npress ok\nhold ok\nsee Hold back and ok
     hold both\nsee Security keys\nunseen ${which}\n`;
  const one = await holds(`${withKey("blue")}${remove("Security key 1")}`, home);
  const left = { disk: one.disk, keys: one.keys };
  await holds(`${typed}plug blue\nif see Touch\ntouch\nend\nsee factor.not-enrolled`, left);
  const none = await holds(
    `${withKey("green")}${remove("Security key 2")}see the PIN alone opens this home`,
    left,
  );
  await holds(UNLOCK, { disk: none.disk });
  const kinds = (await journalOf(none.disk)).map(({ kind }) => kind);
  assert.equal(kinds.filter((kind) => kind === "factor-added").length, 2);
  assert.equal(kinds.filter((kind) => kind === "factor-removed").length, 2);
});

test("of two keys the one that was chosen is removed, not the one before it", async () => {
  const home = await enrolled("blue", "green");
  const remove = `pick Settings\npick Security keys\npick Security key 2\npage\npress ok\nhold both\nsee Security keys\n`;
  const one = await holds(`${withKey("blue")}${remove}see Security key 1\nunseen Security key 2`, home);
  await holds(withKey("blue"), { disk: one.disk, keys: one.keys });
});

test("a key with a PIN or a reader of its own is asked with it ever after", async () => {
  const steps = `pick Security keys\npick Add\npage\npress ok\ntype ${PIN}\npress ok\npress ok\nsee Plug in\nplug blue pin 2580
    see The key's PIN\ntype 2580\npress ok\ntouch\nsee once more\ntouch\nsee The security key is enrolled\npress ok\nsee PIN\n`;
  const { disk, keys } = await holds(`${SETTINGS}${steps}`, { disk: await homeOf() });
  assert.equal(readHome(disk.get("home")!).factors[0]!.verified, true);
  await holds(`${typed}plug blue\nsee The key's PIN\ntype 2580\npress ok\ntouch\nsee Sign a transaction`, {
    disk,
    keys,
  });
});

/** The home with another byte at this place, its checksum made to fit: what an attacker writes. */
function forged(
  disk: DiskState,
  at: (home: Uint8Array) => number,
  change: (byte: number) => number,
): DiskState {
  const home = disk.get("home")!.slice();
  const place = at(home);
  home[place] = change(home[place]!);
  home.set(createHash("sha256").update(home.subarray(0, -32)).digest(), home.length - 32);
  return new Map([...disk, ["home", home]]);
}

test("whoever changes what stands before the PIN opens nothing by it, and neither does the owner then", async () => {
  const { disk, keys } = await enrolled("blue");
  const nameAt = (home: Uint8Array) => Buffer.from(home).indexOf("Security key 1");
  const renamed = forged(disk, nameAt, () => "s".charCodeAt(0));
  await holds(`${typed}plug blue\ntouch\nsee vault.damaged\nunseen Sign a transaction`, {
    disk: renamed,
    keys,
  });
  // The number of keys, just before the first one's name: none of them.
  const none = forged(
    disk,
    (home) => nameAt(home) - 2,
    () => 0,
  );
  await holds(`see vault.damaged`, { disk: none, keys });
  // So many wrong PINs that wipe: the lock screen believes it, the right PIN finds it out.
  const wipeAfterAt = (home: Uint8Array) => nameAt(home) - 2 - 41 - 8 - 1;
  const many = forged(disk, wipeAfterAt, (byte) => {
    assert.equal(byte, 10);
    return 15;
  });
  await holds(`type 999999\npress ok\nsee 14 more\npress ok\n${typed}plug blue\ntouch\nsee vault.damaged`, {
    disk: many,
    keys,
  });
});

test("a home made with a key asks the duress PIN for the same key, and shows the same list", async () => {
  const one = await enrolled("blue");
  const { disk, keys } = await holds(`${withKey("blue")}pick Settings\n${SET_DURESS}`, one);
  const duress = withKey("blue").replace(PIN, DURESS);
  const { printed } = await holds(
    `${duress}pick Settings\nsee Security keys: 1\npick Security keys\nsee Security key 1`,
    {
      disk,
      keys,
    },
  );
  assert.doesNotMatch(printed, /73c5da0a/);
  await holds(`see PIN\ntype ${DURESS}\npress ok\nsee Plug in\npress back\nsee factor.left`, { disk, keys });
});

test("with a key enrolled the PIN is changed, and the old one is a wrong one", async () => {
  const home = await enrolled("blue");
  const other = "2718281828";
  const { disk, keys } = await holds(
    `${withKey("blue")}pick Settings\npick Change the PIN\ntype ${PIN}\npress ok\ntype ${other}\npress ok\ntype ${other}\npress ok
     see Your PIN is changed\npress ok\nsee PIN`,
    home,
  );
  await holds(withKey("blue").replace(PIN, other), { disk, keys });
  await holds(`${typed}see vault.wrong-pin`, { disk, keys });
});

test("wherever the power is cut while a key is enrolled, PIN alone or PIN and key open, and no third thing", async () => {
  const disk = await homeOf();
  const steps = `${SETTINGS}${enrolment("blue")}`;
  const { operations, keys } = await holds(steps, { disk });
  const seen = new Set<number>();
  for (let cut = 1; cut <= operations; cut++) {
    let left: DiskState[] | undefined;
    const keeps = (card: RecordingDisk) => {
      left ??= card.states();
      return left[0]!;
    };
    const played = await play(`cut ${cut}\n${steps}\ncut`, { disk, keeps });
    for (const state of left!) {
      const { factors } = readHome(state.get("home")!);
      seen.add(factors.length);
      const open = factors.length === 0 ? UNLOCK : withKey("blue");
      await holds(`clock +1h\n${open}`, { disk: state, keys: played.keys });
    }
  }
  assert.ok(keys.size === 1);
  assert.deepEqual([...seen].sort(), [0, 1]);
});

test("a key that is pulled out or never touched is named, and the PIN screen comes back", async () => {
  const home = await enrolled("blue");
  await holds(
    `${typed}see Plug in\nplug blue\nsee Touch\nunplug blue\nsee factor.gone\npress ok\nsee PIN`,
    home,
  );
  await holds(
    `${typed}see Plug in\nplug blue\nsee Touch\nclock +1m\nsee factor.\npress ok\nsee PIN\nsee Unlock`,
    home,
  );
});
