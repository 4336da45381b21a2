// A folder that stands for a stick, and what may lie on one that somebody else has filled.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { folderStick } from "../../device/stick/folder.ts";
import { LIMITS } from "../../src/limits.ts";
import { refusesWith } from "../keys/make.ts";

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), "firn-stick-"));
  t.after(() => {
    chmodSync(path, 0o700);
    rmSync(path, { recursive: true });
  });
  return path;
}

const BYTES = Uint8Array.from({ length: 5000 }, (_, i) => (i * 7) & 255);

test("what is written is there whole, under its name and no other, for its owner alone", async (t) => {
  const at = folder(t);
  const stick = folderStick(at);
  assert.deepEqual(await stick.names(), []);
  await stick.write("firn-0123abcd-20261122.backup", BYTES);
  assert.deepEqual(readdirSync(at), ["firn-0123abcd-20261122.backup"]);
  assert.deepEqual(await stick.names(), ["firn-0123abcd-20261122.backup"]);
  assert.deepEqual(await stick.read("firn-0123abcd-20261122.backup", 5000), BYTES);
  assert.equal(await stick.read("another", 5000), undefined);
});

test("what is written is synced, and then its name is", async (t) => {
  const at = folder(t);
  const some = await open(at);
  const done: string[] = [];
  const files = Object.getPrototypeOf(some) as { sync(): Promise<void> };
  t.mock.method(files, "sync", async () => {
    done.push(readdirSync(at).join());
  });
  await some.close();
  await folderStick(at).write("a", BYTES);
  assert.deepEqual(done, [".a.new", "a"]);
});

test("nothing is ever replaced: not a file, not a folder, not a link that leads nowhere", async (t) => {
  const at = folder(t);
  const stick = folderStick(at);
  writeFileSync(join(at, "file"), "mine");
  mkdirSync(join(at, "folder"));
  symlinkSync("/nowhere", join(at, "link"));
  for (const name of ["file", "folder", "link"])
    await assert.rejects(stick.write(name, BYTES), refusesWith("stick.exists"), name);
  assert.equal(readFileSync(join(at, "file"), "utf8"), "mine");
  assert.deepEqual(readdirSync(at).sort(), ["file", "folder", "link"]);
});

test("names that lead elsewhere are a bug of the caller's, and reach no file", async (t) => {
  const at = join(folder(t), "stick");
  mkdirSync(at);
  writeFileSync(join(at, "..", "beside"), "not on the stick");
  const stick = folderStick(at);
  for (const name of [
    "",
    ".",
    "..",
    "../beside",
    "a/b",
    "/etc/passwd",
    ".hidden",
    "a b",
    "a\0",
    "x".repeat(65),
  ]) {
    await assert.rejects(stick.read(name, 100), /no name/, name);
    await assert.rejects(stick.write(name, BYTES), /no name/, name);
  }
  assert.deepEqual(readdirSync(at), []);
});

test("links, folders and pipes are neither listed nor read, and hang nothing", async (t) => {
  const at = folder(t);
  const stick = folderStick(at);
  writeFileSync(join(at, "real"), "real");
  symlinkSync(join(at, "real"), join(at, "link"));
  mkdirSync(join(at, "folder"));
  execFileSync("mkfifo", [join(at, "pipe")]);
  writeFileSync(join(at, "a name with spaces"), "");
  assert.deepEqual(await stick.names(), ["real"]);
  for (const name of ["link", "folder", "pipe"])
    await assert.rejects(stick.read(name, 100), refusesWith("stick.unreadable"), name);
});

test("a file larger than what is asked for, or than any file of Firn's, is not read", async (t) => {
  const at = folder(t);
  const stick = folderStick(at);
  await stick.write("five", BYTES);
  await assert.rejects(stick.read("five", 4999), refusesWith("stick.too-large"));
  writeFileSync(join(at, "huge"), "");
  truncateSync(join(at, "huge"), 2 ** 40);
  await assert.rejects(stick.read("huge", Number.MAX_SAFE_INTEGER), refusesWith("stick.too-large"));
  await assert.rejects(stick.write("more", new Uint8Array(LIMITS.stickFileBytes + 1)), /too large/);
});

test("a stick that is not there, cannot be read or cannot be written is said so, and leaves nothing half done", async (t) => {
  const at = folder(t);
  const gone = folderStick(join(at, "gone"));
  await assert.rejects(gone.names(), refusesWith("stick.unreadable"));
  await assert.rejects(gone.write("a", BYTES), refusesWith("stick.failed"));
  assert.equal(await gone.read("a", 10), undefined);
  // A folder in the way of what is written beside: nobody can be root enough to write there.
  mkdirSync(join(at, ".a.new", "full"), { recursive: true });
  await assert.rejects(folderStick(at).write("a", BYTES), refusesWith("stick.failed"));
  assert.ok(!existsSync(join(at, "a")));
});

test("what a cut left beside is written over, and never followed where it is a link", async (t) => {
  const at = folder(t);
  writeFileSync(join(at, "victim"), "mine");
  writeFileSync(join(at, ".a.new"), "half");
  symlinkSync(join(at, "victim"), join(at, ".b.new"));
  linkSync(join(at, "victim"), join(at, ".c.new"));
  const stick = folderStick(at);
  for (const name of ["a", "b", "c"]) {
    await stick.write(name, BYTES);
    assert.deepEqual(await stick.read(name, 5000), BYTES);
  }
  assert.equal(readFileSync(join(at, "victim"), "utf8"), "mine");
  assert.deepEqual(readdirSync(at).sort(), ["a", "b", "c", "victim"]);
});

test("a stick with more files than anyone has is not looked through", async (t) => {
  const at = folder(t);
  for (let i = 0; i <= 4096; i++) writeFileSync(join(at, `f${i}`), "");
  await assert.rejects(folderStick(at).names(), refusesWith("stick.unreadable"));
});
