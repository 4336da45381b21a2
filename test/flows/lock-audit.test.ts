// What the lock must have done before something else happens, and what must be gone after it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Operations } from "../../device/disk/operations.ts";
import { fromHex } from "../../src/bytes.ts";
import { decodeTries } from "../../src/keys/index.ts";
import type { Stretch } from "../../src/ports.ts";
import { Refusal } from "../../src/refusal.ts";
import { fromUtf8 } from "../../src/text.ts";
import {
  card,
  chosen,
  homeOn,
  machine,
  PIN,
  pins,
  remembered,
  SET_WIPE,
  SETTINGS,
  WIPE,
} from "./lock-stage.ts";
import { holds, homeOf, play, quickStretch, UNLOCK } from "./stage.ts";

/** Notes what the card did with the record of tries, and when a PIN was looked at. */
function noting(of: string) {
  const done: string[] = [];
  const made = machine();
  const noted = (real: Operations): Partial<Operations> => ({
    async rename(from, to) {
      await real.rename(from, to);
      if (to !== "tries") return;
      // The one that clears the record counts nothing.
      const { failures } = decodeTries((await real.read(to))!)!;
      if (failures > 0) done.push("renamed");
    },
    async syncFolder() {
      await real.syncFolder();
      if (done.at(-1) === "renamed") done.push("counted");
    },
  });
  const stretch: Stretch = {
    ...quickStretch,
    async argon2id(...all) {
      done.push("stretched");
      return quickStretch.argon2id(...all);
    },
  };
  const seal = {
    ...made.seal,
    async mark(label: Uint8Array) {
      if (fromUtf8(label)!.includes(of)) done.push("words");
      return made.seal.mark(label);
    },
  };
  return { done, options: { card: card(noted), stretch, seals: [seal] }, made };
}

const WITHOUT_WORDS = "pick Words after half of the PIN: yes\npress ok\nhold both\nsee half of the PIN: no";

test("a try is on the card before the PIN is looked at: with words, without them, and at the settings", async () => {
  for (const [before, steps, looks] of [
    ["", "type 314\nsee This machine's words", "words"],
    ["", "type 111111\npress ok\nsee vault.wrong-pin", "stretched"],
    [WITHOUT_WORDS, "type 111111\npress ok\nsee vault.wrong-pin", "stretched"],
    [WITHOUT_WORDS, `type ${PIN}\npress ok\nsee Sign a transaction`, "stretched"],
    [
      "",
      `${SETTINGS}pick Change the PIN\nsee Your present PIN\ntype 111111\npress ok\nsee vault.wrong-pin`,
      "stretched",
    ],
  ] as const) {
    const { done, options, made } = noting("words");
    const home = await homeOn(made);
    const disk = before === "" ? home : await chosen(before, { disk: home, seals: [made.seal] });
    await holds(steps, { ...options, disk });
    // One count before each time that somebody typed, however often it is looked at then.
    const order = done.filter((what) => what === "counted" || what === looks);
    const turns = order.filter((what, at) => what !== order[at - 1]);
    const asked = steps.includes("Your present PIN") ? 2 : 1;
    assert.deepEqual(turns, Array.from({ length: asked }, () => ["counted", looks]).flat(), steps);
  }
});

test("the PIN that was typed is wiped as soon as it was looked at, at the door and at the settings", async () => {
  const next = "2718281828";
  for (const steps of [
    `type ${PIN}\npress ok\nsee Sign a transaction`,
    "type 111111\npress ok\nsee vault.wrong-pin",
    `${SETTINGS}pick Change the PIN\ntype 111111\npress ok\nsee vault.wrong-pin`,
    `${SETTINGS}pick Change the PIN\n${pins(next)}see Your PIN is changed\npress ok\nsee PIN`,
  ]) {
    const typed: Uint8Array[] = [];
    const stretch: Stretch = {
      ...quickStretch,
      argon2id(secret, ...rest) {
        typed.push(secret);
        return quickStretch.argon2id(secret, ...rest);
      },
    };
    await play(steps, { disk: await homeOf(), stretch });
    assert.ok(typed.length > 0);
    for (const pin of typed)
      assert.ok(
        pin.every((byte) => byte === 0),
        `${steps}: ${fromUtf8(pin)}`,
      );
  }
});

test("the wipe PIN destroys in every part of the machine, the one that sealed the home among them", async () => {
  const [better, own] = [machine("tpm"), machine("file")];
  const disk = await chosen(SET_WIPE, { disk: await homeOn(own), seals: [own.seal] });
  const seals = [better.seal, own.seal];
  await holds(`type ${WIPE}\npress ok\nsee vault.wiped`, { disk, seals });
  for (const { calls } of [better, own]) assert.ok(calls.includes("destroy"));
  await holds(`type ${PIN}\npress ok\nsee seal.foreign`, { disk, seals });
});

