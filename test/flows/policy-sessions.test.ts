// The shipped sessions about policies, as docs/sessions plays them, at both sizes of the screen.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { writePolicy } from "../../src/policy/index.ts";
import { type Plan, psbt, purse } from "../bitcoin/build.ts";
import { stateOf } from "./policy-stage.ts";
import { folder, holds, homeOf, journalOf, PIN, papers, psbtTexts, walletTexts } from "./stage.ts";

const own = purse("p2wpkh");
const SIZES = [
  { columns: 80, rows: 24 },
  { columns: 40, rows: 15 },
];

function shipped(name: string): string {
  return readFileSync(join(import.meta.dirname, "../../docs/sessions", `${name}.txt`), "utf8");
}

function camera(t: TestContext, what: Plan = {}): string {
  return papers(join(folder(t), "in"), psbtTexts(psbt(own, what), "base64"));
}

async function plays(name: string, set: Readonly<Record<string, string>>) {
  let disk = await homeOf();
  // One after the other: they write into the same folder.
  for (const size of SIZES)
    ({ disk } = await holds(shipped(name), { disk: await homeOf(), size, set: { PIN, ...set } }));
  const lines = await journalOf(disk);
  return {
    lines,
    count: (kind: string) => lines.filter((line) => line.kind === kind).length,
    disk,
  };
}

test("over the limit: lowered on the device, and a transaction that takes more is refused by name", async (t) => {
  const { count } = await plays("over-limit", { MOST: "0.0001", CAMERA: camera(t) });
  assert.deepEqual([count("refused"), count("spent")], [1, 0]);
});

test("head-room is used up, and comes back when a day has passed", async (t) => {
  const second = camera(t, { inputs: [{ index: 1 }] });
  const set = { DAY: "0.0008", FIRST: camera(t), SECOND: second, OUT: folder(t) };
  const { count } = await plays("head-room", set);
  assert.deepEqual([count("refused"), count("spent"), count("signed")], [2, 2, 2]);
});

test("a new destination waits a day from when it is first asked for", async (t) => {
  const set = { MOST: "0.0001", CAMERA: camera(t), OUT: folder(t) };
  const { count, disk } = await plays("new-destination", set);
  assert.deepEqual([count("spent"), count("signed")], [1, 1]);
  assert.ok(count("asked") >= 1);
  // Whoever looks while it waits sees what it is.
  const lines = await journalOf(disk);
  const asked = lines.find(({ kind }) => kind === "asked");
  const spent = lines.find(({ kind }) => kind === "spent");
  assert.ok(asked?.kind === "asked" && spent?.kind === "spent");
  assert.deepEqual([asked.takes, asked.policy, asked.verdict?.[0]], [spent.takes, spent.policy, "wait"]);
  assert.ok(asked.verdict?.some((sentence) => sentence.includes("to a new destination: bcrt1")));
});

test("a loosening is asked for, shown, cancelled; and another one waits and holds", async () => {
  const { count, disk } = await plays("loosening", { DAY: "2000" });
  assert.deepEqual([count("change-asked"), count("change-cancelled"), count("change-done")], [2, 1, 1]);
  const { policy, pending } = await stateOf(disk);
  assert.deepEqual([policy.number, pending.length], [2, 0]);
});

test("where Firn reads the buttons itself, only they ask for what allows more, and only they take what restricts", async (t) => {
  const options = { disk: await homeOf(), buttons: true };
  const asked = shipped("loosening").replace(
    /\nclock [\s\S]*/,
    `\ntype ${PIN}\npress ok\nsee A change waits\n`,
  );
  await holds(asked, { ...options, set: { PIN, DAY: "2000" } });
  await holds(shipped("over-limit"), { ...options, set: { PIN, MOST: "0.0001", CAMERA: camera(t) } });
});

test("a dry run says what today's policy and a proposed one would do, and leaves nothing", async (t) => {
  const proposed = writePolicy((await stateOf(await homeOf())).policy)
    .replace("Number 1\n", "Number 5\n")
    .replace("At most 100 BTC per transaction", "At most 0.0001 BTC per transaction")
    .replace("Fee at most 0.05 BTC", "Fee at most 0.0001 BTC");
  const POLICY = papers(join(folder(t), "policy"), walletTexts(proposed));
  const set = { NOW: "It would be signed", PROPOSED: "It would be refused", POLICY, CAMERA: camera(t) };
  const { count } = await plays("dry-run", set);
  assert.deepEqual([count("refused"), count("asked"), count("spent")], [0, 0, 0]);
});
