// Several keys in one device: added, chosen, named, removed; and one that lives for a session alone.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import type { Operations } from "../../device/disk/operations.ts";
import { addWallet, type Session } from "../../src/flows/session.ts";
import { LIMITS } from "../../src/limits.ts";
import { Refusal } from "../../src/refusal.ts";
import { curve, PHRASES, psbt, purse, signed } from "../bitcoin/build.ts";
import { homeOn, seedHexFingerprint, vectorsOf, wordsFingerprint } from "./entries.ts";
import {
  folder,
  holds,
  homeOf,
  journalOf,
  PIN,
  papers,
  play,
  psbtTexts,
  registered,
  replyIn,
  script,
  UNLOCK,
  WORDS,
  walletTexts,
} from "./stage.ts";

const OTHER = PHRASES[1];
const FIRST = wordsFingerprint(WORDS);
const SECOND = wordsFingerprint(OTHER);
const KEYS = `${UNLOCK}pick Keys and backups\n`;
const typed = (phrase: string, fingerprint = wordsFingerprint(phrase)) =>
  `pick Type words in\ntype ${phrase}\npress ok\npick No passphrase\nsee ${fingerprint}\npage\npress ok\n`;
const ADD = `pick Add a key\n${typed(OTHER)}see Name the key\npress ok\nsee A key was added\nsee ${SECOND}\npage\npress ok\nsee PIN\n`;

let two: Promise<Awaited<ReturnType<typeof homeOf>>> | undefined;
/** The usual home with a second key, Key 2; the first one is still in use. */
function homeOfTwo() {
  two ??= (async () => (await holds(`${KEYS}${ADD}`, { disk: await homeOf() })).disk)();
  return two;
}
const CHOOSE = `pick Key 2\npick Use this key\nsee Key 2 (${SECOND}), in use\npress back\n`;

test("a home with one key says nothing of keys but its fingerprint", async () => {
  await holds(
    `${UNLOCK}see Key ${FIRST}, 4 wallets\nunseen Key 1\npick Keys and backups\nsee Key 1 (${FIRST}), in use`,
    {
      disk: await homeOf(),
    },
  );
});

test("a key that is added stays, all starts afresh, and the one before still answers", async () => {
  const { disk, starts } = await holds(
    `${KEYS}${ADD}${UNLOCK}see Key ${FIRST}, Key 1\npick Keys and backups
    see Key 1 (${FIRST}), in use\nsee Key 2 (${SECOND})\nunseen (${SECOND}), in use`,
    { disk: await homeOf() },
  );
  assert.equal(starts, 2);
  const { keys, chosen } = await homeOn(disk);
  assert.deepEqual([keys.map(({ fingerprint }) => fingerprint), chosen], [[FIRST, SECOND], FIRST]);
  assert.deepEqual(
    keys[1]!.backups.map(({ form }) => form),
    ["words"],
  );
  const line = (await journalOf(disk)).find(({ kind }) => kind === "key-added");
  assert.deepEqual(
    { ...line, at: 0 },
    { kind: "key-added", at: 0, name: "Key 2", fingerprint: SECOND, origin: "entered" },
  );
});

test("every form can be added as a key, and signs", async () => {
  const { secrets, seed } = vectorsOf("codex32").valid[0];
  await holds(
    `${KEYS}pick Add a key\npick Another form\npick codex32\npick Type a share\ntype ${secrets[0]}\npress ok
    see ${seedHexFingerprint(seed)}\npage\npress ok\npress ok\nsee A key was added\npage\npress ok\n${KEYS}pick Key 2
    pick Use this key\npress back\nsee Key ${seedHexFingerprint(seed)}, Key 2, 4 wallets`,
    { disk: await homeOf() },
  );
});

test("nothing overwrites a key: one that is here is refused by name, and all starts afresh", async () => {
  const { disk, starts } = await holds(
    `${KEYS}pick Add a key\n${typed(WORDS)}see keys.known\nsee Key 1\npage\npress ok\nsee PIN`,
    {
      disk: await homeOf(),
    },
  );
  assert.equal(starts, 2);
  assert.equal((await homeOn(disk)).keys.length, 1);
});

