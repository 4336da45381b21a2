// The main job on the very image: a code before the camera, a review on the screen, a finger on a line, a code on the
// screen. Nothing of the machine's is reached but what a person reaches.

import assert from "node:assert/strict";
import { test } from "node:test";
import { networks, Psbt } from "bitcoinjs-lib";
import { says } from "../../device/sim/words.ts";
import { toHex } from "../../src/bytes.ts";
import { COIN_SATS, heldBy, psbt, signed } from "../bitcoin/build.ts";
import { verifySpend } from "../peers/consensus.ts";
import { readCodes } from "./codes.ts";
import { open, own, reviewed } from "./home.ts";
import { imageFor } from "./image.ts";
import { canEmulate } from "./need.ts";
import { personAt } from "./person.ts";

const INPUTS = 2;
const asked = psbt(own, { inputs: INPUTS });

test("a transaction shown to the camera is reviewed and approved by real edges on the board's lines, and what the screen's codes hold is valid", async (t) => {
  if (!canEmulate(t, "arm64")) return;
  const { machine } = await open(t, await imageFor("arm64"));
  const person = personAt(machine, { hand: "buttons" });
  const said = await reviewed(person, asked);
  for (const fact of [
    "To 1 destination 0.00120000 BTC",
    "tb1q v74a 6uss ync0 7nst 8axz lsfm ckad gtgt zvhr et",
    "Comes back as change 0.00079000 BTC",
    "To the miners 0.00001000 BTC",
    "What is spent: 2 inputs",
    "Your policy allows this",
    "hold the ok button to sign",
  ])
    assert.ok(says(said, fact), `the review says "${fact}":\n${said}`);
  await person.hold("ok");
  await person.see("Signed: 2 signatures added");
  const reply = await readCodes(machine);
  assert.ok(reply.kind === "psbt");
  assert.equal(toHex(reply.bytes), toHex((await signed(own, asked)).whole.bytes));
  assert.equal(verifySpend(await finalised(reply.bytes), coins()), 2 * INPUTS);
  await person.press("ok");
  await person.see("Sign a transaction");
});

/** With the second cosigner's signatures, by bitcoinjs-lib. */
async function finalised(bytes: Uint8Array): Promise<Uint8Array> {
  const read = (whole: Uint8Array) => Psbt.fromBuffer(whole, { network: networks.regtest });
  const second = (await signed(heldBy(own, 1), asked)).whole.bytes;
  return read(bytes).combine(read(second)).finalizeAllInputs().extractTransaction(true).toBuffer();
}

function coins() {
  return Array.from({ length: INPUTS }, (_, index) => ({
    script: own.template.derive(0, index).scriptPubKey,
    amountSats: COIN_SATS,
  }));
}

test("a keyboard, or a glass, that says ok a thousand times signs nothing where there are buttons", async (t) => {
  if (!canEmulate(t, "arm64")) return;
  const person = await open(t, await imageFor("arm64"));
  await reviewed(person, asked);
  const { qmp } = person.machine;
  const before = await person.text();
  assert.match(before, /Sign\?/);
  const key = { type: "qcode", data: "ret" };
  for (let time = 0; time < 1000; time++) await qmp.run("send-key", { keys: [key], "hold-time": 1 });
  // Held down as well, longer than any gesture: the kernel repeats it.
  const press = (down: boolean) =>
    qmp.run("input-send-event", { events: [{ type: "key", data: { down, key } }] });
  await press(true);
  await person.settled();
  await press(false);
  assert.equal(await person.text(), before);
  // It is no dead screen: the line does what the keyboard could not.
  await person.hold("ok");
  await person.see("Signed: 2 signatures added");
});
