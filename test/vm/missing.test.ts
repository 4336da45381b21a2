// Machines that lack a part, or whose card does not do what a card does: what is missing is named on the screen, what
// can go on goes on, nothing is started over and over, and what was stored is still there.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { constants, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { locked, PIN, unlock } from "./home.ts";
import { type Image, imageFor } from "./image.ts";
import { type Kept, type Machine, type MachineOptions, startMachine } from "./machine.ts";
import { canEmulate } from "./need.ts";
import { PATIENCE_MS, type Person, personAt } from "./person.ts";

const ARCH = "arm64";
const DISK_TOOLS = ["debugfs", "e2fsck"] as const;
const HOME = "home";
const MIB = 1024 * 1024;
/** Has process 1 say on the serial line what it starts. Words of this kind are not foreign to Firn. */
const SAID = ["systemd.log_target=console", "systemd.show_status=1", "loglevel=5"];
/** As long as what is started over and over would take to be seen. */
const STILL_MS = 5000;
const QUIET_MS = 1000;
/** Of one processor of this machine. */
const QUIET_SHARE = 0.1;

function folder(t: TestContext): string {
  const made = mkdtempSync(join(tmpdir(), "firn-missing-"));
  t.after(() => rmSync(made, { recursive: true }));
  return made;
}

/** Card and TPM of a machine that was set up, and whose power went at its PIN screen. */
async function setUp(t: TestContext, image: Image): Promise<Kept> {
  return (await locked(t, image)).machine.cut();
}

async function start(t: TestContext, options: MachineOptions): Promise<Person> {
  const words = [...SAID, ...(options.words ?? [])];
  return personAt(await startMachine(t, { ...options, words }));
}

function startsOf(machine: Machine): number {
  return machine.serial().match(/Started \S*firn\.service/g)?.length ?? 0;
}

function flat(text: string): string {
  return text.replace(/\s+/g, " ");
}

/** After a while the screen is the same, and nothing was started anew. */
async function stands(person: Person): Promise<void> {
  const [screen, starts] = [await person.text(), startsOf(person.machine)];
  await sleep(STILL_MS);
  assert.equal(await person.text(), screen);
  assert.equal(startsOf(person.machine), starts);
  assert.ok(person.machine.on());
}

// ---------------------------------------------------------------- cards

function debugfs(image: string, request: string, ...options: readonly string[]): Buffer {
  const env = { PATH: `${process.env.PATH}:/usr/sbin:/sbin`, DEBUGFS_PAGER: "cat" };
  return execFileSync("debugfs", [...options, "-R", request, image], { env, stdio: "pipe" });
}

/** What a card holds after its journal was played back, as the next start would. */
function settled(t: TestContext, data: string): string {
  const copy = join(folder(t), "data.img");
  copyFileSync(data, copy, constants.COPYFILE_FICLONE);
  const env = { PATH: `${process.env.PATH}:/usr/sbin:/sbin` };
  try {
    execFileSync("e2fsck", ["-p", copy], { env, stdio: "pipe" });
  } catch (problem) {
    // 1: played back.
    assert.equal((problem as { status?: number }).status, 1, String((problem as { stdout: Buffer }).stdout));
  }
  return copy;
}

function stored(t: TestContext, data: string, name: string): Buffer {
  return debugfs(settled(t, data), `cat /${name}`);
}

