// Whole journeys on a machine with a TPM (swtpm): what the card alone could be talked into, the chip refuses.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, type TestContext, test } from "node:test";
import { tpmSeal } from "../../device/seal/tpm.ts";
import { sameMachine } from "../../device/sim/machine.ts";
import type { DiskState } from "../../device/sim/recording.ts";
import { LIMITS } from "../../src/limits.ts";
import { psbt, purse } from "../bitcoin/build.ts";
import { isHere } from "../peers/peer.ts";
import { hasSwtpm, softTpm } from "../seal/swtpm.ts";
import { holds, PIN, papers, play, psbtTexts, script, UNLOCK, WORDS } from "./stage.ts";

const AT = mkdtempSync(join(tmpdir(), "firn-tpm-flows-"));
after(() => rmSync(AT, { recursive: true, force: true }));

const own = purse("p2wpkh");
const CAMERA = papers(join(AT, "in"), psbtTexts(psbt(own), "base64"));
const SIGN = { PIN, CAMERA, OUT: join(AT, "out") };
const SETUP = { PIN, WORDS, NETWORK: "regtest" };

/** A machine with a chip, and the home that was set up on it. */
async function machine(t: TestContext) {
  const tpm = await softTpm(t);
  /** A process knows of the chip only what it learnt itself. */
  const seals = () => [tpmSeal(tpm.open, { ownsTpm: true }), sameMachine()];
  const { disk } = await holds(script("setup"), { set: SETUP, seals: seals() });
  return { tpm, seals, disk };
}

const without = (t: TestContext) => !isHere(t, "swtpm", hasSwtpm);

test("a home under a TPM is set up, signs, and counts on", async (t) => {
  if (without(t)) return;
  const { seals, disk } = await machine(t);
  const once = await holds(script("sign"), { disk, set: SIGN, seals: seals() });
  const more = await holds(script("sign"), { disk: once.disk, set: SIGN, seals: seals() });
  const room = `${UNLOCK}pick Policy\npick Head-room\nsee taken\nunseen no counter`;
  await holds(room, { disk: more.disk, seals: seals() });
});

test("a card put back from an earlier copy is refused, whatever was done since", async (t) => {
  if (without(t)) return;
  const { seals, disk } = await machine(t);
  const first = (await holds(UNLOCK, { disk, seals: seals() })).disk;
  const signed = (await holds(script("sign"), { disk: first, set: SIGN, seals: seals() })).disk;
  for (const older of [disk, first]) {
    const put = await play(`see PIN\ntype ${PIN}\npress ok\nsee journal.rewound`, {
      disk: older,
      seals: seals(),
    });
    assert.equal(put.failure, undefined, put.failure);
  }
  await holds(UNLOCK, { disk: signed, seals: seals() });
});

test("a home put back alone, its journal left as it is, is refused", async (t) => {
  if (without(t)) return;
  const { seals, disk } = await machine(t);
  const later = (await holds(UNLOCK, { disk, seals: seals() })).disk;
  const latest = (await holds(UNLOCK, { disk: later, seals: seals() })).disk;
  const mixed: DiskState = new Map([...latest, ["home", disk.get("home")!]]);
  const put = await play(`see PIN\ntype ${PIN}\npress ok\nsee journal.rewound`, {
    disk: mixed,
    seals: seals(),
  });
  assert.equal(put.failure, undefined, put.failure);
});

test("a cut at any disk operation of a signing never leaves card and chip apart", async (t) => {
  if (without(t)) return;
  const counted = await machine(t);
  const whole = { disk: counted.disk, set: SIGN, seals: counted.seals() };
  const { operations } = await holds(script("sign"), whole);
  const { seals, disk } = await machine(t);
  let present = disk;
  for (let at = 1; at <= operations; at++) {
    const cut = await play(`cut ${at}\n${script("sign")}`, { disk: present, set: SIGN, seals: seals() });
    present = (await holds(UNLOCK, { disk: cut.disk, seals: seals() })).disk;
  }
});

test("on another machine the card opens nothing, and no try is asked of that machine's chip", async (t) => {
  if (without(t)) return;
  const { disk } = await machine(t);
  const other = await machine(t);
  const put = await play(`see PIN\ntype ${PIN}\npress ok\nsee seal.foreign`, { disk, seals: other.seals() });
  assert.equal(put.failure, undefined, put.failure);
  await holds(UNLOCK, { disk: other.disk, seals: other.seals() });
});

test("without its chip the machine says what is missing and what brings the money back", async (t) => {
  if (without(t)) return;
  const { disk } = await machine(t);
  const bare = await play("see seal.missing\nsee backup", { disk });
  assert.equal(bare.failure, undefined, bare.failure);
});

test("ten wrong PINs wipe; an older copy of the card is then worth nothing even with the right PIN", async (t) => {
  if (without(t)) return;
  const { seals, disk } = await machine(t);
  const wrong = "0".repeat(LIMITS.pinDigitsMin);
  const tries = Array.from(
    { length: 10 },
    () => `see PIN\ntype ${wrong}\npress ok\npage\npress ok\nclock +61m\n`,
  );
  const wiped = await play(tries.join(""), { disk, seals: seals() });
  assert.equal(wiped.failure, undefined, wiped.failure);
  assert.match(wiped.printed, /vault\.wiped/);
  assert.deepEqual([...wiped.disk.keys()], []);
  const put = await play(`see PIN\ntype ${PIN}\npress ok\nsee seal.foreign`, { disk, seals: seals() });
  assert.equal(put.failure, undefined, put.failure);
  await holds(script("setup"), { set: SETUP, seals: seals() });
});

test("set-up on a chip that a lost card left owned clears it, after the gesture and a warning", async (t) => {
  if (without(t)) return;
  const { seals, disk } = await machine(t);
  const used = (await holds(UNLOCK, { disk, seals: seals() })).disk;
  const left = await play("press ok\nsee another home\npage\npress back\nsee seal.owned", { seals: seals() });
  assert.equal(left.failure, undefined, left.failure);
  await holds(UNLOCK, { disk: used, seals: seals() });
  const clearing = "see Welcome to Firn\npress ok\nsee another home\npage\npress ok\nhold both\n";
  const fresh = await holds(clearing + script("setup").replace(/^see Welcome to Firn\npress ok$/m, ""), {
    set: SETUP,
    seals: seals(),
  });
  await holds(UNLOCK, { disk: fresh.disk, seals: seals() });
  const old = await play(`see PIN\ntype ${PIN}\npress ok\nsee seal.foreign`, { disk: used, seals: seals() });
  assert.equal(old.failure, undefined, old.failure);
});

test("copies of the card give no more guesses than the chip allows", async (t) => {
  if (without(t)) return;
  const { seals, disk } = await machine(t);
  const guess = "see PIN\ntype 0000\npress ok\n";
  let locked = false;
  for (let copy = 0; copy < 40 && !locked; copy++) {
    // Each guess on a fresh copy: the card knows of none before it.
    const { printed } = await play(guess, { disk, seals: seals() });
    locked = printed.includes("seal.locked");
    assert.ok(locked || copy < 32, `${copy} guesses`);
  }
  assert.ok(locked);
  const right = await play(`see PIN\ntype ${PIN}\npress ok\nsee seal.locked`, { disk, seals: seals() });
  assert.equal(right.failure, undefined, right.failure);
});
