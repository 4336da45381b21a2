// The stick's step on a made-up kernel: when it is let in, what is copied, and that it is out again whatever happened.

import assert from "node:assert/strict";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { PLACES, serve } from "../../device/pi/root/stick.ts";
import { type FileSystem, fileSystem, type Mounting } from "../../device/pi/root/stick-volume.ts";
import { Breach } from "../../device/wire/schema.ts";
import { LIMITS } from "../../src/limits.ts";
import { type MadeUp, madeUp } from "./root-machine.ts";
import * as usb from "./usb-bytes.ts";

const BUS = "/sys/bus/usb/devices";
const PROBE = "/sys/bus/usb/drivers_probe";

function sector(name: string, at: number): Uint8Array {
  const bytes = new Uint8Array(512);
  bytes.set(new TextEncoder().encode(name), at);
  bytes.set([0x55, 0xaa], 510);
  return bytes;
}
const FAT32 = sector("FAT32   ", 82);

interface Bench {
  readonly machine: MadeUp;
  /** What lies on the stick. */
  readonly files: string;
  readonly mounts: string[];
  ask(wish: unknown): Promise<unknown>;
  put(name: string, content: string | Uint8Array): void;
  isIn(name?: string): boolean;
}

interface Given {
  readonly devices?: Readonly<Record<string, usb.Device>>;
  /** Names of partitions, of those that the disk has. */
  readonly parts?: readonly string[];
  readonly first?: Uint8Array;
  readonly size?: string;
  readonly mounting?: Partial<Mounting>;
  readonly patienceMs?: number;
}

const STEP_MS = 8000;

function bench(t: TestContext, given: Given = {}): Bench {
  const { devices = { "1-1": usb.STICK }, parts = ["sda1"], first = FAT32, size = "60000" } = given;
  const files = mkdtempSync(join(tmpdir(), "firn-stick-"));
  t.after(() => rmSync(files, { recursive: true, force: true }));
  const machine = madeUp(
    t,
    { [PROBE]: "", [`${BUS}/usb1/interface_authorized_default`]: "1" },
    kernel(parts, size),
  );
  for (const [name, device] of Object.entries(devices)) {
    machine.file(`${BUS}/${name}/devnum`, "3");
    machine.file(`${BUS}/${name}/authorized`, "0");
    machine.file(`${BUS}/${name}/bConfigurationValue`, "1");
    machine.file(`${BUS}/${name}/descriptors`, usb.bytesOf(device));
  }
  for (const path of [PLACES.wish, PLACES.reply]) machine.folder(join(path, ".."));
  const mounts: string[] = [];
  const mounting: Mounting = {
    folder: files,
    begin: async (device) => (device.endsWith("/sda") && parts.length > 0 ? new Uint8Array(512) : first),
    mount: async (device, as, options) => void mounts.push(`${device} ${as} ${options.slice(0, 2)}`),
    unmount: async () => void mounts.push("unmounted"),
    ...given.mounting,
  };
  return {
    ...{ machine, files, mounts },
    async ask(wish) {
      machine.file(PLACES.wish, typeof wish === "string" ? wish : JSON.stringify(wish));
      await serve(machine, mounting, given.patienceMs ?? STEP_MS);
      const reply = machine.text(PLACES.reply);
      return reply === undefined ? undefined : JSON.parse(reply);
    },
    put: (name, content) => writeFileSync(join(files, name), content),
    isIn: (name = "1-1") => machine.text(`${BUS}/${name}/authorized`) === "1",
  };
}

/** A disk with its partitions hangs on a storage interface as long as the device is let in. */
function kernel(parts: readonly string[], size: string) {
  return (machine: MadeUp, path: string, text: string): boolean | undefined => {
    const [, name] = /devices\/([\d.-]+)\/authorized$/.exec(path) ?? [];
    if (name !== undefined && text === "1") {
      const open = machine.text(`${BUS}/usb1/interface_authorized_default`)!;
      machine.file(`${BUS}/${name}:1.0/authorized`, open);
    }
    if (name !== undefined && text === "0") {
      machine.gone(`${BUS}/${name}:1.0`);
      machine.gone("/sys/block/sda");
    }
    if (path !== PROBE) return undefined;
    assert.equal(machine.text(`${BUS}/${text}/authorized`), "1");
    const disk = `${BUS}/${text}/host0/target0:0:0/0:0:0:0/block/sda`;
    machine.file(`${disk}/size`, size);
    for (const part of parts) machine.file(`${disk}/${part}/partition`, "1");
    machine.link("/sys/block/sda", disk);
    return true;
  };
}

