// The journal as its owner reads it: page by page, searched, checked, exported, and what is new since he last looked.

import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { folderStick } from "../../device/stick/folder.ts";
import { addressOf } from "../../src/bitcoin/index.ts";
import { foreignScript } from "../bitcoin/build.ts";
import { spent } from "../journal/setting.ts";
import { changed, stateOn } from "./people-stage.ts";
import { JOURNAL, named, PSBT, SIGN, verified, withLines } from "./record-stage.ts";
import { codesIn, collect, folder, holds, homeOf, journalOf, PIN, UNLOCK } from "./stage.ts";

const SMALL = { columns: 40, rows: 15 };

test("the newest line comes first, and a long journal goes on loading while the cursor goes down", async () => {
  const disk = await withLines(await homeOf(), named(700));
  const down = "press down x98\nsee Name 603\n";
  await holds(
    `${UNLOCK}${JOURNAL}pick newest first\nsee Unlocked\nsee Name 700\nunseen Name 600\nunseen Home written\n${down}press down x300\nsee Name 303\npress down x400\nsee Set up for regtest\npress up x10\nsee Name 10`,
    { disk },
  );
});

test("a line opens with all that it says, and back leads to where the cursor was", async () => {
  await holds(
    `${UNLOCK}${SIGN}${JOURNAL}pick newest first\npick Recorded\nsee Line\nsee Transaction\nsee Takes\nsee Of it fee\nsee What the policy said\nsee Coins that it spends\nsee Head of the chain here\npress back\nsee Unlocked\npress ok\nsee What the policy said`,
    { disk: await homeOf(), set: { PSBT } },
  );
});

test("everything of it can be read on the smallest screen", async () => {
  await holds(
    `${UNLOCK}${SIGN}${JOURNAL}pick newest first\npick Recorded\nsee What the policy said\npress back x2\npick Since\nsee As it happened\npage\npress ok\nsee Since you last looked: 0`,
    { disk: await homeOf(), set: { PSBT }, size: SMALL },
  );
});

// ---------------------------------------------------------------- since you last looked

test("what happened since the owner last looked is counted and told, and counts as seen once its last page was read", async () => {
  const disk = (await holds(`${UNLOCK}pick Lock\nsee PIN`, { disk: await homeOf() })).disk;
  const read = `${UNLOCK}${JOURNAL}see Since you last looked: 6\npick Since\nsee Unlocks, locks and freezes: 4\nsee Set up for regtest\n`;
  const left = await holds(`${read}press back\nsee Since you last looked: 6`, { disk });
  assert.equal((await stateOn(left.disk)).seenLine, 0, "who leaves before the end has not looked");
  const seen = await holds(
    `${read}page\npress ok\nsee Since you last looked: 0\npress back\npick Lock\nsee PIN`,
    { disk },
  );
  assert.ok((await stateOn(seen.disk)).seenLine > 0);
  await holds(
    `${UNLOCK}${JOURNAL}see Since you last looked: 2\npick Since\nsee Locked: by hand\nunseen Set up`,
    { disk: seen.disk },
  );
});

test("wrong PINs since then are said before all else", async () => {
  const wrong = "see PIN\ntype 000000\npress ok\nsee vault.wrong-pin\npage\npress ok\n";
  await holds(`${wrong}${wrong}${UNLOCK}${JOURNAL}pick Since\nsee Tries without the right PIN 2`, {
    disk: await homeOf(),
  });
});

test("of more than is told at once the oldest come first, and each part counts as seen by itself", async () => {
  const disk = await withLines(await homeOf(), named(1100));
  await holds(
    `${UNLOCK}${JOURNAL}see Since you last looked: more than\npick Since\nsee later lines come after these\nsee Name 1.\nunseen Name 600.\npage\npress ok\nsee Name 600.\nunseen Name 1.\npress back\nsee Since you last looked: more than\npick Since\npage\npress ok\npage\npress ok\nsee Since you last looked: 0`,
    { disk },
  );
});

// ---------------------------------------------------------------- search

const SEARCH = `${UNLOCK}${JOURNAL}pick Search\n`;

test("lines are found by a text, whatever its capitals, and it is said where there is none", async () => {
  const disk = await withLines(await homeOf(), named(600));
  await holds(
    `${SEARCH}pick A text\ntype name 41\npress ok\nsee Name 41.\nsee Name 410.\nunseen Name 42.\npress back\npick A text\ntype nothing of this\npress ok\nsee No line of the journal says that`,
    { disk },
  );
});

