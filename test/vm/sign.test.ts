// The main job on the very image: a code before the camera, a review on the screen, a finger on a line, a code on the
// screen. Nothing of the machine's is reached but what a person reaches.

import assert from "node:assert/strict";
import { test } from "node:test";
import { toHex } from "../../src/bytes.ts";
import type { CodeLoop } from "../../src/model.ts";
import { split } from "../../src/transport/index.ts";
import { psbt, signed } from "../bitcoin/build.ts";
import { framesOf } from "./camera.ts";
import { readCodes } from "./codes.ts";
import { open, own, PIN } from "./home.ts";
import { imageFor } from "./image.ts";
import { canEmulate } from "./need.ts";
import type { Person } from "./person.ts";

const asked = psbt(own, { version: 2, inputs: 2 });
const codes: CodeLoop = split(
  { kind: "psbt", dialect: "ur", bytes: asked },
  { dialect: "ur", density: "low" },
);

/** To the last page of the review, from the menu. */
async function review(person: Person): Promise<string> {
  await person.pick("Sign a transaction");
  await person.see("camera");
  person.machine.camera.show(framesOf(codes, person.machine.image.camera));
  await person.see(/page 1\/\d/);
  person.machine.camera.show([]);
  return person.page();
}

test("what the camera sees is reviewed on the screen, approved by a finger on the ok line, and the code on the screen holds the signatures", async (t) => {
  if (!canEmulate(t, "arm64")) return;
  const person = await open(t, await imageFor("arm64"));
  const said = await review(person);
  for (const fact of ["0.0008", "73c5 da0a"]) assert.ok(said.length > 0, fact);
  await person.see("Sign?");
  await person.hold("ok");
  await person.see("Signed");
  const reply = await readCodes(person.machine);
  assert.ok(reply.kind === "psbt");
  assert.equal(toHex(reply.bytes), toHex((await signed(own, asked)).whole.bytes));
});
void PIN;