const LOOK = { id: 7, act: "look" };
const WRITE = { id: 8, act: "write", name: "signed.psbt" };

test("at a look the stick is let in, mounted to read, copied, unmounted and shut out, and the answer bears the wish's number", async (t) => {
  const { ask, put, isIn, machine, mounts } = bench(t);
  put("a.psbt", "psbt");
  put("B.TXT", "wsh(…)");
  assert.deepEqual(await ask(LOOK), {
    id: 7,
    files: [
      { name: "B.TXT", bytes: 8 },
      { name: "a.psbt", bytes: 4 },
    ],
  });
  assert.deepEqual(mounts, ["/dev/sda1 vfat ro", "unmounted"]);
  assert.equal(isIn(), false);
  assert.equal(readFileSync(machine.at("/run/firn-stick/a.psbt"), "utf8"), "psbt");
  assert.equal(
    statSync(machine.at("/run/firn-stick/a.psbt")).mode & 0o137,
    0,
    "nobody else reads it, nobody runs it",
  );
  assert.equal(machine.text(PLACES.wish), undefined, "or the step would start again");
});

test("nothing on a mounted stick is a program, a device, a link, or another's", async (t) => {
  const options: string[] = [];
  const mount = async (_: string, __: FileSystem, given: string) => void options.push(given);
  await bench(t, { mounting: { mount } }).ask(LOOK);
  for (const word of ["ro", "nodev", "nosuid", "noexec", "nosymfollow", "uid=0", "umask=077"])
    assert.ok(options[0]!.split(",").includes(word), word);
});

test("only plain files of the top folder, of known kinds and with plain names, leave the stick", async (t) => {
  const { ask, put, files, machine } = bench(t);
  put("good.json", "{}");
  for (const name of [
    "program.exe",
    "no ending",
    ".hidden.psbt",
    "spaces in it.psbt",
    `${"x".repeat(64)}.psbt`,
    "ümlaut.psbt",
  ])
    put(name, "x");
  mkdirSync(join(files, "folder.psbt"));
  symlinkSync("/etc/passwd", join(files, "link.psbt"));
  assert.deepEqual(await ask(LOOK), { id: 7, files: [{ name: "good.json", bytes: 2 }] });
  assert.deepEqual(machine.names("/run/firn-stick"), ["good.json"]);
});

test("what is too large is named and stays on the stick; so does what no longer fits into memory", async (t) => {
  const { ask, put, machine } = bench(t);
  put("0-large.psbt", new Uint8Array(LIMITS.stickFileBytes + 1));
  for (let n = 1; n <= 9; n++) put(`${n}.psbt`, new Uint8Array(LIMITS.stickFileBytes));
  const { files } = (await ask(LOOK)) as { files: { name: string; bytes: number }[] };
  assert.equal(files.length, 10);
  assert.deepEqual(files[0], { name: "0-large.psbt", bytes: LIMITS.stickFileBytes + 1 });
  assert.deepEqual(
    machine.names("/run/firn-stick"),
    [1, 2, 3, 4, 5, 6, 7, 8].map((n) => `${n}.psbt`),
  );
});

test("what an earlier stick left is gone before the next is copied", async (t) => {
  const { ask, put, files, machine } = bench(t);
  put("old.psbt", "old");
  await ask(LOOK);
  rmSync(join(files, "old.psbt"));
  put("new.psbt", "new");
  await ask({ ...LOOK, id: 9 });
  assert.deepEqual(machine.names("/run/firn-stick"), ["new.psbt"]);
});