test("a name that another key has is not taken, nor none", async () => {
  await holds(
    `${KEYS}pick Key 2\npick Name it\npress back x5\ntype Key 1\npress ok\nsee Another key here has this name
    press back x5\npress ok\nsee A key needs a name\ntype  The vault\npress ok\nsee The vault (${SECOND})\npress back
    see The vault (${SECOND})`,
    { disk: await homeOfTwo() },
  );
});

test("a key that was named is called so from then on, by the home and by the journal", async () => {
  const { disk } = await holds(
    `${KEYS}pick Key 1\npick Name it\npress back x5\ntype Savings\npress ok\nsee Savings\npress back\npress back
    see Key ${FIRST}, Savings\npick Journal\npick newest first\nsee Named key ${FIRST} Savings.\npress back x2\npick Lock\n${UNLOCK}see Savings`,
    {
      disk: await homeOfTwo(),
    },
  );
  assert.equal((await homeOn(disk)).keys[0]!.name, "Savings");
});

test("the key that is chosen signs, the other one's transactions are foreign, and the choice outlives the lock", async (t) => {
  const mine = purse("p2wpkh", { phrases: [OTHER] });
  const theirs = purse("p2wpkh");
  const at = folder(t);
  const chosen = await holds(
    `${KEYS}${CHOOSE}see Key ${SECOND}, Key 2, 4 wallets\npick Lock\n${UNLOCK}see Key ${SECOND}, Key 2`,
    {
      disk: await homeOfTwo(),
    },
  );
  const lines = (await journalOf(chosen.disk)).filter(({ kind }) => kind === "key-chosen");
  assert.deepEqual(
    lines.map((line) => ({ ...line, at: 0 })),
    [{ kind: "key-chosen", at: 0, fingerprint: SECOND, lives: "home" }],
  );
  const own = psbt(mine);
  const set = { PIN, CAMERA: papers(join(at, "own"), psbtTexts(own)), OUT: join(at, "out") };
  const { disk } = await holds(script("sign"), { disk: chosen.disk, set });
  assert.deepEqual(replyIn(set.OUT).bytes, (await signed(mine, own)).whole.bytes);
  const CAMERA = papers(join(at, "other"), psbtTexts(psbt(theirs)));
  await holds(script("refuse"), { disk, set: { PIN, CAMERA, SEE: "bitcoin.not-ours" } });
});

test("what is spent counts in one window, whichever key signs", async (t) => {
  const at = folder(t);
  const most = [{ foreign: 1, amountSats: 99_999_000n }];
  const big = (phrase: string) =>
    psbt(purse("p2wpkh", { network: "mainnet", phrases: [phrase] }), {
      inputs: [{ index: 0, amountSats: 100_000_000n }],
      outputs: most,
    });
  const { disk: home } = await holds(`${KEYS}${ADD}`, { disk: await homeOf("mainnet") });
  const set = { PIN, CAMERA: papers(join(at, "first"), psbtTexts(big(WORDS))), OUT: join(at, "out") };
  const spent = await holds(script("sign"), { disk: home, set });
  const { disk } = await holds(`${KEYS}${CHOOSE}`, { disk: spent.disk, wallMs: spent.wallMs });
  const CAMERA = papers(join(at, "second"), psbtTexts(big(OTHER)));
  await holds(script("refuse"), {
    disk,
    wallMs: spent.wallMs,
    set: { PIN, CAMERA, SEE: "policy.over-window-limit" },
  });
});

test("wallets belong to the key under which they were registered, also where both keys are in them", async (t) => {
  const at = folder(t);
  const texts = walletTexts(purse("p2wsh").wallet.descriptor);
  const first = await registered(await homeOfTwo(), join(at, "first"), texts);
  const chosen = await holds(`${KEYS}${CHOOSE}see 4 wallets`, { disk: first });
  const second = await registered(chosen.disk, join(at, "second"), texts);
  const { disk } = await holds(
    `${UNLOCK}see 5 wallets\npick Wallets\npick 2 of 3\npick Remove\nhold ok\npress back\nsee 4 wallets`,
    {
      disk: second,
    },
  );
  await holds(`${KEYS}pick Key 1\npick Use this key\npress back\nsee Key ${FIRST}, Key 1, 5 wallets`, {
    disk,
  });
});

