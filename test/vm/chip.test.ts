// A TPM beside the card: what it counts, whatever is done to the card, and what it refuses to a card from before.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Refusal } from "../../src/refusal.ts";
import { counts } from "../seal/stage.ts";
import { locked, PIN, powered, unlock } from "./home.ts";
import { imageFor } from "./image.ts";
import type { Kept } from "./machine.ts";
import { canEmulate } from "./need.ts";
import type { Person } from "./person.ts";
import { type Bench, workbench } from "./workbench.ts";

type Whole = Required<Pick<Kept, "data" | "tpm">>;
/** No PIN of any home here. */
const WRONG = "11111111";
/** As many as Firn lets the chip take (device/seal/tpm-owner.ts). */
const MOST_GUESSES = 31;

async function tries(person: Person, pin: string): Promise<void> {
  await person.see("PIN");
  await person.type(pin);
  await person.press("ok");
}

/** Somebody who has chip and card on a bench, and writes the card anew before each guess. */
async function guesses(bench: Bench): Promise<number> {
  for (let made = 0; ; made++) {
    const reason = await bench.vault(WRONG).then(
      () => assert.fail("a wrong PIN opened it"),
      (problem: unknown) => (problem instanceof Refusal ? problem.reason : assert.fail(String(problem))),
    );
    if (reason === "seal.locked") return made;
    assert.equal(reason, "vault.wrong-pin");
    assert.ok(made < MOST_GUESSES, `${made} guesses`);
  }
}

test("amd64, /dev/tpmrm0: a wrong PIN counts in the chip, copies of the card give no more guesses than it allows, and then even the right PIN opens nothing", async (t) => {
  if (!canEmulate(t, "amd64", "e2fsck", "debugfs")) return;
  const image = await imageFor("amd64");
  const person = await locked(t, image);
  await tries(person, WRONG);
  await person.see("vault.wrong-pin");
  const bench = await workbench(t, (await person.machine.cut()) as Whole);
  const before = (await counts(bench)).wrong;
  assert.ok(before >= 1, `the chip has counted ${before}`);
  t.diagnostic(`${await guesses(bench)} further guesses, then the chip answers no more`);
  const kept = { data: (await person.machine.cut()).data!, tpm: await bench.take() };
  const again = await powered(t, { image, kept }, "PIN");
  await tries(again, PIN);
  await again.see("seal.locked");
});

test("arm64: a card put back from before is refused, though the PIN is right; the card that belongs there opens", async (t) => {
  if (!canEmulate(t, "arm64")) return;
  const image = await imageFor("arm64");
  const first = await locked(t, image);
  const before = (await first.machine.cut()) as Whole;
  const second = await locked(t, image);
  await unlock(second);
  const after = (await second.machine.cut()) as Whole;
  const rewound = await powered(t, { image, kept: { data: before.data, tpm: after.tpm } }, "PIN");
  await tries(rewound, PIN);
  await rewound.see("journal.rewound");
  const { tpm } = await rewound.machine.cut();
  const belongs = await powered(t, { image, kept: { data: after.data, tpm: tpm! } }, "PIN");
  await unlock(belongs);
});
