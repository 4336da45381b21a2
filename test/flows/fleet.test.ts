// A fleet's document, from two administrators' cards to the device that takes it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { DiskState } from "../../device/sim/recording.ts";
import { readFleet, writePolicy } from "../../src/policy/index.ts";
import { PHRASES, purse } from "../bitcoin/build.ts";
import { stateOf } from "./policy-stage.ts";
import { folder, holds, homeOf, journalOf, PIN, papers, registered, walletTexts } from "./stage.ts";

const SIZE = { columns: 130, rows: 60 };
const FLEET = "acme";

function shipped(name: string): string {
  return readFileSync(join(import.meta.dirname, "../../docs/sessions", `fleet-${name}.txt`), "utf8");
}

/** The text that a session's codes carry, as pictures for the next camera. */
function carried(t: TestContext, out: string): { readonly text: string; readonly camera: string } {
  const text = readFileSync(join(out, "codes.txt"), "utf8").trimEnd();
  const whole = text.startsWith("B$") ? joined(text) : `${text}\n`;
  return { text: whole, camera: papers(join(folder(t), "shown"), text.split(/\n(?=B\$)/)) };
}

/** BBQr's texts in base32 (type U). */
function joined(codes: string): string {
  const bits = codes
    .split("\n")
    .map((code) => code.slice(8))
    .join("")
    .replace(/=/g, "")
    .split("")
    .map((char) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(char).toString(2).padStart(5, "0"))
    .join("");
  const bytes = (bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2));
  return Buffer.from(bytes).toString("utf8");
}

async function cardOf(t: TestContext, disk: DiskState, NAME: string): Promise<string> {
  const OUT = folder(t);
  await holds(shipped("card"), { disk, size: SIZE, set: { PIN, NAME, OUT } });
  return carried(t, OUT).camera;
}

/** A stricter policy of the number before the document's. */
async function strictText(disk: DiskState): Promise<string> {
  const { policy } = await stateOf(disk);
  return writePolicy(policy).replace("At most 1000 BTC per day", "At most 500 BTC per day");
}

async function fleetOf(t: TestContext) {
  const [anna, bert, device] = await Promise.all(
    [PHRASES[0], PHRASES[1], PHRASES[2]].map((words) => homeOf("regtest", words)),
  );
  const ANNA = await cardOf(t, anna!, "anna");
  const BERT = await cardOf(t, bert!, "bert");
  const set = { PIN, FLEET, ANNA, BERT };
  const { disk } = await holds(shipped("administrators"), { disk: device!, size: SIZE, set });
  return { anna: anna!, bert: bert!, device: disk };
}

async function documentBy(t: TestContext, disk: DiskState, policy: string, NAME: string) {
  const OUT = folder(t);
  const POLICY = papers(join(folder(t), "policy"), walletTexts(policy));
  const made = await holds(shipped("make"), { disk, size: SIZE, set: { PIN, FLEET, NAME, POLICY, OUT } });
  return { ...carried(t, OUT), disk: made.disk };
}

async function signedToo(t: TestContext, disk: DiskState, DOCUMENT: string, NAME: string) {
  const OUT = folder(t);
  await holds(shipped("sign"), { disk, size: SIZE, set: { PIN, NAME, DOCUMENT, OUT } });
  return carried(t, OUT);
}

const FLEET_MENU = `see PIN\ntype ${PIN}\npress ok\npick Policy\npick Fleet\n`;
const TAKE = `${FLEET_MENU}pick Take a document\n`;

test("what both administrators signed is taken by a device of their fleet, and an older document never again", async (t) => {
  const { anna, bert, device } = await fleetOf(t);
  const made = await documentBy(t, anna, await strictText(anna), "anna");
  assert.ok((await journalOf(made.disk)).some(({ kind }) => kind === "fleet-signed"));
  const both = await signedToo(t, bert, made.camera, "bert");
  assert.deepEqual(
    readFleet(both.text).signatures.map(({ name }) => name),
    ["anna", "bert"],
  );
  const set = { PIN, DOCUMENT: both.camera, SIGNERS: "anna, bert" };
  const { disk } = await holds(shipped("take"), { disk: device, size: SIZE, set });
  const { policy } = await stateOf(disk);
  assert.equal(policy.number, 2);
  assert.match(writePolicy(policy), /At most 500 BTC per day/);
  assert.ok((await journalOf(disk)).some((line) => line.kind === "policy" && line.how === "fleet"));
  await holds(`${TAKE}camera ${both.camera}\nsee fleet.older`, { disk, size: SIZE });
});