// ---------------------------------------------------------------- removing

const REMOVE = `pick Key 2\npick Remove it\nsee Remove Key 2?\npage\npress ok\nhold both\nclock +1s\nsee The key was removed\npage\npress ok\nsee PIN\n`;

test("a key is removed by a gesture of its own, with its wallets, and the home goes on with the others", async (t) => {
  const { disk: chosen } = await holds(`${KEYS}${CHOOSE}`, { disk: await homeOfTwo() });
  const wallet = purse("p2wsh", { phrases: [OTHER, WORDS, PHRASES[2]] }).wallet.descriptor;
  const from = await registered(chosen, join(folder(t), "wallet"), walletTexts(wallet));
  const { disk, starts } = await holds(
    `${KEYS}${REMOVE.replace("page\npress ok\nhold", "see go with it\nsee 2 of 3\nunseen rehearsed\npage\npress ok\nhold")}${UNLOCK}see Key ${FIRST}, 4 wallets\npick Keys
    unseen ${SECOND}`,
    { disk: from },
  );
  assert.equal(starts, 2);
  const { keys, wallets, chosen: now } = await homeOn(disk);
  assert.deepEqual([keys.length, wallets.length, now], [1, 0, FIRST]);
  const line = (await journalOf(disk)).find(({ kind }) => kind === "key-removed");
  assert.deepEqual({ ...line, at: 0 }, { kind: "key-removed", at: 0, name: "Key 2", fingerprint: SECOND });
});

test("the key in use stays in use when another one is removed", async () => {
  const add = `${KEYS}pick Add a key\npick Scan a SeedQR\nscan-hex ${"83".repeat(16)}\npage\npress ok\npick No passphrase\npage\npress ok
      press ok\nsee A key was added\npage\npress ok\nsee PIN\n`;
  const { disk } = await holds(`${KEYS}${CHOOSE}`, { disk: await homeOfTwo() });
  const { disk: three } = await holds(add, { disk });
  const left = await holds(REMOVE.replaceAll("Key 2", "Key 3").replace(/^/, KEYS), { disk: three });
  const { keys, chosen } = await homeOn(left.disk);
  assert.deepEqual([keys.length, chosen], [2, SECOND]);
  await holds(`${UNLOCK}see Key ${SECOND}`, { disk: left.disk });
});

test("a hold that is meant for a payment removes no key", async () => {
  const { disk } = await play(
    `${KEYS}pick Key 2\npick Remove it\npage\npress ok\nhold ok\nsee The key was removed`,
    {
      disk: await homeOfTwo(),
    },
  );
  assert.equal((await homeOn(disk)).keys.length, 2);
});

test("the last key is not removed", async () => {
  const { disk } = await holds(
    `${KEYS}pick Key 1\npick Remove it\nsee keys.last\npage\npress ok\nsee Name it`,
    { disk: await homeOf() },
  );
  assert.equal((await homeOn(disk)).keys.length, 1);
});

test("a key whose backup was never rehearsed is removed only after a red page says so", async () => {
  const born =
    "pick Add a key\npick Create new words\npick 12 words\npick Mixed\npick Go on\nsee Write these words down\n";
  const { printed } = await holds(`entropy 00ff\n${KEYS}${born}page`, { disk: await homeOf() });
  const all = [...printed.matchAll(/\b(\d+)\. +([a-z]+)/g)].map(
    ([, place, word]) => [Number(place), word!] as const,
  );
  const words = Array.from({ length: 12 }, (_, i) => all.find(([place]) => place === i + 1)![1]);
  const check = words
    .map((word, i) => `if see Type word ${i + 1} of\ntype ${word}\npress ok\nend\n`)
    .join("");
  const { disk } = await holds(
    `entropy 00ff\n${KEYS}${born}page\npress ok\n${check}pick Go on\npick No passphrase\npage\npress ok\npress ok\nsee A key was added\npage\npress ok\nsee PIN`,
    { disk: await homeOf() },
  );
  const { backups, madeMs } = (await homeOn(disk)).keys[1]!;
  assert.deepEqual(backups, [{ form: "words", madeMs }]);
  await holds(
    `${KEYS}pick Key 2\npick Remove it\nsee never rehearsed\nsee lost for ever\npress back\nsee Remove it`,
    { disk },
  );
});

