// A root that is not the one that the image was built with: dm-verity stops the machine before anything of it is seen.
// And what dm-verity cannot see: whoever changes what is read before the root changes the hash that it is held against.

import assert from "node:assert/strict";
import { constants } from "node:fs";
import { copyFile, mkdtemp, open, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { cpio } from "../../scripts/image/cpio.ts";
import { addHashTree } from "../../scripts/image/verity.ts";
import { grouped } from "../../src/text.ts";
import { type Image, imageFor } from "./image.ts";
import { startMachine } from "./machine.ts";
import { canEmulate } from "./need.ts";
import { PATIENCE_MS, personAt } from "./person.ts";

const ARCH = "arm64";
const BLOCK = 4096;
const MIB = 1024 * 1024;
/** Where bytes in use end stands in a squashfs's first block. */
const USED_AT = 40;

interface Copy {
  readonly file: string;
  /** Of the file system. Behind it are the hash tree's own header and the tree, its top first. */
  readonly size: number;
}

async function folder(t: TestContext): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), "firn-tamper-"));
  t.after(() => rm(made, { recursive: true }));
  return made;
}

async function copyOf(t: TestContext, { root }: Image): Promise<Copy> {
  const file = join(await folder(t), "root.img");
  await copyFile(root, file, constants.COPYFILE_FICLONE);
  const head = (await readFile(file)).subarray(0, BLOCK);
  const size = Math.ceil(Number(head.readBigUInt64LE(USED_AT)) / BLOCK) * BLOCK;
  return { file, size };
}

/** One bit each. */
async function flip(file: string, places: readonly number[]): Promise<void> {
  const handle = await open(file, "r+");
  const byte = new Uint8Array(1);
  for (const place of places) {
    await handle.read(byte, 0, 1, place);
    byte[0]! ^= 1;
    await handle.write(byte, 0, 1, place);
  }
  await handle.close();
}

/** The machine panics, says so on the serial line, and goes off; nothing of Firn was on the screen until then. */
async function stopsAtVerity(t: TestContext, image: Image, root: string): Promise<void> {
  // Later words count: it goes off at once, instead of showing for half a minute why.
  const machine = await startMachine(t, { image, root, words: ["panic=1"] });
  const person = personAt(machine);
  let drawn = "";
  for (const from = performance.now(); machine.on(); await sleep(200)) {
    assert.ok(performance.now() - from < PATIENCE_MS, `it goes on:\n${drawn}\n${machine.serial()}`);
    drawn += await person.text().catch(() => "");
    assert.doesNotMatch(drawn, /Firn \d|Welcome/);
  }
  assert.match(machine.serial(), /Kernel panic - not syncing: dm-verity device corrupted/);
  assert.equal((await machine.ended).reason, "guest-reset");
}

test("one bit in a file system's first block, and the machine stops before its root is mounted", async (t) => {
  if (!canEmulate(t, ARCH)) return;
  const image = await imageFor(ARCH);
  const { file } = await copyOf(t, image);
  await flip(file, [BLOCK / 2]);
  await stopsAtVerity(t, image, file);
});

test("one bit in each MiB of the root's files, and the machine stops at the first that it reads", async (t) => {
  if (!canEmulate(t, ARCH)) return;
  const image = await imageFor(ARCH);
  const { file, size } = await copyOf(t, image);
  const places = Array.from({ length: Math.floor(size / MIB) }, (_, at) => at * MIB + MIB / 2);
  assert.ok(places.length > 20, "the root is as large as a root is");
  await flip(file, places);
  await stopsAtVerity(t, image, file);
});

test("one bit at the top of the hash tree, and nothing of the root is taken", async (t) => {
  if (!canEmulate(t, ARCH)) return;
  const image = await imageFor(ARCH);
  const { file, size } = await copyOf(t, image);
  assert.ok((await stat(file)).size > size + BLOCK, "there is a tree behind the file system");
  await flip(file, [size + BLOCK]);
  await stopsAtVerity(t, image, file);
});

test("another root whose own hash tree is right, of another hash, does not start with this image's first files", async (t) => {
  if (!canEmulate(t, ARCH)) return;
  const image = await imageFor(ARCH);
  const { file, size } = await copyOf(t, image);
  // As another build is: another byte somewhere, and a tree that fits it.
  await flip(file, [size / 2]);
  const handle = await open(file, "r+");
  await handle.truncate(size);
  await handle.close();
  const { rootHash } = addHashTree(file);
  assert.notEqual(rootHash, image.manifest.rootHash);
  await stopsAtVerity(t, image, file);
});

/**
 * Boards without signed boot read kernel, initramfs and command line from a card that anybody can write. dm-verity
 * begins after that: docs/verify.md says how the whole card is compared outside.
 */
test("of a changed initramfs dm-verity knows nothing, and of the command line Firn shows what is foreign and keeps keys shut", async (t) => {
  if (!canEmulate(t, ARCH)) return;
  const image = await imageFor(ARCH);
  const initrd = join(await folder(t), "initrd.img");
  const bytes = Buffer.from("put there by somebody");
  const more = cpio([{ kind: "file", path: "foreign", bytes }], image.manifest.time);
  await writeFile(initrd, Buffer.concat([await readFile(image.initrd), Buffer.alloc(BLOCK), more]));
  const changed = { ...image, initrd };
  const machine = await startMachine(t, { image: changed, words: ["systemd.crash_shell=no"] });
  const person = personAt(machine);
  await person.see("machine.root");
  const said = (await person.page()).replace(/\s+/g, " ");
  assert.match(said, /Command line not as it must be: systemd\.crash_shell=no/);
  assert.match(said, /Root file system dm-verity/);
  assert.ok(said.includes(grouped(image.manifest.imageId).slice(0, 9)), "and it calls itself by the same id");
  await person.press("ok");
  await person.see("Keys stay shut");
});
