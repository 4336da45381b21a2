// A journal of which lines are missing: nothing is signed, what is there is shown and taken away, and the owner goes on
// by a deliberate act that the journal never forgets.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { DiskState } from "../../device/sim/recording.ts";
import { folderStick } from "../../device/stick/folder.ts";
import { homeOn, machine } from "./lock-stage.ts";
import { named, PSBT, SIGN, verified, withLines } from "./record-stage.ts";
import { codesIn, collect, folder, holds, homeOf, journalOf, PIN, UNLOCK } from "./stage.ts";

const FIRST = "journal-00000001";
const PIN_TYPED = `see PIN\ntype ${PIN}\npress ok\n`;
const MENU = "see Read what is there\n";
const set = { PSBT };

/** The same card with something of its journal changed. */
function spoiled(disk: DiskState, change: (bytes: Uint8Array) => Uint8Array): DiskState {
  const state = new Map(disk);
  // The shortcut goes as well: then every line is read again.
  state.delete("checkpoint");
  return state.set(FIRST, change(state.get(FIRST)!));
}
const flipped = (at: number) => (bytes: Uint8Array) =>
  bytes.map((byte, i) => (i === Math.floor(bytes.length * at) ? byte ^ 1 : byte));
const cut = (by: number) => (bytes: Uint8Array) => bytes.slice(0, Math.floor(bytes.length * by));
const signed = async () => (await holds(`${UNLOCK}${SIGN}`, { disk: await homeOf(), set })).disk;

const GO_ON = "pick Go on without the rest\nsee Go on without the rest?\npage\npress ok\nhold both\n";

test("a line that was changed, and lines that were cut off, are said in words, and nothing opens without the owner's act", async () => {
  const disk = await signed();
  for (const [change, reason] of [
    [flipped(0.6), "journal.damaged"],
    [cut(0.5), "journal.truncated"],
  ] as const)
    await holds(
      `${PIN_TYPED}see ${reason}\nsee Whole, from the first line on\nsee Missing\nunseen Sign a transaction\npage\npress ok\n${MENU}unseen Sign a transaction\npress back\nsee ${reason}\npage\npress ok\nsee PIN`,
      { disk: spoiled(disk, change) },
    );
});

test("looking changes nothing on the card", async () => {
  const disk = spoiled(await signed(), flipped(0.6));
  const { disk: left } = await holds(
    `${PIN_TYPED}page\npress ok\n${MENU}pick What is missing\npage\npress ok\npick Read what\npress ok\npress back x2\n${GO_ON.replace("hold both\n", "press back\nclock +1s\n")}${MENU}`,
    { disk },
  );
  for (const [name, bytes] of disk) if (name !== "tries") assert.deepEqual(left.get(name), bytes, name);
  assert.deepEqual([...left.keys()].sort(), [...disk.keys()].sort());
});

