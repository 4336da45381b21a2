// A wallet's own backup: on the stick as a page, read again, compared, written down.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { DiskState } from "../../device/sim/recording.ts";
import { folderStick } from "../../device/stick/folder.ts";
import { readWallet } from "../../src/bitcoin/index.ts";
import { curve, purse } from "../bitcoin/build.ts";
import { linesOf, printedDescriptor, readCodes, readPdf, readSvg } from "../wallet-page.ts";
import {
  codesIn,
  collect,
  folder,
  holds,
  homeOf,
  journalOf,
  papers,
  registered,
  UNLOCK,
  walletTexts,
} from "./stage.ts";
import { stateOn } from "./wallet-life-stage.ts";

const own = purse("p2wsh");
const { descriptor, fingerprint } = own.wallet;
const BACKUP = `${UNLOCK}pick Wallets\npick 2 of 3 ${fingerprint}\npick Backup and recovery\n`;

async function withWallet(t: TestContext): Promise<DiskState> {
  return registered(await homeOf(), join(folder(t), "vault"), walletTexts(descriptor));
}

for (const [ending, reader] of [
  ["pdf", readPdf],
  ["svg", readSvg],
] as const)
  test(`a wallet's page is written to the stick as ${ending}, and its code and its letters are the wallet`, async (t) => {
    const at = folder(t);
    const script = `${BACKUP}see No backup of this wallet was ever read\npick ${ending.toUpperCase()}\nsee It is on the stick\npress ok\npick ${ending.toUpperCase()}\nsee -2.${ending}\n`;
    await holds(script, { disk: await withWallet(t), stick: folderStick(at) });
    const name = `wallet-2-of-3-${fingerprint}`;
    assert.deepEqual(readdirSync(at).sort(), [`${name}-2.${ending}`, `${name}.${ending}`].sort());
    const sheets = reader(new Uint8Array(readFileSync(join(at, `${name}.${ending}`))));
    assert.equal(readCodes(sheets.flatMap(({ codes }) => codes)), descriptor);
    assert.equal(printedDescriptor(sheets), descriptor);
    const text = linesOf(sheets).join(" ").replaceAll(/\s+/g, " ");
    for (const said of [
      "regtest",
      "2 of 3 now",
      "Any 1 lost: the other 2 still spend.",
      "2 or more lost: the money is gone.",
    ])
      assert.ok(text.includes(said), said);
    for (const { extended, fingerprint: key } of own.wallet.keys) {
      assert.ok(text.replaceAll(" ", "").includes(extended));
      assert.ok(text.includes(key));
    }
  });

test("without a stick it is said how else", async (t) => {
  const script = `${BACKUP}see Page to print (PDF) (there is none)\npick Page to print (PDF)\nsee Show the descriptor as a code instead\n`;
  await holds(script, { disk: await withWallet(t) });
});

test("the descriptor and the BSMS record leave as codes that are read as the same wallet", async (t) => {
  const at = folder(t);
  const script = `${BACKUP}pick Descriptor, as\ncodes ${at}/d\npress ok\npick BSMS\ncodes ${at}/b\npress ok\nsee Backup:`;
  await holds(script, { disk: await withWallet(t) });
  for (const name of ["d", "b"]) {
    const message = collect(codesIn(join(at, name)), ["wallet"]);
    assert.ok(message.kind === "wallet");
    assert.equal(readWallet(message, "regtest", curve).descriptor, descriptor);
  }
});

test("a backup that is read again and is equal is written down with its day, in the home and in the journal", async (t) => {
  const at = folder(t);
  const camera = papers(join(at, "page"), walletTexts(descriptor));
  const script = `${BACKUP}pick Rehearse\ncamera ${camera}\nsee The backup is right\nsee Key 3: equal\npress ok\nsee A backup was read again, and equal, on 20\n`;
  const { disk } = await holds(script, { disk: await withWallet(t) });
  const [kept] = (await stateOn(disk)).wallets;
  assert.ok(kept!.rehearsedMs! >= kept!.sinceMs!);
  const lines = await journalOf(disk);
  assert.ok(lines.some((line) => line.kind === "wallet-rehearsed" && line.fingerprint === fingerprint));
});

const OTHERS: readonly (readonly [string, string, string])[] = [
  ["another quorum", purse("p2wsh", { threshold: 3 }).wallet.descriptor, "To spend: registered"],
  ["other keys", purse("p2wsh", { account: 1 }).wallet.descriptor, "Key 1"],
  ["another script", purse("p2sh-p2wsh").wallet.descriptor, "Script: registered"],
  ["keys in a fixed order", purse("p2wsh", { sorted: false }).wallet.descriptor, "Descriptor"],
];

for (const [what, text, said] of OTHERS)
  test(`a backup with ${what} is said to be another wallet's, and what differs; nothing is written down`, async (t) => {
    const camera = papers(join(folder(t), "page"), walletTexts(text));
    const script = `${BACKUP}pick Rehearse\ncamera ${camera}\nsee This is another wallet\npage\nsee ${said}\npress ok\nsee No backup of this wallet was ever read\n`;
    const { disk } = await holds(script, { disk: await withWallet(t) });
    assert.equal((await stateOn(disk)).wallets[0]!.rehearsedMs, undefined);
    assert.ok((await journalOf(disk)).every(({ kind }) => kind !== "wallet-rehearsed"));
  });

test("a backup with one letter changed is refused by its checksum", async (t) => {
  const wrong = descriptor.replace("sortedmulti(2", "sortedmulti(1");
  const camera = papers(join(folder(t), "page"), walletTexts(wrong));
  const script = `${BACKUP}pick Rehearse\ncamera ${camera}\nsee bitcoin.descriptor-checksum\npress ok\nsee No backup of this wallet was ever read\n`;
  await holds(script, { disk: await withWallet(t) });
});

test("what is needed if keys are lost is said at the smallest screen too", async (t) => {
  const script = `${BACKUP}pick What is needed\nsee 2 of 3 now\nsee Any 1 lost\nsee the money is gone\nsee without a backup of the descriptor nothing is found`;
  await holds(script, { disk: await withWallet(t), size: { columns: 40, rows: 15 } });
});
