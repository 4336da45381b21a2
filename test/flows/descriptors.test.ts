// Descriptors of ERC 7730, from a file in front of an administrator's camera to a call that a device shows by them.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { Interface } from "ethers";
import { CLEARSIG_REPO_FULL } from "micro-eth-signer/clearsig/repo-full.js";
import type { DiskState } from "../../device/sim/recording.ts";
import { readDescriptors } from "../../src/policy/index.ts";
import { PHRASES } from "../bitcoin/build.ts";
import { requestTexts, transaction } from "./ethereum-stage.ts";
import { stateOf } from "./policy-stage.ts";
import { folder, holds, homeOf, journalOf, PIN, papers, UNLOCK, walletTexts } from "./stage.ts";

const SIZE = { columns: 130, rows: 60 };
const FLEET = "acme";
const QUEUE = "0x889edC2eDab5f40e902b864aD4d7AdE8E412F9B1";
const FILE = (CLEARSIG_REPO_FULL as Record<string, unknown>)[
  "registry/lido/calldata-WithdrawalQueueERC721.json"
];

function shipped(name: string): string {
  return readFileSync(join(import.meta.dirname, "../../docs/sessions", `${name}.txt`), "utf8");
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
  await holds(shipped("fleet-card"), { disk, size: SIZE, set: { PIN, NAME, OUT } });
  return carried(t, OUT).camera;
}

async function fleetOf(t: TestContext) {
  const [anna, bert, device] = await Promise.all(
    [PHRASES[1], PHRASES[2], PHRASES[0]].map((words) => homeOf("regtest", words)),
  );
  const ANNA = await cardOf(t, anna!, "anna");
  const BERT = await cardOf(t, bert!, "bert");
  const set = { PIN, FLEET, ANNA, BERT };
  const { disk } = await holds(shipped("fleet-administrators"), { disk: device!, size: SIZE, set });
  return { anna: anna!, bert: bert!, device: disk };
}

async function madeBy(t: TestContext, disk: DiskState, NAME: string, file: unknown = FILE) {
  const OUT = folder(t);
  const DESCRIPTOR = papers(join(folder(t), "file"), walletTexts(JSON.stringify(file)));
  const set = { PIN, FLEET, NAME, DESCRIPTOR, OUT };
  const made = await holds(shipped("descriptors-make"), { disk, size: SIZE, set });
  return { ...carried(t, OUT), disk: made.disk };
}

async function signedToo(t: TestContext, disk: DiskState, DOCUMENT: string, NAME: string) {
  const OUT = folder(t);
  await holds(shipped("fleet-sign"), { disk, size: SIZE, set: { PIN, NAME, DOCUMENT, OUT } });
  return carried(t, OUT);
}

const FLEET_MENU = `see PIN\ntype ${PIN}\npress ok\npick Policy\npick Fleet\n`;
const TAKE = `${FLEET_MENU}pick Take a document\n`;

/** A withdrawal from Lido, which Firn itself cannot read. */
function request(t: TestContext): string {
  const data = new Interface(["function requestWithdrawals(uint256[],address)"]).encodeFunctionData(
    "requestWithdrawals",
    [[1_300_000_000_000_000_000n], "0x81EC2081dfb42C5291C55e6123D527EB744a5fFB"],
  );
  const fields = { to: QUEUE, data, value: 0n, maxFeePerGas: 1n, maxPriorityFeePerGas: 1n, type: 2 };
  return papers(join(folder(t), "request"), requestTexts(transaction({ ...fields, gasLimit: 400_000n })));
}