test("payments are found by the whole address that they went to, which stands in no line", async () => {
  const { disk } = await holds(`${UNLOCK}${SIGN}`, { disk: await homeOf(), set: { PSBT } });
  const address = addressOf(foreignScript(1), "regtest")!;
  await holds(
    `${SEARCH}pick A text\ntype ${address}\npress ok\nsee Recorded\npress back\npick A text\ntype ${address.slice(0, -1)}\npress ok\nsee No line`,
    { disk },
  );
});

test("lines are found by what they are about, and by how a transaction's id begins", async () => {
  const { disk } = await holds(`${UNLOCK}${SIGN}`, { disk: await homeOf(), set: { PSBT } });
  const paid = (await journalOf(disk)).find(({ kind }) => kind === "spent");
  assert.ok(paid?.kind === "spent");
  await holds(
    `${SEARCH}pick What they are about\npick Payments\nsee Recorded\nsee Signed\nunseen Unlocked\npress back
     pick A transaction\ntype ${paid.txid.slice(0, 6)}\npress ok\nsee Recorded\nsee Signed\nunseen Unlocked\npress back
     pick A transaction\ntype 0000000000\npress ok\nsee No line`,
    { disk },
  );
});

// ---------------------------------------------------------------- check, export, key

test("the whole journal is checked, with how many lines there are and the head that an export has too", async () => {
  const disk = await withLines(await homeOf(), named(300));
  await holds(`${UNLOCK}${JOURNAL}pick Check all\nsee The journal is whole\nsee Lines 310`, { disk });
});

test("the journal leaves as codes with the key that signs it; then only what came since is offered as well", async (t) => {
  const OUT = folder(t);
  const { disk } = await holds(
    `${UNLOCK}${JOURNAL}pick Export\nunseen Since the last export\npick All of it\ncodes $OUT/one\npress ok\nsee Did it arrive?\npage\npress ok\nsee Journal
     pick The journal's key\nsee Ed25519\npage\npress ok\ncodes $OUT/key\npress ok\nsee Journal\npress back\npick Lock\nsee PIN`,
    { disk: await homeOf(), set: { OUT } },
  );
  const text = textOf(codesIn(`${OUT}/one`));
  assert.match(text, /^Firn journal export 1\nkey [0-9a-f]{64}\nfrom 1\n/);
  assert.match(text, /\nattested [0-9a-f]{64} [0-9a-f]{128}\n$/);
  const [key] = codesIn(`${OUT}/key`);
  assert.ok(text.includes(`key ${key}\n`));
  const { exportedLine } = await stateOn(disk);
  assert.ok(text.includes(`\nto ${exportedLine}\n`));
  await holds(
    `${UNLOCK}${JOURNAL}pick Export\npick Since the last export: from line ${exportedLine + 1}\ncodes $OUT/two\npress ok\npage\npress ok\nsee Journal`,
    { disk, set: { OUT } },
  );
  const more = textOf(codesIn(`${OUT}/two`));
  assert.ok(more.includes(`\nfrom ${exportedLine + 1}\n`));
});

test("what did not arrive does not count as exported, and no line says that it was", async () => {
  const { disk } = await holds(
    `${UNLOCK}${JOURNAL}pick Export\npick All of it\npress ok\nsee Did it arrive?\npress back\nsee Journal`,
    { disk: await homeOf() },
  );
  assert.equal((await stateOn(disk)).exportedLine, 0);
  assert.ok(!(await journalOf(disk)).some(({ kind }) => kind === "exported"));
});

test("a long journal leaves in files that follow one another, and the verifier proves them together", async (t) => {
  const at = folder(t);
  const disk = await withLines(await homeOf(), named(4200));
  await holds(
    `${UNLOCK}${JOURNAL}pick Export\npick All of it\npick To the stick\nsee It is on the stick\npress ok\nsee It is on the stick\npress ok\nsee Journal`,
    { disk, stick: folderStick(at) },
  );
  const files = readdirSync(at).sort((a, b) => Number(a.split("-")[2]) - Number(b.split("-")[2]));
  assert.equal(files.length, 2);
  assert.equal(files[0], "firn-journal-1-4096.txt");
  verified(...files.map((name) => join(at, name)));
});

test("as codes it leaves in parts, and only those that arrived count as exported", async (t) => {
  const OUT = folder(t);
  const disk = await withLines(await homeOf(), named(300));
  const { disk: left } = await holds(
    `${UNLOCK}${JOURNAL}pick Export\npick All of it\nsee The journal, lines 1 to 128\ncodes $OUT/one\npress ok\nsee Lines 1 to 128 count as exported then. The next ones come then.\npage\npress ok\nsee The journal, lines 129 to 256\npress ok\nsee Did it arrive?\npress back\nsee Journal\npick Export\nsee from line 129`,
    { disk, set: { OUT } },
  );
  assert.equal((await stateOn(left)).exportedLine, 128);
  const part = join(OUT, "part.txt");
  writeFileSync(part, textOf(codesIn(join(OUT, "one"))));
  verified(part);
});