test("one signature of two is too few, one that does not hold is no accident, and a stranger's counts nothing", async (t) => {
  const { anna, bert, device } = await fleetOf(t);
  const one = await documentBy(t, anna, await strictText(anna), "anna");
  const refused = async (text: string, reason: string) => {
    const camera = papers(join(folder(t), "changed"), walletTexts(text));
    const { disk } = await holds(`${TAKE}camera ${camera}\nsee ${reason}`, { disk: device, size: SIZE });
    assert.equal((await stateOf(disk)).policy.number, 1);
  };
  await refused(one.text, "fleet.signatures");
  // Bert's own document under anna's name; and anna's with a wider rule.
  const his = await documentBy(t, bert, await strictText(bert), "bert");
  await refused(his.text.replace(/ bert\n$/, " anna\n"), "fleet.signature-wrong");
  await refused(one.text.replace("500 BTC per day", "600 BTC per day"), "fleet.signature-wrong");
  const stranger = await signedToo(t, await homeOf("regtest", PHRASES[2]), one.camera, "carl");
  await refused(stranger.text, "fleet.signatures");
  await refused(one.text.replace("Fleet acme", "Fleet other"), "fleet.other");
});

test("a document for another network is nobody's here, whoever signed it", async (t) => {
  const { anna, device } = await fleetOf(t);
  const one = await documentBy(t, anna, await strictText(anna), "anna");
  const text = one.text.replaceAll("Network regtest", "Network signet");
  const camera = papers(join(folder(t), "changed"), walletTexts(text));
  for (const choice of ["Take a document", "Sign a document"])
    await holds(`${FLEET_MENU}pick ${choice}\ncamera ${camera}\nsee fleet.other\nsee signet`, {
      ...{ disk: device, size: SIZE },
    });
});

test("whoever is no administrator of a device's fleet signs nothing for it there, and nobody under a signature that does not hold", async (t) => {
  const { anna, device } = await fleetOf(t);
  const one = await documentBy(t, anna, await strictText(anna), "anna");
  const sign = (camera: string) => `${FLEET_MENU}pick Sign a document\ncamera ${camera}\n`;
  const stranger = `${sign(one.camera)}see Your name\ntype bert\npress ok\nsee fleet.not-administrator`;
  const wider = one.text.replace("500 BTC per day", "600 BTC per day");
  const changed = papers(join(folder(t), "changed"), walletTexts(wider));
  for (const script of [stranger, `${sign(changed)}see fleet.signature-wrong`]) {
    const { disk } = await holds(script, { disk: device, size: SIZE });
    assert.ok((await journalOf(disk)).every(({ kind }) => kind !== "fleet-signed"));
  }
});

test("a document that allows more waits as anything does, and can be cancelled", async (t) => {
  const { anna, bert, device } = await fleetOf(t);
  const wide = writePolicy((await stateOf(anna)).policy).replace("1000 BTC per day", "5000 BTC per day");
  const made = await documentBy(t, anna, wide, "anna");
  const both = await signedToo(t, bert, made.camera, "bert");
  const asks = `${TAKE}camera ${both.camera}\npage\npress ok\npage\npress ok\nsee This allows more\npage\npress ok\nhold both
    see Your present PIN\ntype ${PIN}\npress ok\nsee It waits\npage\npress ok\nsee PIN\n`;
  const asked = await holds(asks, { disk: device, size: SIZE });
  assert.equal((await stateOf(asked.disk)).pending.length, 1);
  const shown = `type ${PIN}\npress ok\nsee A change waits\npress back\nsee Cancelled\npress ok\nsee Sign a transaction`;
  const { disk } = await holds(shown, { disk: asked.disk, size: SIZE });
  assert.deepEqual([(await stateOf(disk)).pending, (await stateOf(disk)).policy.number], [[], 1]);
});

test("a device without administrators takes no document", async (t) => {
  const disk = await homeOf();
  const { camera } = await documentBy(t, disk, await strictText(disk), "anna");
  await holds(`${TAKE}see fleet.none`, { disk, size: SIZE, set: { CAMERA: camera } });
});

test("a fleet's wallet is registered where a key of it is held, with a hold of its own, before its policy is taken", async (t) => {
  const { anna, bert, device } = await fleetOf(t);
  const { wallet } = purse("p2wsh");
  const known = await registered(anna, join(folder(t), "wallet"), walletTexts(wallet.descriptor));
  const [name] = (await stateOf(known)).wallets.map((one) => one.name);
  const OUT = folder(t);
  const POLICY = papers(join(folder(t), "policy"), walletTexts(await strictText(anna)));
  const make = shipped("make").replace(
    "see Your name",
    `pick Some of the registered\npick [ ] ${name}\npick Done\nsee Your name`,
  );
  await holds(make, { disk: known, size: SIZE, set: { PIN, FLEET, NAME: "anna", POLICY, OUT } });
  const both = await signedToo(t, bert, carried(t, OUT).camera, "bert");
  const take = shipped("take").replace(
    "see What it restricts further",
    "see 2 of 3 keys\npage\nhold ok\nsee What it restricts further",
  );
  const set = { PIN, DOCUMENT: both.camera, SIGNERS: "anna, bert" };
  const { disk } = await holds(take, { disk: device, size: SIZE, set });
  const state = await stateOf(disk);
  assert.deepEqual(
    state.wallets.map(({ descriptor }) => descriptor),
    [wallet.descriptor],
  );
  assert.equal(state.policy.number, 2);
});