test("what both administrators signed waits, and then a device shows calls by it; an older number never again", async (t) => {
  const { anna, bert, device } = await fleetOf(t);
  const made = await madeBy(t, anna, "anna");
  assert.ok((await journalOf(made.disk)).some(({ kind }) => kind === "fleet-signed"));
  const both = await signedToo(t, bert, made.camera, "bert");
  const { document, signatures } = readDescriptors(both.text);
  assert.deepEqual(
    signatures.map(({ name }) => name),
    ["anna", "bert"],
  );
  assert.deepEqual(JSON.parse(document.texts[0]!), FILE);

  const camera = request(t);
  const looks = `${UNLOCK}pick Sign a transaction\ncamera ${camera}\n`;
  await holds(`${looks}see A call that Firn cannot read`, { disk: device, size: SIZE });

  const set = { PIN, DOCUMENT: both.camera, SIGNERS: "anna, bert" };
  const asked = await holds(shipped("descriptors-take"), { disk: device, size: SIZE, set });
  const waiting = await stateOf(asked.disk);
  assert.equal(waiting.descriptors, undefined);
  assert.equal(waiting.pending[0]!.change.kind, "descriptors");

  const due = `clock +48h\nsee PIN\ntype ${PIN}\npress ok\nsee A change waits\npage\npress ok\nsee Holds now: descriptors 1\npage\npress ok\nsee Sign a transaction`;
  const { disk } = await holds(due, { disk: asked.disk, size: SIZE });
  assert.deepEqual((await stateOf(disk)).descriptors, { number: 1, texts: document.texts });
  assert.ok((await journalOf(disk)).some((line) => line.kind === "descriptors-taken" && line.number === 1));

  await holds(`${looks}see A call by a descriptor\nsee 1.3 stETH on Ethereum\nsee descriptors 1`, {
    disk,
    size: SIZE,
  });
  await holds(`${TAKE}camera ${both.camera}\nsee fleet.older`, { disk, size: SIZE });

  const removes = `${FLEET_MENU}pick Descriptors that are here\npick WithdrawalQueueERC721\npage\nhold ok\nsee None: a call`;
  const gone = await holds(removes, { disk, size: SIZE });
  assert.deepEqual((await stateOf(gone.disk)).descriptors, { number: 1, texts: [] });
  await holds(`${looks}see A call that Firn cannot read`, { disk: gone.disk, size: SIZE });
  // What was taken out does not come back under its old number.
  await holds(`${TAKE}camera ${both.camera}\nsee fleet.older`, { disk: gone.disk, size: SIZE });
});

test("descriptors that too few signed, that were changed, or that are of another fleet are not taken", async (t) => {
  const { anna, bert, device } = await fleetOf(t);
  const one = await madeBy(t, anna, "anna");
  const refused = async (text: string, reason: string) => {
    const camera = papers(join(folder(t), "changed"), walletTexts(text));
    const { disk } = await holds(`${TAKE}camera ${camera}\nsee ${reason}`, { disk: device, size: SIZE });
    const state = await stateOf(disk);
    assert.deepEqual([state.descriptors, state.pending], [undefined, []]);
  };
  await refused(one.text, "fleet.signatures");
  await refused(one.text.replace(/^Signature.*\n/m, ""), "fleet.signatures");
  const both = await signedToo(t, bert, one.camera, "bert");
  await refused(both.text.replace("Request Withdrawal", "Request withdrawal"), "fleet.signature-wrong");
  await refused(both.text.replace("Number 1", "Number 2"), "fleet.signature-wrong");
  await refused(both.text.replace("Fleet acme", "Fleet other"), "fleet.other");
  await refused(both.text.replace("Descriptor {", "Descriptor { "), "fleet.signature-wrong");
  await refused(both.text.replace("Firn descriptors 1", "Firn fleet 1"), "fleet.malformed");
});

test("a descriptor that leaves something open is refused before anybody signs it", async (t) => {
  const anna = await homeOf("regtest", PHRASES[1]);
  const includes = { ...(FILE as object), includes: "common.json" };
  const camera = papers(join(folder(t), "file"), walletTexts(JSON.stringify(includes)));
  const script = `${FLEET_MENU}pick Make descriptors\npick Read a file\ncamera ${camera}\nsee descriptor.includes\npress ok\nsee None yet.`;
  const { disk } = await holds(script, { disk: anna, size: SIZE });
  assert.ok((await journalOf(disk)).every(({ kind }) => kind !== "fleet-signed"));
});