// ---------------------------------------------------------------- leaving

test("whoever leaves before anything was entered is at the keys again; after that all starts afresh", async () => {
  const disk = await homeOf();
  const at = await holds(
    `${KEYS}pick Add a key\npress back\nsee in use\npick Use a key for\npress back\nsee in use`,
    { disk },
  );
  assert.equal(at.starts, 1);
  for (const way of ["pick Add a key\n", "pick Use a key for\n"]) {
    const left = await holds(
      `${KEYS}${way}pick Type words in\ntype aban\npress back x4\npress back\nsee Type words in
      press back\nsee Nothing was taken\npress ok\nsee PIN`,
      { disk },
    );
    assert.equal(left.starts, 2);
    assert.equal((await homeOn(left.disk)).keys.length, 1);
  }
});

test("no more keys than there is room for are added, and nothing is asked before that is said", async () => {
  let disk = await homeOf();
  for (let number = 2; number <= LIMITS.keys; number++) {
    const entropy = Buffer.alloc(16, 128 + number).toString("hex");
    disk = (
      await holds(
        `${KEYS}pick Add a key\npick Scan a SeedQR\nscan-hex ${entropy}\npage\npress ok\npick No passphrase\npage\npress ok
      press ok\nsee A key was added\npage\npress ok\nsee PIN`,
        { disk },
      )
    ).disk;
  }
  await holds(
    `${KEYS}see Key ${LIMITS.keys}\npick Add a key\nsee keys.too-many\npage\npress ok\nsee Sign a transaction`,
    { disk },
  );
  assert.equal((await homeOn(disk)).keys.length, LIMITS.keys);
});

test("all keys together have as many registered wallets as the home has room for, and no more", async () => {
  const { wallet } = purse("p2wsh");
  const kept = { name: "x", descriptor: wallet.descriptor, key: SECOND };
  const written: string[] = [];
  const session = {
    curve,
    network: "regtest",
    wallets: [],
    templates: [],
    key: { fingerprint: FIRST },
    temporary: false,
    state: { wallets: Array.from({ length: LIMITS.wallets }, () => kept) },
    store: { replace: async (name: string) => void written.push(name) },
  } as unknown as Session;
  await assert.rejects(addWallet(session, wallet), { reason: "bitcoin.wallets-full" });
  assert.deepEqual([written, session.wallets], [[], []]);
});

test("a card that takes no more leaves the keys as they were, says so, and all starts afresh", async () => {
  for (const way of [
    ADD.slice(0, ADD.indexOf("see A key")),
    REMOVE.slice(0, REMOVE.indexOf("see The key")),
  ]) {
    const from = way.startsWith("pick Add") ? await homeOf() : await homeOfTwo();
    // Full from the moment at which the keys are written: unlocking writes the home once before.
    let homes = 0;
    const card = (real: Operations): Operations => ({
      ...real,
      write(name, bytes) {
        if (name.startsWith("home") && ++homes === 2) throw new Refusal("store.full", "ENOSPC");
        return real.write(name, bytes);
      },
    });
    const { disk, starts } = await holds(`${KEYS}${way}see store.full\npage\npress ok\nsee PIN`, {
      disk: from,
      card,
    });
    const [before, after] = [await homeOn(from), await homeOn(disk)];
    assert.deepEqual([starts, after.sealed, after.keys], [2, before.sealed, before.keys]);
  }
});