test("what is there is read, also behind the break, and what is whole is exported, signed like every export", async (t) => {
  const OUT = folder(t);
  const disk = spoiled(await withLines(await homeOf(), named(40)), flipped(0.7));
  await holds(
    `${PIN_TYPED}page\npress ok\n${MENU}pick Read what is there\nsee Name 40.\npress ok\nsee Line\nsee not known\npress back\npress down x10\nsee Set up for regtest\nsee Name 5.\npress right x4\npress ok\nsee Line 1\nunseen not known\npress back x2\n${MENU}pick Export what is there\ncodes $OUT\npress ok\nsee Did it arrive?\npage\npress ok\n${MENU}`,
    { disk, set: { OUT } },
  );
  const message = collect(codesIn(OUT), ["document"]);
  assert.ok(message.kind === "document");
  assert.match(message.text, /^Firn journal export 1\n/);
  assert.match(message.text, /\nattested [0-9a-f]{64} [0-9a-f]{128}\n$/);
  assert.doesNotMatch(message.text, /Name 40"/);
});

test("once the owner goes on the home opens, the journal says what was lost, and windows refuse until they have run out", async () => {
  const disk = spoiled(await signed(), flipped(0.6));
  const { disk: resumed } = await holds(
    `${PIN_TYPED}page\npress ok\n${MENU}${GO_ON}see Sign a transaction
     pick Sign\nscan $PSBT\nsee policy.\nunseen Sign?\npage\npress ok\nsee Sign a transaction
     pick Policy\npick Head-room now\nsee closed until\nunseen taken,\npress back x2
     pick Journal\npick Payments that count\nsee Lines were lost\nsee per day: closed until\npress back\npick newest first\nsee Went on after\npress back x2\npick Lock\nsee PIN`,
    { disk, set },
  );
  const kinds = (await journalOf(resumed)).map(({ kind }) => kind);
  assert.equal(kinds.filter((kind) => kind === "resumed").length, 1);
  // It opens like any other from then on, and signs once a day has passed.
  await holds(`clock +23h\n${UNLOCK}pick Sign\nscan $PSBT\nsee policy.\nunseen Sign?`, {
    disk: resumed,
    set,
  });
  await holds(`clock +25h\n${UNLOCK}${SIGN}pick Lock\n${UNLOCK}`, { disk: resumed, set });
});

test("what follows a long stretch that was lost leaves with what came before it, and the verifier says what is missing", async (t) => {
  const at = folder(t);
  const disk = spoiled(await withLines(await homeOf(), named(400)), flipped(0.1));
  await holds(
    `${PIN_TYPED}page\npress ok\n${MENU}${GO_ON}see Sign a transaction\npick Journal\npick newest first\nsee Went on after\nsee Name 5.\npress back\npick Check all\nsee The journal is whole\npage\npress ok\npick Export\npick All of it\npick As codes\ncodes $AT/one\npress ok\npage\npress ok\nsee The journal, lines\ncodes $AT/two\npress ok\npage\npress ok\nsee Journal`,
    { disk, stick: folderStick(at), set: { AT: at } },
  );
  const files = ["one", "two"].map((name) => {
    const message = collect(codesIn(join(at, name)), ["document"]);
    assert.ok(message.kind === "document");
    writeFileSync(join(at, `${name}.txt`), message.text);
    return join(at, `${name}.txt`);
  });
  assert.match(verified(...files), /lost/);
});

test("all of it gone, it is said that no line is whole, and the owner may still go on", async () => {
  const disk = new Map(await signed());
  disk.delete(FIRST);
  disk.delete("checkpoint");
  await holds(
    `${PIN_TYPED}see no line\npage\npress ok\n${MENU}${GO_ON}see Sign a transaction\npick Lock\n${UNLOCK}`,
    {
      disk,
    },
  );
});

test("wherever power is cut while the owner goes on, the journal is as damaged as before, or opens", async () => {
  const disk = spoiled(await signed(), flipped(0.6));
  const opened = { yes: 0, no: 0 };
  for (let after = 1; after < 14; after++) {
    const steps = `${PIN_TYPED}page\npress ok\n${MENU}cut ${after}\n${GO_ON}`;
    const { disk: left } = await holds(`${steps}if see PIN\n${PIN_TYPED}end\n`, { disk });
    const { screen } = await holds(`see PIN\ntype ${PIN}\npress ok\n`, { disk: left });
    if (/Sign a transaction/.test(screen)) opened.yes++;
    else if (/Whole, from the first line on/.test(screen)) opened.no++;
    else assert.fail(`cut ${after}: ${screen}`);
  }
  assert.ok(opened.yes > 0 && opened.no > 0, JSON.stringify(opened));
});

test("where the machine counts, an older copy of the whole card is no damage, and stays refused", async () => {
  const made = machine("tpm");
  const seals = [made.seal];
  const old = await homeOn(made);
  let disk = old;
  for (let round = 0; round < 3; round++)
    disk = (await holds(`${UNLOCK}pick Lock\nsee PIN`, { disk, seals })).disk;
  await holds(`${PIN_TYPED}see journal.rewound\nunseen Read what is there`, { disk: old, seals });
  // The latest card, damaged, is resolved with the counter as it is.
  const { disk: resumed } = await holds(
    `${PIN_TYPED}page\npress ok\n${MENU}${GO_ON}see Sign a transaction\npick Lock\nsee PIN`,
    { disk: spoiled(disk, flipped(0.9)), seals },
  );
  await holds(`${UNLOCK}`, { disk: resumed, seals });
});

test("on the smallest screen too", async () => {
  await holds(
    `${PIN_TYPED}see Missing\npage\npress ok\n${MENU}pick What is missing\npage\npress ok\n${GO_ON}see Sign a transaction`,
    { disk: spoiled(await signed(), flipped(0.6)), size: { columns: 40, rows: 15 } },
  );
});
