// The duress PIN: another home, and nothing on any screen that tells which of the two is open.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { HDKey } from "@scure/bip32";
import { entropyToMnemonic, mnemonicToSeedSync } from "@scure/bip39";
import { wordlist } from "@scure/bip39/wordlists/english.js";
import type { DiskState, RecordingDisk } from "../../device/sim/recording.ts";
import { toHex, u32be } from "../../src/bytes.ts";
import { readHome } from "../../src/keys/index.ts";
import { masterOf, psbt, purse, signed } from "../bitcoin/build.ts";
import {
  CHILD,
  chosen,
  DURESS,
  homeOn,
  machine,
  PIN,
  pins,
  SET_DURESS,
  SET_WIPE,
  SETTINGS,
  unlockWith,
  WIPE,
} from "./lock-stage.ts";
import { holds, homeOf, journalOf, play, psbtTexts, UNLOCK, WORDS } from "./stage.ts";

/** Child 0 of the key, made by the other library: 24 words of BIP 85. */
function childWords(): string {
  const seed = mnemonicToSeedSync(WORDS);
  const node = HDKey.fromMasterSeed(seed).derive("m/83696968'/39'/0'/24'/0'");
  return entropyToMnemonic(hmacOf(node.privateKey!).slice(0, 32), wordlist);
}
function hmacOf(key: Uint8Array): Uint8Array {
  return new Uint8Array(createHmac("sha512", "bip-entropy-from-k").update(key).digest());
}
const CHILD_FINGERPRINT = toHex(u32be(HDKey.fromMasterSeed(mnemonicToSeedSync(childWords())).fingerprint));
const OWN_FINGERPRINT = toHex(u32be(masterOf(WORDS).fingerprint));

const withDuress = () => chosen(SET_DURESS);

/** What a play showed from this line of its script on. */
const from = (printed: string, step: string) => printed.slice(printed.lastIndexOf(`> ${step}`));

test("the duress PIN opens another home, with the key that the main backup restores, and the PIN the owner's", async () => {
  const disk = await withDuress();
  await holds(
    `${unlockWith(DURESS)}see Key ${CHILD_FINGERPRINT}\npick Lock\n${UNLOCK}see Key ${OWN_FINGERPRINT}`,
    {
      disk,
    },
  );
  assert.notEqual(CHILD_FINGERPRINT, OWN_FINGERPRINT);
});

test("its key signs, under its own limits and in its own journal, and counts for nothing in the other", async () => {
  const disk = await withDuress();
  const own = purse("p2wpkh", { phrases: [childWords()] });
  const asked = psbt(own);
  const set = { PSBT: psbtTexts(asked, "base64")[0]! };
  const spent = await holds(
    `${unlockWith(DURESS)}pick Sign\nscan $PSBT\npage\nhold ok\nsee Signed\npress ok\npick Journal\npick newest first\nsee Signed transaction`,
    { disk, set },
  );
  assert.ok((await signed(own, asked)).signed > 0);
  const lines = await journalOf(spent.disk);
  assert.ok(lines.every(({ kind }) => kind !== "spent" && kind !== "signed"));
});

test("nothing that the main journal holds tells that the duress PIN was used, wrong PINs before it included", async () => {
  const disk = await withDuress();
  const lines = await journalOf(disk);
  const { disk: used } = await holds(
    `type 999999\npress ok\npress ok\n${unlockWith(DURESS)}pick Settings\npress back\npick Lock\nsee PIN`,
    { disk },
  );
  assert.deepEqual(await journalOf(used), lines);
  for (const [name, bytes] of disk)
    if (!/^(second-|tries)/.test(name)) assert.deepEqual(used.get(name), bytes, name);
});

