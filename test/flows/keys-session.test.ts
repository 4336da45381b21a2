// A key for one session alone: it signs, its spends count, every screen says what it is, and the lock forgets it.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { HDKey } from "@scure/bip32";
import { mnemonicToEntropy, mnemonicToSeedSync } from "@scure/bip39";
import { wordlist } from "@scure/bip39/wordlists/english.js";
import type { Operations } from "../../device/disk/operations.ts";
import { PHRASES, psbt, purse, signed } from "../bitcoin/build.ts";
import { homeOn, wordsFingerprint } from "./entries.ts";
import { pins } from "./lock-stage.ts";
import {
  folder,
  holds,
  homeOf,
  journalOf,
  PIN,
  papers,
  psbtTexts,
  replyIn,
  script,
  UNLOCK,
  WORDS,
} from "./stage.ts";

const GUEST = PHRASES[2];
const FIRST = wordsFingerprint(WORDS);
const PRINT = wordsFingerprint(GUEST);
const KEYS = `${UNLOCK}pick Keys and backups\n`;
const ENTER = `pick Use a key for this session only\nunseen Create\npick Type words in\ntype ${GUEST}\npress ok\npick No passphrase\nsee ${PRINT}\npage\npress ok\nsee In use: key ${PRINT}, for this session only\n`;
const AT_HOME = `press back\nsee Key ${PRINT}, for this session only, 4 wallets\n`;

const own = purse("p2wpkh", { phrases: [GUEST] });
const asked = psbt(own);
const seed = mnemonicToSeedSync(GUEST);
const master = HDKey.fromMasterSeed(seed);
const SECRETS = [mnemonicToEntropy(GUEST, wordlist), seed, master.privateKey!, master.chainCode!];

test("it signs, its spend is in the ledger like any, and the lock forgets it", async (t) => {
  const at = folder(t);
  const set = { PIN, CAMERA: papers(join(at, "in"), psbtTexts(asked)), OUT: join(at, "out") };
  const signing = script("sign").slice(script("sign").indexOf("pick Sign"));
  const { disk, starts } = await holds(
    `${KEYS}${ENTER}${AT_HOME}${signing}pick Lock\n${UNLOCK}see Key ${FIRST}, 4 wallets
    unseen session\npick Keys\nunseen ${PRINT}`,
    { disk: await homeOf(), set },
  );
  assert.equal(starts, 2);
  assert.deepEqual(replyIn(set.OUT).bytes, (await signed(own, asked)).whole.bytes);
  const lines = await journalOf(disk);
  assert.deepEqual(
    lines.filter(({ kind }) => kind === "key-chosen").map((line) => ({ ...line, at: 0 })),
    [{ kind: "key-chosen", at: 0, fingerprint: PRINT, lives: "session" }],
  );
  assert.ok(lines.some(({ kind }) => kind === "spent"));
  const refused = { PIN, CAMERA: papers(join(at, "again"), psbtTexts(asked)), SEE: "bitcoin.not-ours" };
  await holds(script("refuse"), { disk, set: refused });
});

test("nothing of it was ever written to the disk, not even for a moment", async (t) => {
  const written: Uint8Array[] = [];
  const card = (real: Operations): Operations => ({
    ...real,
    write: (name, bytes) => {
      written.push(bytes.slice());
      return real.write(name, bytes);
    },
    append: (name, bytes) => {
      written.push(bytes.slice());
      return real.append(name, bytes);
    },
  });
  const at = folder(t);
  const set = { PIN, CAMERA: papers(join(at, "in"), psbtTexts(asked)), OUT: join(at, "out") };
  const signing = script("sign").slice(script("sign").indexOf("pick Sign"));
  const home = await homeOf();
  const { disk } = await holds(
    `${KEYS}${ENTER}${AT_HOME}${signing}pick Keys\npick Key 1\npick Name it\npress back x5\ntype Mine\npress ok
    press back\npress back\npick Lock\nsee PIN`,
    { disk: home, card, set },
  );
  assert.ok(written.length > 5);
  const all = [...written, ...disk.values()].map((bytes) => Buffer.from(bytes));
  const words = GUEST.split(" ");
  for (const bytes of all) {
    for (const secret of SECRETS)
      for (const form of [Buffer.from(secret), Buffer.from(Buffer.from(secret).toString("hex"))])
        assert.equal(bytes.indexOf(form.subarray(0, form.length / 2)), -1);
    assert.equal(bytes.indexOf(words.slice(0, 3).join(" ")), -1);
  }
  // What is sealed cannot be searched: of keys and wallets it holds what it held before, and no more.
  const state = await homeOn(disk);
  assert.deepEqual(
    state.keys.map(({ fingerprint, name }) => [fingerprint, name]),
    [[FIRST, "Mine"]],
  );
  assert.deepEqual([state.chosen, state.sealed], [FIRST, [FIRST]]);
  assert.ok(
    !JSON.stringify(state, (_, value) => (typeof value === "bigint" ? String(value) : value)).includes(PRINT),
  );
});