// ---------------------------------------------------------------- what counts

test("each window says what is left of it, which payments count, until when, and lets the owner ask for their room", async () => {
  const { disk } = await holds(`${UNLOCK}${SIGN}`, { disk: await homeOf(), set: { PSBT } });
  const { disk: asked } = await holds(
    `${UNLOCK}${JOURNAL}pick Payments that count\nsee of 1000 BTC left per day\npress ok\nsee counts until\npress ok\nsee It counts though no block has it yet\npage\npress ok
     see This allows more\npage\npress ok\nhold both\nsee Your present PIN\ntype ${PIN}\npress ok\nsee It waits\npage\npress ok\nsee PIN`,
    { disk },
  );
  const paid = (await journalOf(disk)).find(({ kind }) => kind === "spent");
  assert.ok(paid?.kind === "spent");
  const [waiting] = (await stateOn(asked)).pending;
  assert.deepEqual(waiting?.change, { kind: "release", txid: paid.txid });
  // Once it is due it counts no longer; until then it does.
  const due = `clock +25h\n${UNLOCK.replace("see Sign a transaction\n", "")}see A change waits\npage\npress ok\nsee What waited\npage\npress ok\nsee Sign a transaction\n`;
  const { disk: released } = await holds(due, { disk: asked });
  assert.ok((await journalOf(released)).some((line) => line.kind === "released" && line.txid === paid.txid));
});

test("of each payment the room is asked for once, of another one as well while the first waits", async () => {
  const txids = ["a1", "b2"].map((pair) => pair.repeat(32));
  const change = { kind: "release", txid: txids[0]! } as const;
  const waits = await changed(await homeOf(), (state) => ({
    ...state,
    pending: [{ change, askedMs: 0, dueMs: 4e12 }],
  }));
  const disk = await withLines(
    waits,
    txids.map((txid, i) => ({ ...spent(i), txid, outpoints: [`${txid}:0`] })),
  );
  const open = `${UNLOCK.replace("see Sign a", "see A change waits\npage\npress ok\nsee Sign a")}${JOURNAL}pick Payments that count\npick BTC left per day\n`;
  await holds(`${open}pick a1a1a1a1\npage\npress ok\nsee change.waiting`, { disk });
  await holds(`${open}pick b2b2b2b2\npage\npress ok\nsee This allows more`, { disk });
});

test("a wallet's window is filled by what was spent from that wallet alone", async () => {
  const scope = (fingerprint: string) => ({ of: "wallet", name: "Savings", fingerprint }) as const;
  const limit = { kind: "count", per: "day", most: 7 } as const;
  const disk = await changed(await withLines(await homeOf(), [spent(1)]), (state) => ({
    ...state,
    policy: {
      ...state.policy,
      rules: ["0badcafe", "0badf00d"].map((one) => ({
        ...{ scope: scope(one), limit, otherwise: { do: "refuse" } as const },
      })),
    },
  }));
  const open = `${UNLOCK}${JOURNAL}pick Payments that count\n`;
  await holds(`${open}pick 0badcafe\nsee counts until`, { disk });
  await holds(`${open}pick 0badf00d\nsee Nothing counts in it`, { disk });
});

test("a payment that left its window counts in it no longer", async () => {
  const { disk } = await holds(`${UNLOCK}${SIGN}`, { disk: await homeOf(), set: { PSBT } });
  await holds(`clock +25h\n${UNLOCK}${JOURNAL}pick Payments that count\npress ok\nsee Nothing counts in it`, {
    disk,
  });
});

test("where refusals keep their reasons to themselves the journal asks for the PIN before it tells anything", async () => {
  const disk = await changed(await homeOf(), (state) => ({
    ...state,
    policy: { ...state.policy, reasons: "hidden" },
  }));
  await holds(
    `${UNLOCK}pick Journal\nsee Your present PIN\nunseen Since\npress back\nsee Sign a transaction\npick Journal\ntype ${PIN}\npress ok\nsee Since you last looked\npress back\nsee PIN`,
    { disk },
  );
});

/** As a phone, or another Firn, reads it back. */
function textOf(texts: readonly string[]): string {
  const message = collect(texts, ["document"]);
  assert.ok(message.kind === "document");
  return message.text;
}
