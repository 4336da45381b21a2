// Journeys on a machine whose buttons Firn reads itself: the shipped scripts as they are, and a glass that lies.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Main } from "../../device/host/program.ts";
import { main } from "../../src/main.ts";
import { psbt, purse } from "../bitcoin/build.ts";
import { MAKE } from "./backup-file-stage.ts";
import {
  folder,
  holds,
  homeOf,
  journalOf,
  PIN,
  papers,
  psbtTexts,
  script,
  UNLOCK,
  WORDS,
  walletTexts,
} from "./stage.ts";

const buttons = true;
const set = { PSBT: psbtTexts(psbt(purse("p2wpkh")), "base64")[0]! };
const LAST = `${UNLOCK}pick Sign\nscan $PSBT\npage\nsee Sign?\n`;

async function spends(disk: ReadonlyMap<string, Uint8Array>): Promise<number> {
  return (await journalOf(disk)).filter(({ kind }) => kind === "spent").length;
}

test("the shipped scripts play on a machine with buttons as they are: set-up, a wallet, a signature", async (t) => {
  const [CAMERA, OUT] = [folder(t), folder(t)];
  const made = await holds(script("setup"), { set: { PIN, WORDS, NETWORK: "regtest" }, buttons });
  const wallet = walletTexts(purse("p2wsh").wallet.descriptor);
  const withWallet = await holds(script("register"), {
    ...{ disk: made.disk, buttons },
    set: { PIN, CAMERA: papers(CAMERA, wallet) },
  });
  const texts = psbtTexts(psbt(purse("p2wsh")));
  const signed = await holds(script("sign"), {
    ...{ disk: withWallet.disk, buttons },
    set: { PIN, CAMERA: papers(CAMERA, texts), OUT },
  });
  assert.equal(await spends(signed.disk), 1);
  assert.match(signed.printed, /hold the ok button to sign/);
});

test("both buttons held do what gives away more; the word is not offered, and ok or back alone do nothing", async () => {
  const begun = MAKE.slice(0, MAKE.indexOf("hold both"));
  await holds(`${MAKE}see The code of the backup`, { disk: await homeOf(), buttons });
  const alone = `${begun}unseen type this word\nsee the buttons, no keyboard\nhold ok\nsee no keyboard\n`;
  await holds(`${alone}type abandon\nsee no keyboard\npress back\nclock +1s\nsee Keys and backups`, {
    disk: await homeOf(),
    buttons,
  });
});

test("back held on its line freezes, at home and in a review; let go in time it does not", async () => {
  const disk = await homeOf();
  const frozen = await holds(`${UNLOCK}hold back\nsee Frozen`, { disk, buttons });
  assert.equal(frozen.starts, 2);
  assert.equal((await holds(`${LAST}hold back\nsee Frozen`, { disk, buttons, set })).starts, 2);
  assert.equal((await holds(`${LAST}press back\nsee Declined`, { disk, buttons, set })).starts, 1);
});

test("a machine with buttons that nobody touches locks as any other", async () => {
  const { starts } = await holds(`${UNLOCK}idle\nsee Unlock`, { disk: await homeOf(), buttons });
  assert.equal(starts, 2);
});

for (const [what, steps] of [
  ["a thousand presses", "press ok x1000"],
  ["a press every second, for as long as one likes", "press ok\nclock +1s\n".repeat(20)],
] as const)
  test(`${what} on the page that asks for a hold sign nothing`, async () => {
    const { disk } = await holds(`${LAST}${steps}\nsee Sign?`, { disk: await homeOf(), set, buttons });
    assert.equal(await spends(disk), 0);
  });

/** A glass that says all that a hand on a keyboard would make it say, on a machine whose buttons nobody touches. */
const untouched: Main = (ports) => main({ ...ports, hold: { levels: () => ({ ok: false, back: false }) } });

test("a glass that says that ok is held, again and again, signs nothing while nobody touches the button", async () => {
  const lies = "hold ok\n".repeat(5);
  const { disk, screen } = await holds(`${LAST}${lies}see Sign?`, {
    ...{ disk: await homeOf(), set, main: untouched },
  });
  assert.equal(await spends(disk), 0);
  assert.match(screen, /hold the ok button to sign/);
  // The same hand is a hold where the keyboard is all there is.
  const keyboard = await holds(`${LAST}hold ok\nsee Signed`, { disk: await homeOf(), set });
  assert.equal(await spends(keyboard.disk), 1);
});

test("a glass that says that both are held gets no secret: it leaves the page, or freezes", async () => {
  const disk = await homeOf();
  await holds(`${MAKE.slice(0, MAKE.indexOf("hold both"))}hold both\nunseen The code of the backup`, {
    ...{ disk, main: untouched },
  });
  const { starts } = await holds(`${UNLOCK}hold back\nsee Frozen`, { disk, main: untouched });
  assert.equal(starts, 2);
});