test("every screen of home says that it is for this session only, at both sizes, until a kept key answers again", async () => {
  for (const size of [undefined, { columns: 40, rows: 15 }]) {
    const says = "see FOR THIS SESSION ONLY\n";
    const { disk } = await holds(
      `${KEYS}${ENTER}${says}${AT_HOME}${says}pick Sign\n${says}press back\npick Wallets\n${says}press back
      pick Policy\n${says}press back\npick Journal\n${says}press back\npick Keys\npick Key 1\npick Use this key
      unseen SESSION ONLY\nsee Key 1 (${FIRST}), in use\npress back\nsee Key ${FIRST}, 4 wallets\nunseen SESSION ONLY`,
      {
        disk: await homeOf(),
        ...(size ? { size } : {}),
      },
    );
    const lives = (await journalOf(disk)).flatMap((line) => (line.kind === "key-chosen" ? [line.lives] : []));
    assert.deepEqual(lives, ["session", "home"]);
  }
});

test("no child of it is offered for a duress PIN: nothing here could bring it back", async () => {
  const duress = `pick Settings\npick Duress PIN\npage\npress ok\n${pins("271828")}`;
  const disk = await homeOf();
  await holds(`${UNLOCK}${duress}see Its key\nsee A child of this key`, { disk });
  await holds(`${KEYS}${ENTER}${AT_HOME}${duress}see Its key\nsee Another key\nunseen A child of this key`, {
    disk,
  });
});

test("practice keys say both, the session first", async () => {
  await holds(`entropy 00ff\n${KEYS}${ENTER}see REGTEST, FOR THIS SESSION ONLY, PRACTICE KEYS`, {
    disk: await homeOf(),
  });
});

test("a wallet that is registered for it lasts for the session", async () => {
  const wallet = purse("p2wsh", { phrases: [GUEST, WORDS, PHRASES[1]] }).wallet.descriptor;
  const { disk } = await holds(
    `${KEYS}${ENTER}${AT_HOME}pick Wallets\npick Register\nscan ${wallet}\npress ok\nsee Quorum\npage\nhold ok
    see Registered\npage\npress ok\nsee 2 of 3\npress back\nsee 5 wallets\npick Keys\npick Key 1\npick Use this key\npress back
    see 4 wallets\npick Lock\n${UNLOCK}see 4 wallets`,
    { disk: await homeOf() },
  );
  assert.equal((await homeOn(disk)).wallets.length, 0);
});

test("a key that the device keeps is not entered a second time for a session", async () => {
  const { starts } = await holds(
    `${KEYS}${ENTER.replaceAll(GUEST, WORDS)
      .replaceAll(PRINT, FIRST)
      .replace(/see In use.*\n/, "")}see keys.known\npage\npress ok\nsee PIN`,
    {
      disk: await homeOf(),
    },
  );
  assert.equal(starts, 2);
});

test("idleness, the long hold and a cut forget it as the lock does", async () => {
  for (const end of ["idle", "hold back", "cut"])
    await holds(
      `${KEYS}${ENTER}${AT_HOME}${end}\nsee PIN\nclock +20m\ntype ${PIN}\npress ok\nsee Key ${FIRST}, 4 wallets\nunseen ${PRINT}`,
      {
        disk: await homeOf(),
      },
    );
});

test("while it is in use, kept keys can be added and removed, and all starts afresh without it", async () => {
  const add = `pick Add a key\npick Type words in\ntype ${PHRASES[1]}\npress ok\npick No passphrase\npage\npress ok\npress ok\nsee A key was added\npage\npress ok\nsee PIN\n`;
  const { disk } = await holds(`${KEYS}${ENTER}${add}${UNLOCK}see Key ${FIRST}, Key 1\nunseen ${PRINT}`, {
    disk: await homeOf(),
  });
  const { keys } = await homeOn(disk);
  assert.deepEqual(
    keys.map(({ fingerprint }) => fingerprint),
    [FIRST, wordsFingerprint(PHRASES[1])],
  );
});

test("on mainnet it signs: whoever entered it has shown that its backup can be read", async (t) => {
  const real = purse("p2wpkh", { network: "mainnet", phrases: [GUEST] });
  const at = folder(t);
  const set = { PIN, CAMERA: papers(join(at, "in"), psbtTexts(psbt(real))), OUT: join(at, "out") };
  const signing = script("sign").slice(script("sign").indexOf("pick Sign"));
  await holds(`${KEYS}${ENTER}${AT_HOME}${signing}`, { disk: await homeOf("mainnet"), set });
  assert.deepEqual(replyIn(set.OUT).bytes, (await signed(real, psbt(real))).whole.bytes);
});
