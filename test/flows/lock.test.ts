// The door: what a PIN costs, what comes before it and after it, and the freeze.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Operations } from "../../device/disk/operations.ts";
import type { DiskState } from "../../device/sim/recording.ts";
import { fromHex } from "../../src/bytes.ts";
import { decodeTries, readHome } from "../../src/keys/index.ts";
import { Refusal, refuse } from "../../src/refusal.ts";
import { PHRASES, psbt, purse } from "../bitcoin/build.ts";
import {
  CHILD,
  card,
  chosen,
  homeOn,
  machine,
  PIN,
  pins,
  remembered,
  SETTINGS,
  unlockWith,
  watched,
} from "./lock-stage.ts";
import { holds, homeOf, journalOf, play, psbtTexts, UNLOCK } from "./stage.ts";

const settingsOf = (disk: DiskState) => readHome(disk.get("home")!).settings;
const triesOf = (disk: DiskState) => decodeTries(disk.get("tries")!)!;
const WRONG = "type 111111\npress ok\nsee vault.wrong-pin\npress ok\n";

// ---------------------------------------------------------------- the two words

/** The two words that a machine shows after these digits. */
async function wordsAfter(digits: string, options: Parameters<typeof holds>[1] = {}): Promise<string> {
  const { screen } = await holds(`type ${digits}\nsee This machine's words`, {
    disk: await homeOf(),
    ...options,
  });
  return /This machine's words\s*\|\n\|\s+([a-z]+ [a-z]+)/.exec(screen)![1]!;
}

test("after half of the PIN two words appear, by these digits and this machine alone, and the PIN then opens", async () => {
  const words = await wordsAfter("314");
  assert.equal(await wordsAfter("314"), words);
  const others = await Promise.all(["315", "214", "413"].map((digits) => wordsAfter(digits)));
  assert.equal(new Set([words, ...others]).size, 4);
  const [one, two] = [machine("file", 1), machine("file", 2)];
  const seen = await Promise.all(
    [one, two].map(async (made) => wordsAfter("314", { disk: await homeOn(made), seals: [made.seal] })),
  );
  assert.equal(new Set([words, ...seen]).size, 3);
  await holds(`type 314\nsee ${words}\ntype 159\npress ok\nsee Sign a transaction`, { disk: await homeOf() });
});

