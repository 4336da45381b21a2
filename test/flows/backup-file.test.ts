// The encrypted backup from the owner's side: made, let out, read back, rehearsed.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { nodeStretch } from "../../device/host/stretch.ts";
import { folderStick } from "../../device/stick/folder.ts";
import { wordList } from "../../src/keys/index.ts";
import {
  ADD_SECOND,
  AS_CODES,
  CODE,
  DONE,
  FROM_CODES,
  FROM_STICK,
  fullHome,
  homeOn,
  MAKE,
  PASSPHRASE,
  REHEARSE,
  RESTORE,
  TAKE,
  TO_STICK,
  TYPE_CODE,
  whatMatters,
  withWallet,
} from "./backup-file-stage.ts";
import { folder, holds, homeOf, journalOf, quickStretch, UNLOCK } from "./stage.ts";

const SCRIPT = join(import.meta.dirname, "../../scripts/recover.mjs");
const BY_PASSPHRASE = `${MAKE}${PASSPHRASE}`;
const SMALL = { columns: 40, rows: 15 };

async function linesOf(disk: ReadonlyMap<string, Uint8Array>): Promise<readonly string[]> {
  return (await journalOf(disk)).map(({ kind }) => kind).filter((kind) => /backup|secret/.test(kind));
}

const [SHOWN, MADE, REHEARSED] = ["secret-shown", "backup-made", "backup-rehearsed"];

test("a backup of two keys leaves as codes, is read back, and a new home is made of it: same keys, wallets, limits", async (t) => {
  const [OUT, full] = [folder(t), await fullHome(folder(t))];
  const { disk, printed } = await holds(`${BY_PASSPHRASE}${AS_CODES}${DONE}`, { disk: full, set: { OUT } });
  assert.ok(!printed.includes(`| ${CODE}`), "the passphrase stood on the screen");
  const { state } = await homeOn(disk);
  assert.equal(state.keys.length, 2);
  for (const { backups } of state.keys) {
    const made = backups.find(({ form }) => form === "backup");
    assert.ok(made?.rehearsedMs !== undefined && made.rehearsedMs >= made.madeMs);
  }
  assert.deepEqual(await linesOf(disk), [SHOWN, SHOWN, MADE, MADE, REHEARSED, REHEARSED]);
  const again = await holds(`${RESTORE}${FROM_CODES}${TYPE_CODE}${TAKE}${UNLOCK}`, { set: { OUT } });
  assert.deepEqual(await whatMatters(again.disk), await whatMatters(disk));
  assert.match(again.printed, /Key 1 \(73c5da0a\)/);
  for (const { backups } of (await homeOn(again.disk)).state.keys)
    assert.ok(backups.some(({ form, rehearsedMs }) => form === "backup" && rehearsedMs !== undefined));
  const kinds = (await journalOf(again.disk)).map(({ kind }) => kind);
  assert.deepEqual(kinds.slice(0, 2), ["setup", "policy"], "a journal of its own");
});

test("on the smallest screen too, by a stick; a second backup of the day has another name", async (t) => {
  const at = folder(t);
  const stick = folderStick(at);
  const full = await fullHome(folder(t));
  const small = { stick, size: SMALL };
  const { disk } = await holds(`${BY_PASSPHRASE}${TO_STICK}${DONE}`, { disk: full, ...small });
  await holds(`${BY_PASSPHRASE}${TO_STICK}${DONE}`, { disk, stick });
  assert.deepEqual(readdirSync(at).sort(), [
    "firn-73c5da0a-20260101-2.backup",
    "firn-73c5da0a-20260101.backup",
  ]);
  const from =
    "pick Read it from a stick\nsee firn-73c5da0a-20260101-2\npick firn-73c5da0a-20260101.backup\n";
  const again = await holds(`${RESTORE}${from}${TYPE_CODE}${TAKE}${UNLOCK}`, small);
  assert.deepEqual(await whatMatters(again.disk), await whatMatters(disk));
});

