// Coins of others, and of several own wallets, from the refusal by the offered policy to codes that others complete.

import assert from "node:assert/strict";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { DiskState } from "../../device/sim/recording.ts";
import { PHRASES, psbt, purse, request, run, signer, tasksOf } from "../bitcoin/build.ts";
import { ASK, EDIT } from "./policy-stage.ts";
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
} from "./stage.ts";

const own = purse("p2wpkh");
const root = purse("p2tr");
const stranger = purse("p2wpkh", { phrases: [PHRASES[1]] });

const allow = (rule: string): string =>
  `pick Rules\npick ${rule} not allowed\npick Change what it limits\npick Allowed\npress back\n`;

/** A home whose policy allows this, after the day that it waited. */
async function allowing(rule: string): Promise<DiskState> {
  const asked = await holds(`${EDIT}${allow(rule)}${ASK}`, { disk: await homeOf() });
  const steps = `see PIN\nclock +25h\ntype ${PIN}\npress ok\nsee A change waits\npage\npress ok\nsee Holds now\npress ok\nsee Sign a transaction\n`;
  return (await holds(steps, { disk: asked.disk })).disk;
}

async function signs(t: TestContext, disk: DiskState, bytes: Uint8Array, size = { columns: 130, rows: 60 }) {
  const at = folder(t);
  const set = { PIN, CAMERA: papers(join(at, "in"), psbtTexts(bytes)), OUT: join(at, "out") };
  const result = await holds(script("sign"), { disk, set, size });
  return { ...result, ...replyIn(join(at, "out")) };
}

test("with somebody else, once the policy allows it: what is given is shown, ours alone is signed, the other's Firn completes it", async (t) => {
  const outputs = [
    { of: own, branch: 1, index: 0, amountSats: 60_000n },
    { of: stranger, branch: 1, index: 0, amountSats: 90_000n },
    { foreign: 1, amountSats: 48_000n },
  ];
  const bytes = psbt(own, { inputs: [{}, { of: stranger }], outputs });
  const disk = await allowing("Foreign input");
  const { printed, bytes: reply, disk: after } = await signs(t, disk, bytes);
  for (const words of ["Made with others", "You give, your fee included", "0.00040000 BTC", "not yours"])
    assert.ok(printed.includes(words), words);
  const line = (await journalOf(after)).find((entry) => entry.kind === "spent");
  assert.deepEqual(line?.kind === "spent" && line.takes, ["btc 40000"]);
  const theirs = request(stranger, reply);
  assert.equal(theirs.count, 1);
  assert.equal(run(theirs.finish(signer(stranger)(await tasksOf(theirs)))).signed, 1);
});

test("two accounts in one transaction, once the policy allows it, at the smallest screen", async (t) => {
  const bytes = psbt(own, { inputs: [{}, { of: root }] });
  const disk = await allowing("Mixed wallets");
  const { printed, bytes: reply } = await signs(t, disk, bytes, { columns: 40, rows: 15 });
  assert.ok(printed.includes("Several wallets are spent together"));
  const of = request(own, bytes, root);
  assert.deepEqual(reply, run(of.finish(signer(own)(await tasksOf(of)))).whole.bytes);
});

test("the same transaction with another of our coins unmarked is refused once the first showing was signed", async (t) => {
  const disk = await allowing("Foreign input");
  const inputs = [{ index: 5_000 }, { index: 6_000 }];
  const outputs = [
    { of: own, branch: 1, index: 0, amountSats: 100_000n },
    { foreign: 1, amountSats: 99_000n },
  ];
  const shown = (hidden: number) =>
    psbt(own, { inputs: inputs.map((coin, i) => ({ ...coin, marked: i !== hidden })), outputs });
  const first = await signs(t, disk, shown(1));
  const camera = papers(join(folder(t), "in"), psbtTexts(shown(0)));
  await holds(
    `${UNLOCK}pick Sign a transaction\ncamera ${camera}\nsee policy.amounts-changed\nunseen hold ok\n`,
    { disk: first.disk },
  );
});