test("no screen of the duress home differs from those of a home that has no duress PIN, but in keys and times", async () => {
  const path = [
    "pick Settings\n",
    "pick Change the PIN\npress back\n",
    "pick Duress PIN: not set\npage\npress back\n",
    "pick Wipe PIN: not set\npage\npress back\n",
    "pick Wrong PINs\npress back x3\n",
    "pick Countdown\npress back\n",
    "pick Wait after\npress back\n",
    "pick Security keys: none\npress back\n",
    "pick Seal\npage\npress back\n",
    "press back\npick Policy\npage\npress back\npick Wallets\npress back\npick Journal\npick newest first\nsee Set up for regtest\npress back x2\n",
    "pick Keys and backups\npress back\npick Lock\nsee PIN",
  ].join("");
  const plain = (printed: string) =>
    printed
      .replaceAll(/\b[0-9a-f]{8}\b/g, "fingerprint")
      .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d UTC/g, "time")
      .replaceAll(/^> .*$/gm, "");
  // A home that another person set up with the child's own words, and opened once since.
  const usual = await homeOf("regtest", childWords());
  const duress = await holds(unlockWith(DURESS), { disk: await withDuress() });
  const seen = await holds(`${unlockWith(DURESS)}${path}`, { disk: duress.disk });
  const other = await holds(`${UNLOCK}${path}`, { disk: usual });
  assert.equal(
    plain(from(seen.printed, "see Sign a transaction")),
    plain(from(other.printed, "see Sign a transaction")),
  );
});

test("what is chosen in the duress home is shown there as chosen, and changes nothing of the owner's lock", async () => {
  const disk = await withDuress();
  const other = "141421";
  const changed = await holds(
    `${unlockWith(DURESS)}pick Settings\npick Countdown\npick 1 hour\nsee Countdown after the PIN: 1 hour
     pick Shuffled digits: no\nsee Shuffled digits: yes\npick Wrong PINs\npress back x2\ntype 3\npress ok
     see Wrong PINs that wipe: 3\npick Change the PIN\n${pins(other, DURESS)}see Your PIN is changed\npress ok\nsee PIN
     ${unlockWith(other)}see Key ${CHILD_FINGERPRINT}`,
    { disk },
  );
  const home = readHome(changed.disk.get("home")!);
  assert.deepEqual(home.settings, readHome(disk.get("home")!).settings);
  await holds(
    `type ${DURESS}\npress ok\nsee 9 more wrong PINs\npress ok\n${UNLOCK}see Key ${OWN_FINGERPRINT}`,
    {
      disk: changed.disk,
    },
  );
});

test("a duress PIN that is set in the duress home asks for the same things and opens nothing, and no third home is made", async () => {
  const disk = await withDuress();
  const third = "141421";
  const set = await holds(
    `${unlockWith(DURESS)}pick Settings\npick Duress PIN: not set\npage\npress ok\n${pins(third, DURESS)}${CHILD}
     see The duress PIN is set\npage\npress ok\n${unlockWith(DURESS)}pick Settings\nsee Duress PIN: set
     pick Duress PIN: set\npress ok\nhold both\nsee Duress PIN: not set`,
    { disk },
  );
  assert.deepEqual([...set.disk.keys()].sort(), [...disk.keys()].sort());
  await holds(`type ${third}\npress ok\nsee vault.wrong-pin\npress ok\n${UNLOCK}`, { disk: set.disk });
});

test("a PIN never does two things: own, duress and wipe PIN are refused for one another", async () => {
  const taken = "see vault.same-pin\npress ok\nsee PIN\n";
  const disk = (await holds(`${SETTINGS}${SET_DURESS}${SETTINGS}${SET_WIPE}`, { disk: await homeOf() })).disk;
  for (const pin of [PIN, DURESS, WIPE])
    await holds(`${SETTINGS}pick Change the PIN\n${pins(pin)}${taken}${UNLOCK}`, { disk });
  for (const pin of [PIN, DURESS]) {
    const none = `${SETTINGS}pick Wipe PIN: set\npress ok\nhold both\nsee Wipe PIN: not set\n`;
    await holds(`${none}pick Wipe PIN: not set\npage\npress ok\n${pins(pin)}${taken}${UNLOCK}`, { disk });
  }
  const wiping = await chosen(SET_WIPE);
  for (const pin of [PIN, WIPE])
    await holds(`${SETTINGS}pick Duress PIN: not set\npage\npress ok\n${pins(pin)}${taken}${UNLOCK}`, {
      disk: wiping,
    });
});