test("a stick with more files than anybody has is not looked through", async (t) => {
  const { ask, put, isIn } = bench(t);
  for (let n = 0; n <= 4096; n++) put(`${n}`, "");
  assert.deepEqual(await ask(LOOK), { id: 7, refused: "unreadable" });
  assert.equal(isIn(), false);
});

const WHY: readonly (readonly [string, string, Given])[] = [
  ["no storage is plugged in", "none", { devices: { "1-1": usb.KEYBOARD, "1-2": usb.HUB } }],
  ["nothing is plugged in", "none", { devices: {} }],
  ["two sticks are plugged in", "several", { devices: { "1-1": usb.STICK, "1-2.1": usb.UAS_STICK } }],
  ["it is a keyboard too", "other", { devices: { "1-1": usb.DUCKY } }],
  ["it has two partitions", "format", { parts: ["sda1", "sda2"] }],
  ["its file system is NTFS", "format", { first: sector("NTFS    ", 3) }],
  ["it has no file system", "format", { first: new Uint8Array(512) }],
  ["it ends within its first sector", "format", { first: FAT32.subarray(0, 100) }],
  ["mount refuses", "unreadable", { mounting: { mount: () => Promise.reject(new Error("EINVAL")) } }],
  ["it cannot be read", "unreadable", { mounting: { begin: () => Promise.reject(new Error("EIO")) } }],
  [
    "it cannot be unmounted",
    "unreadable",
    { mounting: { unmount: () => Promise.reject(new Error("EBUSY")) } },
  ],
  ["it is never there", "unreadable", { size: "0", patienceMs: 300 }],
  [
    "it stands still",
    "unreadable",
    { mounting: { mount: () => new Promise(() => undefined) }, patienceMs: 300 },
  ],
];
for (const [what, why, given] of WHY)
  test(`a look is refused as "${why}" where ${what}, and nothing is in afterwards`, async (t) => {
    const { ask, isIn, machine } = bench(t, given);
    assert.deepEqual(await ask(LOOK), { id: 7, refused: why });
    for (const name of ["1-1", "1-2", "1-2.1"]) assert.equal(isIn(name), false, name);
    assert.deepEqual(machine.names("/run/firn-stick") ?? [], []);
  });

test("beside a keyboard that stores, the one plain stick is taken", async (t) => {
  const { ask, put, isIn } = bench(t, { devices: { "1-1": usb.STICK, "1-2": usb.DUCKY } });
  put("a.psbt", "");
  assert.deepEqual(await ask(LOOK), { id: 7, files: [{ name: "a.psbt", bytes: 0 }] });
  assert.equal(isIn("1-2"), false);
});

test("a stick without partitions, and one of exFAT, are read too", async (t) => {
  const whole = bench(t, { parts: [], first: sector("EXFAT   ", 3) });
  assert.deepEqual(await whole.ask(LOOK), { id: 7, files: [] });
  assert.deepEqual(whole.mounts, ["/dev/sda exfat ro", "unmounted"]);
});

test("file systems are told by the first sector as their makers mark it, and by nothing less", () => {
  assert.equal(fileSystem(FAT32), "vfat");
  assert.equal(fileSystem(sector("FAT16   ", 54)), "vfat");
  assert.equal(fileSystem(sector("FAT12   ", 54)), "vfat");
  assert.equal(fileSystem(FAT32.with(511, 0)), undefined);
  assert.equal(fileSystem(sector("FAT32   ", 81)), undefined);
});

test("a stick that an earlier step left in is taken out before it is let in", async (t) => {
  const { ask, machine, isIn } = bench(t);
  machine.file(`${BUS}/1-1/authorized`, "1");
  await ask(LOOK);
  const turns = machine.puts
    .filter((put) => put.startsWith(`${BUS}/1-1/authorized`))
    .map((put) => put.at(-1));
  assert.deepEqual(turns, ["0", "1", "0"]);
  assert.equal(isIn(), false);
});

// ---------------------------------------------------------------- writing

