// Smaller parts of the builder: modules in order, accounts, the first archive, the hash tree's line, a pinned folder.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { test } from "node:test";
import { group, passwd, USERS } from "../../scripts/image/accounts.ts";
import { cpio } from "../../scripts/image/cpio.ts";
import { sha256 } from "../../scripts/image/manifest.ts";
import { loadOrder, readDependencies, readWishes } from "../../scripts/image/modules.ts";
import { checkPi, readSums } from "../../scripts/image/pi.ts";
import { addHashTree, verityTable } from "../../scripts/image/verity.ts";
import { isHere } from "../peers/peer.ts";

function inFolder(work: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), "firn-image-"));
  try {
    work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const KERNEL = {
  dependencies: readDependencies(
    [
      "kernel/a.ko.xz: kernel/b.ko.xz kernel/c-d.ko.xz",
      "kernel/b.ko.xz: kernel/c-d.ko.xz",
      "kernel/c-d.ko.xz:",
      "kernel/codec.ko.xz: kernel/c-d.ko.xz",
      "kernel/sum-generic.ko.xz:",
      "",
    ].join("\n"),
  ),
  builtin: new Set(["vfat"]),
  wishes: readWishes(
    "softdep a pre: codec\nsoftdep b pre: crypto-sum gone post: later\n",
    "alias crypto-sum sum_generic\nalias crypto-other other\n",
  ),
};

test("a module comes after all that it needs and wishes for, each once", () => {
  const order = loadOrder(["a", "c_d"], KERNEL);
  assert.deepEqual(order, [
    "kernel/c-d.ko.xz",
    "kernel/sum-generic.ko.xz",
    "kernel/b.ko.xz",
    "kernel/codec.ko.xz",
    "kernel/a.ko.xz",
  ]);
});

test("a module that is built in is no file, and one that is nowhere ends the build by its name", () => {
  assert.deepEqual(loadOrder(["vfat"], KERNEL), []);
  assert.throws(() => loadOrder(["genet"], KERNEL), /no module genet/);
});

test("nobody has a shell or a home, no number is two users', and every group is one that exists", () => {
  const users = passwd()
    .trim()
    .split("\n")
    .map((line) => line.split(":"));
  assert.equal(new Set(users.map((fields) => fields[2])).size, users.length);
  const groups = group()
    .trim()
    .split("\n")
    .map((line) => line.split(":"));
  assert.equal(new Set(groups.map((fields) => fields[2])).size, groups.length);
  assert.equal(new Set(groups.map((fields) => fields[0])).size, groups.length);
  for (const [, , , number, , home, shell] of users) {
    assert.deepEqual([home, shell], ["/", "/nonexistent"]);
    assert.ok(groups.some((fields) => fields[2] === number));
  }
  for (const { name, groups: further } of USERS)
    for (const one of further)
      assert.ok(
        groups
          .find((fields) => fields[0] === one)![3]!
          .split(",")
          .includes(name),
      );
});

const ENTRIES = [
  { kind: "file", path: "init", bytes: Buffer.from("#!\n"), executable: true },
  { kind: "file", path: "dev/empty", bytes: Buffer.alloc(0) },
  { kind: "folder", path: "dev" },
  { kind: "device", path: "dev/console", major: 5, minor: 1 },
  { kind: "link", path: "bin", to: "usr/bin" },
] as const;

test("the first archive is the same whatever the order of its list, folders before what is in them", () => {
  const archive = cpio(ENTRIES, 1_700_000_000);
  assert.ok(archive.equals(cpio([...ENTRIES].reverse(), 1_700_000_000)));
  assert.equal(archive.length % 512, 0);
  const names = [...archive.toString("latin1").matchAll(/070701[0-9a-f]{104}([^\0]+)\0/g)].map(
    (one) => one[1],
  );
  assert.deepEqual(names, ["bin", "dev", "dev/console", "dev/empty", "init", "TRAILER!!!"]);
});

test("cpio reads the first archive as it was meant", (t) => {
  if (!isHere(t, "cpio", spawnSync("cpio", ["--version"]).error === undefined)) return;
  const { stdout } = spawnSync("cpio", ["-itvn", "--quiet"], {
    input: cpio(ENTRIES, 0),
    env: { ...process.env, LC_ALL: "C", TZ: "UTC" },
    encoding: "utf8",
  });
  const lines = stdout
    .trim()
    .split("\n")
    .map((line) => line.split(/\s+/));
  const device = lines[2]!;
  assert.deepEqual([device[0], device.slice(4, 6).join("")], ["crw-------", "5,1"]);
  assert.deepEqual(
    lines.filter((fields) => fields !== device).map((fields) => `${fields[0]} ${fields.slice(8).join(" ")}`),
    ["lrwxrwxrwx bin -> usr/bin", "drwxr-xr-x dev", "-rw-r--r-- dev/empty", "-rwxr-xr-x init"],
  );
  assert.ok(lines.every((fields) => fields[2] === "0" && fields[3] === "0"));
});

test("the kernel's line says where the hash tree begins, and that a changed block stops the machine", () => {
  const line = verityTable(40960, "ab".repeat(32), "cd".repeat(32));
  assert.equal(
    line,
    `0 80 verity 1 DEVICE DEVICE 4096 4096 10 11 sha256 ${"ab".repeat(32)} ${"cd".repeat(32)} 1 panic_on_corruption`,
  );
});

test("a file with its hash tree is verified, and is not when one bit of it is another", (t) => {
  if (!isHere(t, "veritysetup", spawnSync("veritysetup", ["--version"]).error === undefined)) return;
  inFolder((folder) => {
    const file = join(folder, "root.img");
    writeFileSync(file, Buffer.alloc(100_000, "firn"));
    const { rootHash, table } = addHashTree(file);
    const offset = 102_400;
    assert.ok(table.startsWith(`0 ${offset / 512} verity`));
    const verify = () =>
      spawnSync("veritysetup", ["verify", `--hash-offset=${offset}`, file, file, rootHash]).status;
    assert.equal(verify(), 0);
    const bytes = readFileSync(file);
    bytes[50_000]! ^= 1;
    writeFileSync(file, bytes);
    assert.notEqual(verify(), 0);
  });
});

/** A folder with these files and a list of them. */
function pinnedFolder(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const sums = Object.entries(files).map(([path, text]) => `${sha256(text)}  ./${path}\n`);
  writeFileSync(join(folder, "SHA256SUMS"), sums.join(""));
}

const FILES = { "boot/kernel8.img": "kernel", "root/usr/bin/rpicam-vid": "program" };

test("a folder whose every file is listed with its hash is taken, by the hash of the list", () => {
  inFolder((folder) => {
    pinnedFolder(folder, FILES);
    assert.equal(checkPi(folder), sha256(readFileSync(join(folder, "SHA256SUMS"))));
  });
});

test("a file that was changed, added, taken away, or is a link is refused by its name", () => {
  const spoil: Readonly<Record<string, (folder: string) => void>> = {
    "kernel8.img is another": (folder) => writeFileSync(join(folder, "boot/kernel8.img"), "another"),
    "boot/added is not in": (folder) => writeFileSync(join(folder, "boot/added"), ""),
    "rpicam-vid is not there": (folder) => rmSync(join(folder, "root/usr/bin/rpicam-vid")),
    "link is not in": (folder) => symlinkSync("/etc/passwd", join(folder, "boot/link")),
    "kernel8.img is not a plain file": (folder) => {
      rmSync(join(folder, "boot/kernel8.img"));
      symlinkSync("/etc/hostname", join(folder, "boot/kernel8.img"));
    },
    "has no SHA256SUMS": (folder) => rmSync(join(folder, "SHA256SUMS")),
  };
  for (const [said, change] of Object.entries(spoil))
    inFolder((folder) => {
      pinnedFolder(folder, FILES);
      change(folder);
      assert.throws(() => checkPi(folder), new RegExp(said.replaceAll(".", "\\.")), said);
    });
});

test("a list that names something outside its folder is refused", () => {
  const hash = "0".repeat(64);
  for (const path of ["../x", "a/../../x", "/etc/passwd"])
    assert.throws(() => readSums(`${hash}  ${path}\n`), /no file below it/);
});

test("the first program of a start is one that a shell can read, with nothing left to be filled in but the devices", () => {
  const script = readFileSync(resolve(import.meta.dirname, "../../scripts/image/init.sh"), "utf8");
  execFileSync("sh", ["-n"], { input: script });
  assert.deepEqual([...new Set(script.match(/@\w+@/g))].sort(), ["@DATA@", "@ROOT@"]);
  const order = ["insmod", "dmsetup create root", "modules_disabled", "switch_root"].map((one) =>
    script.indexOf(one),
  );
  assert.ok(order.every((at, index) => at > 0 && (index === 0 || at > order[index - 1]!)));
});
