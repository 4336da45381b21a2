// The receipt of a signing: what it says, that the journal's key signed it, and that it is never in the way.

import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { folderStick } from "../../device/stick/folder.ts";
import { addressOf } from "../../src/bitcoin/index.ts";
import { policyFingerprint } from "../../src/policy/index.ts";
import { foreignScript, psbt } from "../bitcoin/build.ts";
import { changed, stateOn } from "./people-stage.ts";
import { own, PSBT, verified } from "./record-stage.ts";
import { codesIn, collect, folder, holds, homeOf, journalOf, type Play, psbtTexts, UNLOCK } from "./stage.ts";

const SIGNED = `${UNLOCK}pick Sign\nscan $PSBT\npage\nsee Sign?\nhold ok\nsee Signed\n`;
const RECEIPT = "press back\npick Show a receipt\nsee Receipt\ncodes $OUT/receipt\npress ok\n";

async function receiptOf(t: TestContext, options: Play = {}, psbtText = PSBT) {
  const OUT = folder(t);
  const disk = options.disk ?? (await homeOf());
  const played = await holds(`${SIGNED}${RECEIPT}see Signed\npress ok\nsee Sign a transaction`, {
    ...options,
    disk,
    set: { PSBT: psbtText, OUT },
  });
  const codes = readdirSync(join(OUT, "receipt")).filter((name) => name.endsWith(".png")).length;
  // A plain code holds the text as it is, over several lines.
  const plain = readFileSync(join(OUT, "receipt", "codes.txt"), "utf8").trimEnd();
  const message = codes === 1 ? undefined : collect(codesIn(join(OUT, "receipt")), ["document"]);
  const text = message?.kind === "document" ? message.text : plain;
  return { text, codes, disk: played.disk, at: OUT };
}

function written(at: string, name: string, text: string): string {
  mkdirSync(at, { recursive: true });
  writeFileSync(join(at, name), text);
  return join(at, name);
}

test("a receipt says what was signed, to whom, what is left, under which policy, and where the journal has it", async (t) => {
  const { text, disk } = await receiptOf(t);
  const lines = text.split("\n");
  assert.equal(lines[0], "Firn receipt 1");
  for (const line of lines.slice(1)) assert.match(line, /^[a-z-]+ \S.*$/, "one name and value a line");
  const journal = await journalOf(disk);
  const at = journal.findIndex(({ kind }) => kind === "signed") + 1;
  const spent = journal.find(({ kind }) => kind === "spent");
  assert.ok(spent?.kind === "spent");
  const said = (name: string) => lines.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1);
  assert.equal(said("transaction"), spent.txid);
  const to = addressOf(foreignScript(1), "regtest")!;
  assert.match(said("to")!, new RegExp(`^${to} \\d\\.\\d{8} BTC$`));
  const units = (value: string | undefined) => BigInt(value!.replace(/\D/g, ""));
  assert.equal(units(said("takes")), BigInt(spent.takes[0]!.split(" ")[1]!));
  assert.equal(units(said("fee")), BigInt(spent.fee.split(" ")[1]!));
  assert.match(said("left")!, /of 1000 BTC left .*day/);
  const { policy } = await stateOn(disk);
  assert.equal(said("policy"), `${policy.number} ${policyFingerprint(policy)}`);
  assert.match(said("journal")!, new RegExp(`^${at} [0-9a-f]{64}$`));
});

test("where the screen has room it is one plain code, which any phone reads; where not, several that lead to the same", async (t) => {
  const large = await receiptOf(t, { size: { columns: 130, rows: 60 } });
  assert.equal(large.codes, 1);
  assert.match(large.text, /^Firn receipt 1\n/);
  const paid = Array.from({ length: 8 }, (_, index) => ({ foreign: index + 1, amountSats: 1_000n }));
  const outputs = [...paid, { of: own, branch: 1, index: 0, amountSats: 91_000n }];
  const many = psbtTexts(psbt(own, { outputs }), "base64")[0]!;
  assert.equal((await receiptOf(t, { size: { columns: 140, rows: 70 } }, many)).codes, 1);
  const small = await receiptOf(t, { size: { columns: 40, rows: 15 } });
  assert.ok(small.codes > 1);
  assert.match(small.text, /^Firn receipt 1\n/);
});

test("the verifier proves it alone and against an export, and a changed one is told", async (t) => {
  const { text, disk, at } = await receiptOf(t);
  const receipt = written(at, "receipt.txt", text);
  assert.match(verified(receipt), /receipt/i);
  await holds(`${UNLOCK}pick Journal\npick Export\npick All of it\ncodes $OUT/all`, {
    disk,
    set: { OUT: at },
  });
  const all = collect(codesIn(join(at, "all")), ["document"]);
  assert.ok(all.kind === "document");
  const exported = written(at, "journal.txt", all.text);
  verified(exported, receipt);
  const [, amount] = /\nfee (\S+)/.exec(text)!;
  const lie = written(at, "lie.txt", text.replace(`fee ${amount}`, "fee 0.00000001"));
  assert.throws(() => verified(lie));
  assert.throws(() => verified(exported, lie));
});

test("of many destinations the first are named and the rest are summed", async (t) => {
  const paid = Array.from({ length: 30 }, (_, index) => ({ foreign: index + 1, amountSats: 1_000n }));
  const outputs = [...paid, { of: own, branch: 1, index: 0, amountSats: 69_000n }];
  const { text } = await receiptOf(t, {}, psbtTexts(psbt(own, { outputs }), "base64")[0]!);
  assert.equal(text.match(/^to /gm)?.length, 20);
  assert.match(text, /^to-others 10 0\.00010000 BTC$/m);
});

test("where refusals keep their reasons to themselves no receipt tells what is left", async (t) => {
  const disk = await changed(await homeOf(), (state) => ({
    ...state,
    policy: { ...state.policy, reasons: "hidden" },
  }));
  const { text } = await receiptOf(t, { disk });
  assert.doesNotMatch(text, /\bleft\b/);
});

test("it is never in the way: whoever does not ask for it sees no more screens than before", async () => {
  await holds(`${SIGNED}press ok\nsee Sign a transaction`, { disk: await homeOf(), set: { PSBT } });
});

test("it goes to the stick beside the signed transaction", async (t) => {
  const at = folder(t);
  writeFileSync(join(at, "pay.psbt"), psbt(own));
  const stick = folderStick(at);
  await holds(
    `${UNLOCK}pick Sign\nsee from a stick\npress ok\npick pay.psbt\npage\nsee Sign?\nhold ok\nsee Nothing of it has left\npick Show a receipt\nsee Receipt\npress back\nsee It is on the stick\npress ok\npress ok\npick Done\nsee Sign a transaction`,
    { disk: await homeOf(), stick },
  );
  const name = readdirSync(at).find((one) => one.startsWith("firn-receipt-"))!;
  assert.match(name, /^firn-receipt-[0-9a-f]{8}\.txt$/);
  assert.match(readFileSync(join(at, name), "utf8"), /^Firn receipt 1\n/);
  assert.ok(existsSync(join(at, "pay.psbt")));
});