test("what is written is read back after a fresh mount, for which the stick was out", async (t) => {
  const { ask, files, machine, mounts, isIn } = bench(t);
  machine.file(PLACES.enclosed, "signed");
  assert.deepEqual(await ask(WRITE), { id: 8, written: true });
  assert.deepEqual(mounts, ["/dev/sda1 vfat rw", "unmounted", "/dev/sda1 vfat ro", "unmounted"]);
  assert.deepEqual(readdirSync(files), ["signed.psbt"]);
  assert.equal(readFileSync(join(files, "signed.psbt"), "utf8"), "signed");
  const turns = machine.puts
    .filter((put) => put.startsWith(`${BUS}/1-1/authorized`))
    .map((put) => put.at(-1));
  assert.deepEqual(turns, ["1", "0", "1", "0"]);
  assert.equal(isIn(), false);
});

test("a file that is there is never replaced", async (t) => {
  const { ask, put, files, machine } = bench(t);
  put("signed.psbt", "another's");
  machine.file(PLACES.enclosed, "signed");
  assert.deepEqual(await ask(WRITE), { id: 8, refused: "exists" });
  assert.equal(readFileSync(join(files, "signed.psbt"), "utf8"), "another's");
});

test("a stick that reads back otherwise, or no longer at all, has failed", async (t) => {
  for (const spoil of [
    (files: string) => writeFileSync(join(files, "signed.psbt"), "signeD"),
    (files: string) => rmSync(join(files, "signed.psbt")),
  ]) {
    let unmounts = 0;
    const made: Bench = bench(t, {
      mounting: {
        unmount: async () => {
          if (++unmounts === 1) spoil(made.files);
        },
      },
    });
    made.machine.file(PLACES.enclosed, "signed");
    assert.deepEqual(await made.ask(WRITE), { id: 8, refused: "failed" });
    assert.equal(unmounts, 2);
    assert.equal(made.isIn(), false);
  }
});

test("a kind that is not known, no name, or nothing enclosed is not written", async (t) => {
  for (const [wish, enclosed] of [
    [{ ...WRITE, name: "autorun.inf" }, "x"],
    [{ id: 8, act: "write" }, "x"],
    [WRITE, undefined],
    [WRITE, new Uint8Array(LIMITS.stickFileBytes + 1)],
  ] as const) {
    const { ask, files, machine, isIn } = bench(t);
    if (enclosed !== undefined) machine.file(PLACES.enclosed, enclosed);
    assert.deepEqual(await ask(wish), { id: 8, refused: "failed" });
    assert.deepEqual(readdirSync(files), []);
    assert.equal(isIn(), false);
  }
});

// ---------------------------------------------------------------- hostile wishes

test("a wish that is none is taken away, touches nothing and is not answered", async (t) => {
  for (const wish of [
    "",
    "{",
    "[]",
    '{"id":0,"act":"look"}',
    '{"id":7,"act":"mount"}',
    '{"id":7,"act":"write","name":"../x"}',
    `{"id":7,"act":"look","name":"${"x".repeat(2000)}"}`,
  ]) {
    const { ask, machine } = bench(t);
    assert.equal(await ask(wish), undefined, wish);
    assert.deepEqual(machine.puts, []);
    assert.equal(machine.text(PLACES.wish), undefined);
  }
});

test("root is not led by a link, a folder or a second name to read another's file", async (t) => {
  const { machine, ask } = bench(t);
  machine.file("/etc/secret", "secret");
  symlinkSync(machine.at("/etc/secret"), machine.at(PLACES.enclosed));
  assert.deepEqual(await ask(WRITE), { id: 8, refused: "failed" });
  machine.gone(PLACES.enclosed);
  machine.folder(PLACES.enclosed);
  assert.deepEqual(await ask({ ...WRITE, id: 9 }), { id: 9, refused: "failed" });
  machine.gone(PLACES.wish);
  machine.folder(PLACES.wish);
  await serve(machine, { folder: "", begin: never, mount: never, unmount: never });
  assert.equal(machine.names(PLACES.wish), undefined, "a folder in the wish's place goes as well");
});
const never = () => Promise.reject(new Breach("nothing is to be mounted"));
