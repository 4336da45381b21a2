// The parts that a device was chosen to have: those that are there are ports, those that are not are facts.

import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { Board, Chosen } from "../../device/boards/board.ts";
import { board as virt } from "../../device/boards/virt-arm64.ts";
import { openParts } from "../../device/pi/parts.ts";
import { placesUnder } from "../../device/pi/places.ts";
import { board, type Files } from "./rig.ts";

const CHOSEN: Chosen = { board: "virt-arm64", camera: "port", screen: "virtio", buttons: false, tpm: false };
const HOME: Files = { "/var/lib/firn/.keep": "" };

async function opened(
  t: TestContext,
  files: Files,
  chosen: Partial<Chosen> = {},
  board_: Partial<Board> = {},
  credentials?: string,
) {
  const at = board(t, { ...HOME, ...files });
  const device = { board: { ...virt, ...board_ }, chosen: { ...CHOSEN, ...chosen } };
  const parts = await openParts(device, placesUnder(at), credentials && join(at, credentials));
  const found = () =>
    Object.fromEntries(parts.facts().map(({ label, found, state }) => [label, `${state}: ${found}`]));
  const kinds = parts.ports.seals.map(({ kind }) => kind);
  return { at, found, kinds, noise: parts.ports.noise.map(({ name }) => name), hold: parts.ports.hold };
}

const TPM: Files = { "/dev/virtio-ports/tpm": "" };

test("a bare board seals by a file, and holds are counted on the keyboard", async (t) => {
  const { kinds, noise, hold, found } = await opened(t, {});
  assert.deepEqual([kinds, noise, hold], [["file"], [], undefined]);
  assert.deepEqual(found(), {
    TPM: "well: none was chosen",
    "Board secret": "well: none: it is not part of the seal",
    Buttons: "well: none: holds are counted on the keyboard",
    Random: "well: the kernel's alone",
  });
});

test("a TPM that was chosen and is there seals first and adds its chance; one that is gone is named", async (t) => {
  const { at, kinds, noise, found } = await opened(t, TPM, { tpm: true });
  assert.deepEqual([kinds, noise], [["tpm", "file"], ["TPM"]]);
  assert.equal(found().TPM, "well: there");
  rmSync(join(at, "dev/virtio-ports/tpm"));
  assert.equal(found().TPM, "open: not there", "each time anew");
  const missing = await opened(t, {}, { tpm: true });
  assert.deepEqual([missing.kinds, missing.noise], [["file"], []]);
  assert.equal(missing.found().TPM, "open: not there");
});

test("a TPM that is there and was not chosen is left alone", async (t) => {
  const { kinds, noise } = await opened(t, TPM);
  assert.deepEqual([kinds, noise], [["file"], []]);
});

test("the board's secret is part of the seal where systemd handed one over, and only then", async (t) => {
  const secret = "s".repeat(16) + "t".repeat(16);
  const handed = await opened(t, { "/run/credentials/firn-board-secret": secret }, {}, {}, "run/credentials");
  assert.deepEqual(handed.kinds, ["board", "file"]);
  assert.equal(handed.found()["Board secret"], "well: handed over");
  const empty = await opened(t, { "/run/credentials/.keep": "" }, {}, {}, "run/credentials");
  assert.deepEqual(empty.kinds, ["file"]);
});

test("buttons that were chosen are read by Firn, also while they cannot be; a board without any has none", async (t) => {
  const { hold, found } = await opened(t, {}, { buttons: true });
  assert.deepEqual(hold!.levels(), { ok: false, back: false });
  assert.match(found().Buttons!, /^open: cannot be read/);
  const { buttons: _, ...without } = virt;
  const device = { board: without as Board, chosen: { ...CHOSEN, buttons: true } };
  const parts = await openParts(device, placesUnder(board(t, HOME)), undefined);
  assert.equal(parts.ports.hold, undefined);
});

test("the board's generator adds its chance where there is one behind its node", async (t) => {
  const node: Files = { "/dev/hwrng": "" };
  const name = "/sys/class/misc/hw_random/rng_current";
  const there = await opened(t, { ...node, [name]: "3f104000.rng\n" });
  assert.deepEqual(there.noise, ["board"]);
  assert.equal(there.found().Random, "well: the board's generator is there");
  assert.deepEqual((await opened(t, { ...node, [name]: "none\n" })).noise, []);
  assert.deepEqual((await opened(t, { [name]: "3f104000.rng\n" })).noise, []);
});