test("a card that takes no mark of a wipe keeps its journal: the remains of a home are never half a home", async () => {
  const made = machine();
  const disk = await chosen(SET_WIPE, { disk: await homeOn(made), seals: [made.seal] });
  const write = (real: Operations): Partial<Operations> => ({
    async write(name, bytes) {
      if (name.startsWith("home")) throw new Refusal("store.failed", "EIO");
      return real.write(name, bytes);
    },
  });
  const options = { disk, seals: [made.seal], card: card(write) };
  const { disk: left } = await holds(`type ${WIPE}\npress ok\nsee store.failed`, options);
  assert.deepEqual([...left.keys()].sort(), [...disk.keys()].sort());
  assert.ok(made.calls.includes("destroy"));
});

test("the machine is told to rest after the PIN was checked at the settings, right or wrong", async () => {
  for (const [pin, next] of [
    [PIN, "Choose a new PIN"],
    ["111111", "vault.wrong-pin"],
  ] as const) {
    const made = machine();
    const disk = await homeOn(made);
    made.calls.length = 0;
    await holds(`${SETTINGS}pick Change the PIN\ntype ${pin}\npress ok\nsee ${next}\ncut`, {
      disk,
      seals: [made.seal],
    });
    // The release of the door, and that of the settings.
    assert.equal(made.calls.filter((call) => call === "release").length, 2);
    const at = made.calls.findLastIndex((call) => call === "release" || call === "mark");
    assert.equal(made.calls[at + 1], "rest");
  }
});

test("sealed by another part of the machine a home has no wipe PIN any more, and its settings say so", async () => {
  const [better, own] = [machine("tpm"), machine("file")];
  const disk = await chosen(SET_WIPE, { disk: await homeOn(own), seals: [own.seal] });
  const seals = [better.seal, own.seal];
  const sealed = await holds(
    `${SETTINGS}see Wipe PIN: set\npick Seal\nsee Your wipe PIN must be set anew\npage\npress ok\ntype ${PIN}\npress ok
     see Your keys are sealed\npage\npress ok\n${SETTINGS}see Wipe PIN: not set\nsee Seal: TPM`,
    { disk, seals },
  );
  await holds(`type ${WIPE}\npress ok\nsee vault.wrong-pin`, { disk: sealed.disk, seals });
});

test("from the moment at which a part that counts seals the home, it counts its lines", async () => {
  const [better, own] = [machine("tpm"), machine("file")];
  const seals = [better.seal, own.seal];
  const sealing = `${SETTINGS}pick Seal\npage\npress ok\ntype ${PIN}\npress ok\nsee Your keys are sealed\ncut`;
  const { disk } = await holds(sealing, { disk: await homeOn(own), seals });
  assert.ok((better.counted.get("first") ?? 0) > 1000);
  const left = await holds(`see PIN\n${SETTINGS}`, { disk, seals });
  await holds(`type ${PIN}\npress ok\nsee journal.rewound`, { disk, seals });
  await holds(`see PIN\n${SETTINGS}`, { disk: left.disk, seals });
});

test("a home is never written twice without a line about it: a card whose journal fails once shuts nobody out", async () => {
  let fails = false;
  const append = (real: Operations): Partial<Operations> => ({
    async append(name, bytes) {
      if (fails) throw new Refusal("store.failed", "EIO");
      return real.append(name, bytes);
    },
    async write(name, bytes) {
      // The first writing after the unlock: from here on the journal takes no line.
      fails ||= name.startsWith("home") && ++written > 1;
      return real.write(name, bytes);
    },
  });
  let written = 0;
  const rename = (old: string, name: string) =>
    `pick ${old}\npick Name it\npress back x${old.length}\ntype ${name}\npress ok\nsee store.failed\npress ok\nif see Name it\npress back\nend\n`;
  const steps = `${UNLOCK}pick Keys and backups\n${rename("Key 1", "Savings")}${rename("Savings", "Other")}`;
  const { disk } = await holds(steps, { disk: await homeOf(), card: card(append) });
  assert.equal(fails, true);
  await holds(UNLOCK, { disk });
});

test("at a home of version 1, which no machine guards, a wrong PIN is one, and stays counted", async () => {
  const path = join(import.meta.dirname, "../vectors/keys/home-1.json");
  const { blobs } = JSON.parse(readFileSync(path, "utf8")) as { readonly blobs: Record<string, string> };
  const disk = new Map(Object.entries(blobs).map(([name, hex]) => [name, fromHex(hex)!]));
  const wrong = "see PIN\nclock +1h\ntype 111111\npress ok\nsee vault.wrong-pin\npress ok\n";
  const options = { disk, stretch: remembered(), seals: [machine().seal] };
  const before = decodeTries(disk.get("tries")!)!.failures;
  const { disk: left } = await holds(`${wrong}${wrong}see PIN`, options);
  assert.equal(decodeTries(left.get("tries")!)!.failures, before + 2);
});
