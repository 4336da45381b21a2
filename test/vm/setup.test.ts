// A machine that was never used, set up as its owner does it: with nothing but keys, and words read off the screen.

import assert from "node:assert/strict";
import { test } from "node:test";
import { validateMnemonic } from "@scure/bip39";
import { wordlist } from "@scure/bip39/wordlists/english.js";
import { toHex, u32be } from "../../src/bytes.ts";
import { masterOf } from "../bitcoin/build.ts";
import { ARCHES } from "./command.ts";
import { fresh, NETWORK, PIN, unlock } from "./home.ts";
import { imageFor } from "./image.ts";
import { canEmulate } from "./need.ts";
import type { Person } from "./person.ts";

const COUNT = 12;

for (const arch of ARCHES)
  test(`${arch}: new words are made, read off the screen and asked for, sealed in the TPM, and the PIN opens their key`, async (t) => {
    if (!canEmulate(t, arch)) return;
    const person = await fresh(t, await imageFor(arch));
    await toWords(person);
    const phrase = await written(person);
    const fingerprint = toHex(u32be(masterOf(phrase).fingerprint));
    await person.pick("Go on");
    await person.pick("No passphrase");
    await person.see(fingerprint);
    await person.page();
    await person.press("ok");
    await person.pick("Take these limits");
    await person.see("Your keys are sealed");
    await person.page();
    await person.press("ok");
    // All three ended and three others started.
    await unlock(person);
    await person.see(`Key ${fingerprint}`);
    await person.pick("Settings");
    await person.see("Seal: TPM");
  });

async function toWords(person: Person): Promise<void> {
  await person.press("ok");
  await person.pick(NETWORK);
  for (const title of ["Choose a PIN", "The PIN again"]) {
    await person.see(title);
    await person.type(PIN);
    await person.press("ok");
  }
  for (const choice of ["Create new words", `${COUNT} words`, "Mixed", "Go on"]) await person.pick(choice);
}

/** Off the screen onto paper, and back where Firn asks. */
async function written(person: Person): Promise<string> {
  await person.see("Write these words down");
  const paper = await person.page();
  const words: string[] = [];
  for (const [, place, word] of paper.matchAll(/\b(\d+)\.\s+([a-z]{3,8})\b/g))
    words[Number(place) - 1] = word!;
  const phrase = words.join(" ");
  assert.ok(validateMnemonic(phrase, wordlist) && words.length === COUNT, `${COUNT} words on\n${paper}`);
  await person.press("ok");
  for (;;) {
    const asked = await person.see(/Type word \d+ of|Your words are made/);
    const place = /Type word (\d+) of/.exec(asked)?.[1];
    if (place === undefined) return phrase;
    await person.type(words[Number(place) - 1]!);
    await person.press("ok");
  }
}