test("the words that were promised at set-up are the ones that come", async () => {
  const made = machine();
  const { printed } = await holds(
    `press ok\npick regtest\ntype ${PIN}\npress ok\ntype ${PIN}\npress ok\npick Type words in
     type ${"abandon ".repeat(11)}about\npress ok\npick No passphrase\npage\npress ok\npick Take these limits
     see Your keys are sealed\nsee weakest seal\nsee This machine's words\npress ok\nsee PIN\ntype 314\nsee This machine's words`,
    { seals: [made.seal] },
  );
  const shown = [...printed.matchAll(/This machine's words\s*\|\n\|\s+([a-z]+ [a-z]+)/g)].map(
    (match) => match[1],
  );
  assert.ok(shown.length >= 2);
  assert.equal(new Set(shown).size, 1);
});

test("asking for the words costs a try, on the disk before they are shown, until a right PIN follows", async () => {
  const asked = await holds(
    "type 314\nsee This machine's words\ncut\nsee One try without\ntype 271\nsee This machine's words",
    {
      disk: await homeOf(),
    },
  );
  assert.equal(triesOf(asked.disk).failures, 2);
  const { disk } = await holds(UNLOCK, { disk: asked.disk });
  assert.equal(triesOf(disk).failures, 0);
  // Whoever changes the first half after its words were shown made one try all the same.
  const other = await holds(`type 314\nsee This machine's words\npress back x3\n${UNLOCK}`, {
    disk: await homeOf(),
  });
  const unlocked = (await journalOf(other.disk)).filter((entry) => entry.kind === "unlocked");
  assert.equal(unlocked.at(-1)?.failedTries, 0);
});

test("asking for words alone never wipes, and the wait grows as with wrong PINs", async () => {
  let disk: DiskState = await homeOf();
  for (let i = 0; i < 12; i++)
    disk = (await holds("if see PIN\nclock +1h\nend\ntype 314\nsee This machine's words", { disk })).disk;
  assert.equal(triesOf(disk).failures, 12);
  await holds(`type 3\ntype 1\ntype 4\nsee vault.too-soon\npress ok\nclock +1h\n${UNLOCK}`, { disk });
});

test("a PIN with fewer digits than the half of the owner's is asked for without words", async () => {
  const disk = await chosen(
    `pick Change the PIN\n${pins("123456789012")}see Your PIN is changed\npress ok\nsee PIN`,
  );
  assert.equal(settingsOf(disk).wordsAfter, 6);
  await holds("type 1234\npress ok\nsee vault.wrong-pin\npress ok\nsee One try without", { disk });
  await holds(unlockWith("123456789012"), { disk });
});

test("without the words a PIN is asked for in one piece, and they come back with the half of the present PIN", async () => {
  const without = await chosen(
    "pick Words after half of the PIN: yes\npress ok\nhold both\nsee Words after half of the PIN: no",
  );
  await holds(`type ${PIN}\nunseen This machine's words\npress ok\nsee Sign a transaction`, {
    disk: without,
  });
  const back = await holds(
    `${SETTINGS}pick Words after half of the PIN: no\nsee Your present PIN\ntype ${PIN}\npress ok
     see This machine's words\npress ok\nsee PIN\ntype 314\nsee This machine's words`,
    { disk: without },
  );
  assert.equal(back.starts, 2);
});

// ---------------------------------------------------------------- the same for right and wrong

test("a wrong PIN asks stretch and machine for exactly what a right one asks, with one home and with two", async () => {
  const made = machine();
  const one = await homeOn(made);
  const two = await holds(
    `${SETTINGS}pick Duress PIN\npage\npress ok\n${pins("271828")}${CHILD}page\npress ok\nsee PIN`,
    { disk: one, seals: [made.seal] },
  );
  for (const [disk, releases] of [
    [one, 1],
    [two.disk, 2],
  ] as const) {
    const asked: unknown[] = [];
    for (const pin of [PIN, "314158", "271828", "999999"]) {
      const stretch = watched();
      made.calls.length = 0;
      let checked: ReturnType<typeof looking> | undefined;
      const looking = () => ({
        calls: made.calls.filter((call) => call !== "rest"),
        stretched: stretch.calls,
      });
      const write = (real: Operations): Partial<Operations> => ({
        write(name, bytes) {
          // The try is written first; what comes next is written when the answer is known.
          if (stretch.calls > 0) checked ??= looking();
          return real.write(name, bytes);
        },
      });
      await play(`type ${pin}\npress ok`, { disk, seals: [made.seal], stretch, card: card(write) });
      checked ??= looking();
      asked.push(checked);
      assert.deepEqual(checked.calls.filter((call) => call === "release").length, releases);
    }
    assert.deepEqual(new Set(asked.map((one) => JSON.stringify(one))).size, 1, JSON.stringify(asked));
  }
});

test("what a PIN was stretched to is wiped as soon as it was looked at, right or wrong", async () => {
  for (const pin of [PIN, "999999"]) {
    const stretch = watched();
    await play(`type ${pin}\npress ok`, { disk: await homeOf(), stretch });
    assert.equal(stretch.given.length, 1);
    assert.ok(stretch.given[0]!.every((byte) => byte === 0));
  }
});

test("a seal that fails is named, the try stays counted, and the next one may be right", async () => {
  const made = machine();
  const disk = await homeOn(made);
  let fails = true;
  const seal = {
    ...made.seal,
    release: async (...all: Parameters<typeof made.seal.release>) =>
      fails ? refuse("seal.failed") : made.seal.release(...all),
  };
  const failed = await holds(`type ${PIN}\npress ok\nsee seal.failed\npress ok\nsee One try without`, {
    disk,
    seals: [seal],
  });
  fails = false;
  await holds(UNLOCK, { disk: failed.disk, seals: [seal] });
});

test("the machine is told to rest before a person is waited for at the door, and when all ends", async () => {
  const made = machine("tpm");
  const options = { disk: await homeOn(made), seals: [made.seal] };
  const steps = [
    "type 314\nsee This machine's words",
    WRONG,
    `${UNLOCK}pick Lock\nsee PIN`,
    `${UNLOCK}hold back\nsee PIN`,
  ];
  for (const step of steps) {
    made.calls.length = 0;
    made.counted.clear();
    const { disk } = await holds(step, { ...options, disk: await homeOn(made) });
    assert.ok(disk.size > 0);
    assert.equal(made.calls.at(-1), "rest", step);
  }
});

test("a home whose seal this machine lacks is named before a PIN is asked for, and no try is counted", async () => {
  const made = machine("tpm");
  const disk = await homeOn(made);
  const { printed, disk: left } = await holds("see seal.missing\npress ok\nsee seal.missing", {
    disk,
    seals: [machine("file").seal],
  });
  assert.doesNotMatch(printed, /\| PIN/);
  assert.deepEqual(left.get("tries"), disk.get("tries"));
});

test("on another machine of the same kind the right PIN opens nothing, and it is said why", async () => {
  const disk = await homeOn(machine("file", 1));
  await holds(`type ${PIN}\npress ok\nsee seal.foreign`, { disk, seals: [machine("file", 2).seal] });
});

test("the right PIN clears the count before anything that can still go wrong", async () => {
  const disk = await homeOf();
  const wrong = (await holds(WRONG.repeat(2), { disk })).disk;
  // Cut right after the record was cleared: what the owner typed was right.
  let cleared = 0;
  for (let cut = 1; cut < 24; cut++) {
    const left = await play(`cut ${cut}\n${UNLOCK}`, { disk: wrong });
    const { failures } = triesOf(left.disk);
    assert.ok([0, 2, 3].includes(failures), `cut ${cut}: ${failures}`);
    if (failures === 0) cleared++;
    await holds(`see PIN\nclock +1h\n${UNLOCK}`, { disk: left.disk });
  }
  assert.ok(cleared > 5);
});

// ---------------------------------------------------------------- digits in any order

test("with shuffled digits the dial begins elsewhere each time, and the same PIN opens", async () => {
  const disk = await chosen("pick Shuffled digits: no\nsee Shuffled digits: yes");
  const firsts = new Set<string>();
  for (const chance of ["00", "01", "02", "03", "04", "05"]) {
    const { screen } = await holds(`entropy ${chance}\nsee PIN\npress down`, { disk });
    firsts.add(/> (\d)/.exec(screen)![1]!);
  }
  assert.ok(firsts.size > 1);
  await holds(UNLOCK, { disk });
  const plain = await holds("see PIN\npress down", { disk: await homeOf() });
  assert.match(plain.screen, /> 0/);
});

// ---------------------------------------------------------------- the countdown

test("a countdown runs after the right PIN, in powered-on time, and cutting the power begins it anew", async () => {
  const disk = await chosen("pick Countdown\npick 5 minutes\nsee Countdown after the PIN: 5 minutes");
  const typed = `type ${PIN}\npress ok\nsee Your countdown runs\nunseen Sign a transaction\n`;
  const { disk: left } = await holds(
    `${typed}clock +4m\nsee to go\nclock 2030-01-01T00:00Z\nsee to go\ncut\n${typed}clock +299s\nsee to go
     clock +1s\nsee Sign a transaction`,
    { disk },
  );
  assert.equal(triesOf(left).failures, 0);
  await holds(`${WRONG}${typed}hold back\nsee PIN\nunseen without the right PIN`, { disk });
});

test("a wrong PIN starts no countdown", async () => {
  const disk = await chosen("pick Countdown\npick 1 hour");
  await holds(`${WRONG}see One try without`, { disk });
});

// ---------------------------------------------------------------- the freeze

const FROZEN_SET = "pick Wait after a freeze\npick 1 hour\nsee Wait after a freeze: 1 hour\n";

test("after a freeze a right PIN opens only when the wait has passed, and none of these tries counts", async () => {
  const disk = await chosen(FROZEN_SET);
  const early = `type ${PIN}\npress ok\nsee vault.frozen\npress ok\n`;
  const { disk: open } = await holds(
    `${UNLOCK}hold back\nsee Frozen: it opens in 1 hour\n${early.repeat(4)}clock +59m\n${early}
     clock 2035-01-01T00:00Z\n${early}clock +1m\n${UNLOCK}pick Lock\nsee PIN\nunseen Frozen`,
    { disk },
  );
  assert.deepEqual([triesOf(open).frozenMs, triesOf(open).failures], [undefined, 0]);
  const told = (await journalOf(open)).filter((entry) => entry.kind === "locked").slice(-2);
  assert.deepEqual(
    told.map(({ why }) => why),
    ["frozen", "asked"],
  );
});

test("a wrong PIN while frozen is counted, and does not shorten anything", async () => {
  const disk = await chosen(FROZEN_SET);
  const { disk: left } = await holds(`hold back\nsee Frozen\n${WRONG}${WRONG}see Frozen`, { disk });
  assert.equal(triesOf(left).failures, 2);
  assert.notEqual(triesOf(left).frozenMs, undefined);
});

test("a freeze from the PIN screen, from half a PIN, from the countdown and from a refusal holds as any other", async () => {
  const disk = await chosen(`${FROZEN_SET}pick Countdown\npick 1 minute\n`);
  for (const path of [
    "",
    "type 314\nsee This machine's words\n",
    `type ${PIN}\npress ok\nsee countdown\n`,
    WRONG.slice(0, -9),
  ])
    await holds(`${path}hold back\nsee Frozen\ntype ${PIN}\npress ok\nsee vault.frozen`, { disk });
});

test("a freeze outlives any cut of power, and its wait begins anew with the machine", async () => {
  const disk = await chosen(FROZEN_SET);
  const { disk: frozen } = await holds("hold back\nsee 1 hour\nclock +50m\ncut\nsee Frozen", { disk });
  // Each of these plays is a machine that was started anew.
  const { disk: again } = await holds(
    `see Frozen: it opens in 1 hour\nclock +59m\ntype ${PIN}\npress ok\nsee vault.frozen`,
    { disk: frozen },
  );
  await holds(`see Frozen: it opens in 1 hour\nclock +1h\n${UNLOCK}`, { disk: again });
  // Wherever the power is cut while it freezes, the device comes up frozen or as it was.
  const { operations } = await holds("hold back\nsee Frozen", { disk });
  const seen = new Set<boolean>();
  for (let cut = 1; cut <= operations; cut++) {
    const left = await play(`cut ${cut}\nhold back`, { disk });
    seen.add(triesOf(left.disk).frozenMs !== undefined);
    await holds("see PIN", { disk: left.disk });
  }
  assert.deepEqual([...seen].sort(), [false, true]);
});

test("where no wait is chosen the long hold of back locks and no more", async () => {
  const none = `${UNLOCK}pick Settings\npick Wait after a freeze\npick none\nsee A weaker lock?\npage\npress ok\nhold both\nsee Settings\npress back\n`;
  await holds(
    `${none}hold back\nsee PIN\nsee Frozen: the PIN opens it\n${UNLOCK}pick Lock\nsee PIN\nunseen Frozen`,
    { disk: await homeOf() },
  );
});

test("a new home is frozen for ten minutes, unless its owner chooses otherwise", async () => {
  const soon = `type ${PIN}\npress ok\nsee vault.frozen\npage\npress ok\n`;
  await holds(
    `${UNLOCK}hold back\nsee Frozen: it opens in 10 minutes\n${soon}clock +9m\n${soon}clock +1m\n${UNLOCK}`,
    {
      disk: await homeOf(),
    },
  );
});

test("a card that takes no record of a freeze still locks", async () => {
  const disk = await chosen(FROZEN_SET);
  let unlocked = false;
  const write = (real: Operations): Partial<Operations> => ({
    async write(name, bytes) {
      if (unlocked && name.startsWith("tries")) throw new Refusal("store.failed", "EROFS");
      unlocked ||= name.startsWith("home");
      return real.write(name, bytes);
    },
  });
  const held = await holds(`${UNLOCK}hold back\nsee PIN`, { disk, card: card(write) });
  assert.equal(held.starts, 2);
  assert.equal(triesOf(held.disk).frozenMs, undefined);
});

// ---------------------------------------------------------------- an older home

const OLD = JSON.parse(readFileSync(join(import.meta.dirname, "../vectors/keys/home-1.json"), "utf8")) as {
  readonly pin: string;
  readonly fingerprint: string;
  readonly blobs: Record<string, string>;
};
const OLD_HOME = new Map(Object.entries(OLD.blobs).map(([name, hex]) => [name, fromHex(hex)!]));

const old = () => ({ disk: OLD_HOME, stretch: remembered() });

test("a home of version 1 opens with its old PIN, says that it is sealed now, and opens on this machine alone after", async () => {
  assert.equal(readHome(OLD_HOME.get("home")!).version, 1);
  const options = { ...old(), seals: [machine().seal] };
  const first = await holds(
    `see PIN\nunseen without the right PIN\ntype ${OLD.pin}\npress ok\nsee Your keys are sealed\nsee This machine's words\npress ok
     see Key ${OLD.fingerprint}, 5 wallets`,
    options,
  );
  const home = readHome(first.disk.get("home")!);
  assert.deepEqual([home.version, home.sealKind, home.settings.wordsAfter], [2, "file", 3]);
  const again = await holds(
    `type ${OLD.pin.slice(0, 3)}\nsee This machine's words\ntype ${OLD.pin.slice(3)}\npress ok\nsee 5 wallets
     pick Journal\npick newest first\nsee Changed: the machine's seal\nsee Signed transaction\nsee Set up for regtest`,
    { ...options, disk: first.disk },
  );
  await holds(`type ${OLD.pin}\npress ok\nsee seal.foreign`, {
    ...options,
    disk: again.disk,
    seals: [machine("file", 2).seal],
  });
});

test("what an older home had spent counts on, and its wallets go on under its one key", async () => {
  const stretch = remembered();
  const seals = [machine().seal];
  const { disk } = await holds(`type ${OLD.pin}\npress ok\npress ok\nsee 5 wallets`, {
    disk: OLD_HOME,
    stretch,
    seals,
  });
  const before = /([\d.]+)(?: BTC)? of 1000 BTC\s+left/;
  const left = await holds(`type ${OLD.pin}\npress ok\npick Sign\nscan $PSBT\npage\nsee BTC left`, {
    disk,
    stretch,
    seals,
    set: { PSBT: psbtTexts(psbt(purse("p2tr")), "base64")[0]! },
  });
  const fresh = await holds(`${UNLOCK}pick Sign\nscan $PSBT\npage\nsee BTC left`, {
    disk: await homeOf(),
    set: { PSBT: psbtTexts(psbt(purse("p2tr")), "base64")[0]! },
  });
  assert.ok(Number(before.exec(left.printed)![1]) < Number(before.exec(fresh.printed)![1]));
});

test("a home of version 1 that saw no wrong PIN has no record of tries, and does not wait for it", async () => {
  const disk = new Map([...OLD_HOME].filter(([name]) => name !== "tries"));
  await holds(`see PIN\nunseen taken away\ntype ${OLD.pin}\npress ok\nsee Your keys are sealed`, {
    ...old(),
    disk,
  });
});

test("a home that no machine sealed is refused where a better seal than a file is: anybody could have put it there", async () => {
  const options = { ...old(), seals: [machine("tpm").seal] };
  const { disk } = await holds(`see PIN\nclock +1h\ntype ${OLD.pin}\npress ok\nsee vault.unsealed`, options);
  assert.deepEqual(disk.get("home"), OLD_HOME.get("home"));
});

test("wherever the power is cut while an older home is sealed, it is the old one or the new one, and opens", async () => {
  const open = `type ${OLD.pin}\npress ok\n`;
  const script = `${open}see Your keys are sealed\npress ok\nsee 5 wallets`;
  const { operations } = await holds(script, old());
  const versions = new Set<number>();
  for (let cut = 1; cut <= operations; cut++) {
    const { disk } = await play(`cut ${cut}\n${script}`, old());
    versions.add(readHome(disk.get("home")!).version);
    await holds(`${open}if see Your keys are sealed\npress ok\nend\nsee 5 wallets`, { ...old(), disk });
  }
  assert.deepEqual([...versions].sort(), [1, 2]);
});

test("a key added to a home of version 1 leaves both keys there, and the home opens", async () => {
  const open = `see PIN\ntype ${OLD.pin}\npress ok\nif see Your keys are sealed\npress ok\nend\n`;
  const add = "pick Keys and backups\npick Add a key\npick Type words in\n";
  const { disk } = await holds(
    `${open}${add}type ${PHRASES[1]}\npress ok\npick No passphrase\nsee Your key\npage\npress ok
     see Name\npress ok\nsee A key was added\npress ok\n${open}see ${OLD.fingerprint}`,
    old(),
  );
  await holds(`${open}pick Keys and backups\npick Key 2\npick Use this key\nsee Keys and backups`, {
    ...old(),
    disk,
  });
});