test("the duress home cannot be asked whether some digits are the owner's PIN", async () => {
  const made = machine();
  const disk = (await holds(`${SETTINGS}${SET_DURESS}`, { disk: await homeOn(made), seals: [made.seal] }))
    .disk;
  for (const guess of [PIN, "999999"]) {
    made.calls.length = 0;
    await holds(
      `${unlockWith(DURESS)}pick Settings\npick Change the PIN\n${pins(guess, DURESS)}see Your PIN is changed`,
      { disk, seals: [made.seal] },
    );
    assert.equal(made.calls.filter((call) => call === "release").length, 2 + 1);
  }
});

test("removed, the duress PIN is a wrong one, nothing of its home is left, and another can be made", async () => {
  const disk = await withDuress();
  const removed = await holds(
    `${SETTINGS}pick Duress PIN: set\nsee only a backup reaches it\npress ok\nhold both\nsee Duress PIN: not set
     press back\npick Lock\nsee PIN\ntype ${DURESS}\npress ok\nsee vault.wrong-pin`,
    { disk },
  );
  assert.deepEqual(
    [...removed.disk.keys()].filter((name) => name.startsWith("second-")),
    [],
  );
  await holds(`${SETTINGS}${SET_DURESS}${unlockWith(DURESS)}`, { disk: removed.disk });
});

test("what a cut left of an earlier second home is cleared away before another one is made", async () => {
  const left = new Map([...(await withDuress())].filter(([name]) => name !== "second-home"));
  assert.ok([...left.keys()].some((name) => name.startsWith("second-")));
  const { disk } = await holds(`${SETTINGS}see Duress PIN: not set\n${SET_DURESS}${unlockWith(DURESS)}`, {
    disk: left,
  });
  assert.ok(disk.has("second-home"));
});

test("a duress home of words of its own is made as any key is, and says that it needs a backup of its own", async () => {
  const phrase = "legal winner thank year wave sausage worth useful legal winner thank yellow";
  const { disk } = await holds(
    `${SETTINGS}pick Duress PIN\npage\npress ok\n${pins(DURESS)}pick Another key\npick Type words in\ntype ${phrase}
     press ok\npick No passphrase\npage\npress ok\npick Take these limits\nsee The duress PIN is set
     see a backup of its own\npage\npress ok\nsee PIN`,
    { disk: await homeOf() },
  );
  await holds(`${unlockWith(DURESS)}see Key ${toHex(u32be(masterOf(phrase).fingerprint))}`, { disk });
});

test("a second home that is damaged or another machine's opens for nobody, and keeps the first one from nothing", async () => {
  const disk = await withDuress();
  const foreign = (
    await holds(`${SETTINGS}${SET_DURESS}`, {
      disk: await homeOn(machine("file", 9)),
      seals: [machine("file", 9).seal],
    })
  ).disk;
  const bytes = disk.get("second-home")!;
  for (const second of [
    new Uint8Array(3),
    bytes.slice(0, 80),
    foreign.get("second-home")!,
    bytes.map((byte) => byte ^ 1),
  ]) {
    const changed = new Map([...disk, ["second-home", second]]);
    await holds(`type ${DURESS}\npress ok\nsee vault.wrong-pin\npress ok\n${UNLOCK}`, { disk: changed });
  }
});

test("wherever the power is cut while a duress PIN is made or removed, it is there whole or not at all", async () => {
  const made = await withDuress();
  const journeys: readonly (readonly [DiskState, string])[] = [
    [await homeOf(), `${SETTINGS}${SET_DURESS}`],
    [made, `${SETTINGS}pick Duress PIN: set\npress ok\nhold both\nsee Duress PIN: not set`],
  ];
  for (const [disk, steps] of journeys) {
    const { operations } = await holds(steps, { disk });
    const seen = new Set<string>();
    for (let cut = 1; cut <= operations; cut++) {
      let states: DiskState[] | undefined;
      const keeps = (card: RecordingDisk) => {
        states ??= card.states();
        return states[0]!;
      };
      await play(`cut ${cut}\n${steps}\ncut`, { disk, keeps });
      for (const state of states!) {
        const there = state.has("second-home");
        seen.add(there ? "there" : "gone");
        const duress = there
          ? unlockWith(DURESS).concat("pick Lock\n")
          : `type ${DURESS}\npress ok\nsee vault.wrong-pin\npress ok\n`;
        await holds(`see PIN\nclock +1h\n${duress}${UNLOCK}`, { disk: state });
      }
    }
    assert.deepEqual([...seen].sort(), ["gone", "there"]);
  }
});