test("what the appliance writes the script opens, with the real scrypt", async (t) => {
  const at = folder(t);
  const [disk, stick] = [await homeOf(), folderStick(at)];
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

// ---------------------------------------------------------------- the code

test("twelve words are shown, asked for all at once, a wrong one is named, and they alone open the backup", async (t) => {
  const [at, disk] = [folder(t), await homeOf()];
  const stick = folderStick(at);
  // The same chance twice: what it shows the first time is typed the second.
  const shown = `entropy 0123456789abcdef\n${MAKE}pick Twelve words\nsee They open this backup and nothing else\npage\n`;
  const { screen } = await holds(`${shown}see The code\n`, { disk, stick });
  const pairs = [...screen.matchAll(/(\d+)\. +([a-z]{3,8})\b/g)].map((match) => [
    Number(match[1]),
    match[2]!,
  ]);
  const words = pairs.sort(([a], [b]) => Number(a) - Number(b)).map(([, word]) => String(word));
  assert.equal(words.length, 12);
  const wrong = words.with(6, wordList[(wordList.indexOf(words[6]!) + 1) % 2048]!);
  const typed = `press ok
see Type the code back
type ${words.slice(0, 11).join(" ")}
press ok
see These are 11 words
${"press back\n".repeat(11)}type ${wrong.join(" ")}
press ok
see Word 7 is not the one
${"press back\n".repeat(12)}press back
see They open this backup
page
press ok
type ${words.join(" ")}
press ok
see Nothing of it has left
${TO_STICK}${DONE}`;
  await holds(`${shown}${typed}`, { disk, stick });
  const slip = words.with(3, "zoo").with(4, "zoo").join(" ");
  const open = `see The code of the backup
type ${slip}
press ok
see backup.code
${"press back\n".repeat(12)}type ${words.join(" ")}
press ok
`;
  const again = await holds(`${RESTORE}${FROM_STICK}${open}${TAKE}`, { stick });
  assert.equal((await homeOn(again.disk)).state.chosen, "73c5da0a");
});

test("a passphrase that is short, or typed otherwise the second time, is not taken", async () => {
  const script = `${MAKE}pick A passphrase
see Six words drawn by dice
type fifteen letters
press ok
see These are 15 characters
type !
press ok
type fifteen letters?
press ok
see The two differ
press ok
type ${CODE}
press ok
type ${CODE}
press ok
see Nothing of it has left
`;
  await holds(script, { disk: await homeOf() });
});

test("whoever turns back before the code is known, or keeps nothing, has no backup, and all starts afresh", async () => {
  const disk = await homeOf();
  for (const [script, lines] of [
    [`${UNLOCK}pick Keys and backups\npick Make an encrypted\npress back\nsee Keys and backups`, []],
    [`${MAKE}press back\nsee PIN`, []],
    [`${MAKE}pick Twelve words\npress back\npress back\nsee PIN`, []],
    [`${BY_PASSPHRASE}pick Done\nsee No backup was made\npress ok\nsee PIN`, [SHOWN]],
    [
      `${BY_PASSPHRASE}pick Show it as codes\npress ok\npick Show them again\npress ok\npick I only looked\npick Done\nsee No backup was made\npress ok\nsee PIN`,
      [SHOWN],
    ],
  ] as const) {
    const { disk: after } = await holds(script, { disk });
    assert.deepEqual(await linesOf(after), lines);
    assert.ok((await homeOn(after)).state.keys[0]!.backups.every(({ form }) => form !== "backup"));
  }
});

// ---------------------------------------------------------------- out, and what can go wrong there

test("kept for later is made, not rehearsed; scanned back it is; and it stays so if another backup is shown", async (t) => {
  const [OUT, OLD, disk] = [folder(t), folder(t), await homeOf()];
  await holds(`${BY_PASSPHRASE}pick Show it as codes\ncodes ${OLD}\n`, { disk });
  const later = `${BY_PASSPHRASE}pick Show it as codes\ncodes $OUT\npress ok\npick scan them back later\nsee You have it\n`;
  const another = `pick Show it as codes\npress ok\npick scan them back now\nscan-file ${OLD}/codes.txt\nsee backup.another\npress ok\nsee You have it\n`;
  const wrong = `pick Show it as codes\npress ok\npick scan them back now\nscan ${"abandon ".repeat(11)}about\nsee transport.wrong-kind\npress ok\n`;
  const stopped = "pick Show it as codes\npress ok\npick scan them back now\npress back\nsee You have it\n";
  const end = "pick Done\nsee It counts once it was rehearsed\npress ok\nsee PIN\n";
  const made = await holds(`${later}${another}${wrong}${stopped}${end}`, { disk, set: { OUT } });
  assert.deepEqual(await linesOf(made.disk), [SHOWN, MADE]);
  const [record] = (await homeOn(made.disk)).state.keys;
  assert.equal(record!.backups.find(({ form }) => form === "backup")!.rehearsedMs, undefined);
  const read = `${REHEARSE}${FROM_CODES}${TYPE_CODE}see All that is here is in it\npress ok\nsee PIN\n`;
  const after = await holds(read, { disk: made.disk, set: { OUT } });
  assert.deepEqual(await linesOf(after.disk), [SHOWN, MADE, REHEARSED]);
  const [known] = (await homeOn(after.disk)).state.keys;
  assert.ok(known!.backups.find(({ form }) => form === "backup")!.rehearsedMs !== undefined);
});

test("a machine without a place for a stick says so, a stick that fails is said, and codes are still there", async (t) => {
  const [at, disk] = [folder(t), await homeOf()];
  const none = `${BY_PASSPHRASE}pick Write it to a stick (there is none)\nsee no place for a stick\npress ok\nsee Nothing of it has left\n`;
  await holds(none, { disk });
  await holds(
    `${RESTORE}pick Read it from a stick (there is none)\nsee no place\npress ok\nsee Scan its codes`,
  );
  // Nobody is root enough to write where a folder stands in the way.
  mkdirSync(join(at, ".firn-73c5da0a-20260101.backup.new", "full"), { recursive: true });
  const fails = `${BY_PASSPHRASE}pick Write it to a stick\nsee stick.failed\npress ok\nsee Nothing of it has left\n`;
  await holds(fails, { disk, stick: folderStick(at) });
  const gone = `${BY_PASSPHRASE}pick Write it to a stick\nsee stick.unreadable\npress ok\nsee Nothing of it has left\n`;
  await holds(gone, { disk, stick: folderStick(join(at, "gone")) });
});

test("what is on the stick is read back, not what was written: a stick that lies is found out", async (t) => {
  const [at, disk] = [folder(t), await homeOf()];
  const honest = folderStick(at);
  const lying = { ...honest, read: async () => undefined };
  const lost = `${BY_PASSPHRASE}pick Write it to a stick\npress ok\nsee stick.unreadable\npress ok\nsee You have it\n`;
  await holds(lost, { disk, stick: lying });
  const flipped = {
    ...honest,
    read: async (name: string, most: number) => {
      const bytes = await honest.read(name, most);
      bytes![100]! ^= 1;
      return bytes;
    },
  };
  const bad = `${BY_PASSPHRASE}pick Write it to a stick\npress ok\nsee backup.damaged\npress ok\nsee You have it\n`;
  await holds(bad, { disk, stick: flipped });
});

// ---------------------------------------------------------------- rehearsed

test("a rehearsal says which keys, wallets and limits are newer than the backup, and counts for those in it", async (t) => {
  const at = folder(t);
  const stick = folderStick(join(at));
  const first = (await holds(`${BY_PASSPHRASE}${TO_STICK}${DONE}`, { disk: await homeOf(), stick })).disk;
  const papers = folder(t);
  const two = (await holds(ADD_SECOND, { disk: await withWallet(first, papers, "p2wsh") })).disk;
  const compare = `${REHEARSE}${FROM_STICK}${TYPE_CODE}see Not all that is here is in it
see Keys that are newer, not in it Key 2
see Wallets that are newer, not in it 2 of 3
see Keys in it Key 1
page
press ok
see PIN
`;
  const { disk } = await holds(compare, { disk: two, stick });
  const of = async (fingerprint: string) =>
    (await homeOn(disk)).state.keys
      .find((key) => key.fingerprint === fingerprint)!
      .backups.some(({ form }) => form === "backup");
  assert.equal(await of("73c5da0a"), true);
  assert.equal(await of("3f635a63"), false);
});

test("a wrong code is asked for again, and a backup of other keys counts for none", async (t) => {
  const stick = folderStick(folder(t));
  const other = await homeOf(
    "regtest",
    "legal winner thank year wave sausage worth useful legal winner thank yellow",
  );
  await holds(`${BY_PASSPHRASE}${TO_STICK}${DONE}`, { disk: other, stick });
  const wrong = "type another code, long enough\npress ok\nsee backup.wrong-code\npress ok\n";
  const compare = `${REHEARSE}${FROM_STICK}${wrong}${TYPE_CODE}see backup.other-keys\npress ok\nsee PIN\n`;
  const { disk } = await holds(compare, { disk: await homeOf(), stick });
  assert.deepEqual(await linesOf(disk), []);
  const last = (await journalOf(disk)).findLast(({ kind }) => kind === "refused");
  assert.deepEqual(last?.kind === "refused" && last.reasons, ["backup.other-keys"]);
});

test("nothing of a code or of a key stays in what is written", async (t) => {
  const at = folder(t);
  const { disk } = await holds(`${BY_PASSPHRASE}${TO_STICK}${DONE}`, {
    disk: await homeOf(),
    stick: folderStick(at),
  });
  const all = Buffer.concat([
    ...disk.values(),
    ...readdirSync(at).map((name) => readFileSync(join(at, name))),
  ]);
  for (const secret of [CODE, "six words", "abandon", "mostPerDaySats"])
    assert.equal(all.indexOf(secret), -1, secret);
});