test("without a camera, and without its buttons' chip, each is named where it is wanted, and the rest goes on", async (t) => {
  if (!canEmulate(t, ARCH, ...DISK_TOOLS)) return;
  const image = await imageFor(ARCH);
  const words = ["initcall_blacklist=pl061_gpio_driver_init"];
  const person = await start(t, { image, kept: await setUp(t, image), without: ["camera"], words });
  await unlock(person);
  await person.pick("Sign a transaction");
  await person.see("transport.no-camera");
  await stands(person);
  await person.press("back");
  await person.pick("Settings");
  await person.pick("This machine");
  await person.see(/page 1\//);
  const said = flat(await person.page());
  assert.match(said, /Lines not as it must be: not set up: no chip 9030000\.pl061/);
  assert.match(said, /Buttons not as it must be: cannot be read .*: no hold counts/);
  assert.equal(startsOf(person.machine), 1);
});

test("without the TPM that keys are sealed to they stay sealed, it says which part is missing, and with it they open", async (t) => {
  if (!canEmulate(t, ARCH, ...DISK_TOOLS)) return;
  const image = await imageFor(ARCH);
  const kept = await setUp(t, image);
  const person = await start(t, { image, kept, without: ["tpm"] });
  await person.see("seal.missing");
  await stands(person);
  const after = await person.machine.cut();
  assert.deepEqual(stored(t, after.data!, HOME), stored(t, kept.data!, HOME), "the home is as it was");
  const again = await start(t, { image, kept: { data: after.data!, tpm: kept.tpm! } });
  await unlock(again);
});

/** Nothing moves in there any more: what is next waits for a person. */
async function quiet(machine: Machine): Promise<void> {
  for (let before = -1; ; await sleep(QUIET_MS)) {
    const now = await machine.cpuSeconds();
    if (before >= 0 && now - before < QUIET_SHARE * (QUIET_MS / 1000)) return;
    before = now;
  }
}

test("without a display Firn runs, once, and obeys its keyboard: it can be switched off blind", async (t) => {
  if (!canEmulate(t, ARCH, ...DISK_TOOLS)) return;
  const image = await imageFor(ARCH);
  const machine = await startMachine(t, { image, without: ["display"], words: SAID });
  const late = sleep(PATIENCE_MS, undefined, { ref: false });
  while (!/Started \S*firn-glass\.service/.test(machine.serial()) && machine.on()) await sleep(200);
  // The machine's menu, its second item: Turn off.
  for (const data of ["esc", "down", "ret"]) {
    await quiet(machine);
    await machine.qmp.run("send-key", { keys: [{ type: "qcode", data }] });
  }
  assert.equal((await Promise.race([machine.ended, late]))?.reason, "guest-shutdown", machine.serial());
  assert.equal(startsOf(machine), 1);
});

// ---------------------------------------------------------------- the card

/** Files of its own in the home that Firn takes for none of its: the card has no free block. */
function filled(t: TestContext, data: string): string {
  const at = settled(t, data);
  const filler = join(at, "..", "filler");
  for (const size of [32 * MIB, MIB, 64 * 1024, 4096, 4096, 4096]) {
    writeFileSync(filler, Buffer.alloc(size, 1));
    // The last block of each is where it ends with "no space".
    debugfs(at, `write ${filler} .filler-${size}-${Math.random()}`, "-w");
  }
  return at;
}

test("on a full card it says so, takes no PIN that it cannot count, and the home is as it was", async (t) => {
  if (!canEmulate(t, ARCH, ...DISK_TOOLS)) return;
  const image = await imageFor(ARCH);
  const kept = await setUp(t, image);
  const person = await start(t, { image, kept: { ...kept, data: filled(t, kept.data!) } });
  await person.see("PIN");
  // After half of it the seal is asked for its words, and that is a try to be recorded.
  await person.type(PIN.slice(0, PIN.length / 2));
  await person.see("store.full");
  await stands(person);
  const after = await person.machine.cut();
  assert.deepEqual(stored(t, after.data!, HOME), stored(t, kept.data!, HOME));
});

const CARDS: readonly (readonly [string, (t: TestContext, data: string) => Partial<MachineOptions>])[] = [
  ["is not there", () => ({ without: ["data"] })],
  ["can only be read", (t, data) => ({ kept: { data: settled(t, data) }, dataReadOnly: true })],
  ["holds anything", (t) => ({ kept: { data: garbage(t) } })],
];

function garbage(t: TestContext): string {
  const file = join(folder(t), "data.img");
  writeFileSync(file, randomBytes(32 * MIB));
  return file;
}

for (const [what, options] of CARDS)
  test(`where the card's own part ${what}, it says that nothing can be written there, and begins no second home`, async (t) => {
    if (!canEmulate(t, ARCH, ...DISK_TOOLS)) return;
    const image = await imageFor(ARCH);
    const { data, tpm } = await setUp(t, image);
    const { kept = {}, ...lacking } = options(t, data!);
    const machine = await startMachine(t, { image, words: SAID, ...lacking, kept: { ...kept, tpm: tpm! } });
    const person = personAt(machine);
    await person.see("store.failed");
    await stands(person);
    assert.ok(startsOf(machine) <= 1, machine.serial());
    const after = await machine.cut();
    if (kept.data !== undefined) assert.deepEqual(readFileSync(after.data!), readFileSync(kept.data));
  });
