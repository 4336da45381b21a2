// A home that was made elsewhere, under a PIN that somebody saw: no machine has sealed it, and none opens it.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { sameMachine } from "../../device/sim/machine.ts";
import { createVault, FIRST_SETTINGS, readHome } from "../../src/keys/index.ts";
import { Refusal } from "../../src/refusal.ts";
import { ascii, fixedRandom, quickStretch } from "./make.ts";

const SEAL_AT = 35;

test("a home of the present version that is sealed to no machine is refused before a PIN is asked for", async () => {
  const [stretch, random, seal] = [quickStretch(), fixedRandom(), sameMachine()];
  const parts = { pin: ascii("314159"), stretch, random, seal, settings: FIRST_SETTINGS };
  const sealed = (await createVault(parts)).write({ keys: ascii("somebody else's") });
  assert.equal(readHome(sealed).sealKind, "file");
  const length = (sealed[SEAL_AT + 1]! << 8) | sealed[SEAL_AT + 2]!;
  const before = [...sealed.subarray(0, SEAL_AT), 0, 0, 0];
  const body = Uint8Array.from([...before, ...sealed.subarray(SEAL_AT + 3 + length, -32)]);
  const planted = Uint8Array.from([...body, ...createHash("sha256").update(body).digest()]);
  assert.throws(
    () => readHome(planted),
    (problem) => problem instanceof Refusal && problem.detail === "no machine has sealed it",
  );
});
