import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmod,
  mkdir,
  mkdtemp,
  open,
  readdir,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { claimHome, openHome } from "../../device/disk/home.ts";
import { LIMITS } from "../../src/limits.ts";
import { utf8 } from "../../src/text.ts";

const root = await mkdtemp(join(tmpdir(), "firn-home-"));
after(() => rm(root, { recursive: true, force: true }));
const folder = (name: string) => join(root, name, ".firn");

test("a home is made for its owner alone, and blobs come back as they were written", async () => {
  const { store, release } = await openHome(folder("fresh"));
  await store.replace("home", utf8("one"));
  await store.replace("home", utf8("two"));
  await store.append("journal-00000001", utf8("a"));
  await store.append("journal-00000001", utf8("b"));
  await store.truncate("journal-00000001", 1);
  assert.equal(Buffer.from((await store.read("home"))!).toString(), "two");
  assert.equal(Buffer.from((await store.read("journal-00000001"))!).toString(), "a");
  assert.equal(await store.read("tries"), undefined);
  assert.deepEqual(await store.names(), ["home", "journal-00000001"]);
  assert.equal((await stat(folder("fresh"))).mode & 0o777, 0o700);
  for (const name of await readdir(folder("fresh")))
    assert.equal((await stat(join(folder("fresh"), name))).mode & 0o777, 0o600, name);
  await release();
  assert.deepEqual(await readdir(folder("fresh")), ["home", "journal-00000001"]);
});

test("each sync that is asked for is the system's own, on the very file or folder, new folders' names included", async () => {
  const handle = await open(root);
  const prototype = Object.getPrototypeOf(handle) as typeof handle;
  await handle.close();
  const { sync } = prototype;
  const synced: number[] = [];
  prototype.sync = async function (this: typeof handle) {
    synced.push((await this.stat()).ino);
    return sync.call(this);
  };
  try {
    const ino = async (path: string) => (await stat(path)).ino;
    const home = folder("synced");
    const { store, release } = await openHome(home);
    assert.deepEqual(synced.splice(0), [await ino(root), await ino(join(root, "synced"))]);
    await store.replace("home", utf8("one"));
    assert.deepEqual(synced.splice(0), [await ino(join(home, "home")), await ino(home)]);
    await store.append("journal-00000001", utf8("ab"));
    assert.deepEqual(synced.splice(0), [await ino(join(home, "journal-00000001")), await ino(home)]);
    await store.truncate("journal-00000001", 1);
    assert.deepEqual(synced.splice(0), [await ino(join(home, "journal-00000001"))]);
    await release();
  } finally {
    prototype.sync = sync;
  }
});

test("a second process on the same home is told so, and the first keeps working", async () => {
  const home = folder("shared");
  const script = `import { claimHome } from ${JSON.stringify(new URL("../../device/disk/home.ts", import.meta.url).href)};
    try { await claimHome(process.argv[1]); console.log("in"); } catch (error) { console.log(error.reason); }`;
  const second = async () => {
    const child = spawn(process.execPath, ["--input-type=module", "-e", script, home]);
    let out = "";
    child.stdout.on("data", (chunk) => (out += chunk));
    await once(child, "close");
    return out.trim();
  };
  const { store, release } = await openHome(home);
  assert.equal(await second(), "store.in-use");
  await store.replace("home", utf8("still mine"));
  await release();
  assert.equal(await second(), "in");
});

test("claims of processes that are gone, of another boot or of another process with the same number count for nothing", async () => {
  const home = folder("stale");
  const release = await claimHome(home);
  const [mine] = (await readdir(home)) as [string];
  await release();
  const [, pid, start, boot] = /^\.claim-(\d+)-(\w+)-(\w+)$/.exec(mine)!;
  const parent = process.ppid;
  for (const name of [
    `.claim-4194999-1-${boot}`,
    `.claim-${pid}-${start}-otherone`,
    `.claim-${parent}-1-${boot}`,
  ])
    await writeFile(join(home, name), "");
  await (await claimHome(home))();
  assert.deepEqual(await readdir(home), []);
});

test("a link, a folder or a file of absurd size in a blob's place is named and neither followed nor read", async () => {
  const home = folder("odd");
  const { store, release } = await openHome(home);
  await writeFile(join(root, "elsewhere"), "secret of another");
  await symlink(join(root, "elsewhere"), join(home, "home"));
  await mkdir(join(home, "tries"));
  await writeFile(join(home, "checkpoint"), "");
  await truncate(join(home, "checkpoint"), LIMITS.blobBytes + 1);
  for (const name of ["home", "tries", "checkpoint"])
    await assert.rejects(store.read(name), { reason: "store.unreadable" });
  await assert.rejects(store.append("home", utf8("x")), { reason: "store.failed" });
  await release();
});

test("a medium that says no is a refusal with the system's word for it and no path", {
  skip: false,
}, async () => {
  const home = folder("refusing");
  const { store, release } = await openHome(home);
  await store.replace("home", utf8("old"));
  // A folder cannot be replaced by a file: the rename fails whoever runs this.
  await mkdir(join(home, "tries"));
  await assert.rejects(store.replace("tries", utf8("x")), (error: { reason: string; message: string }) => {
    assert.equal(error.reason, "store.failed");
    assert.ok(!error.message.includes(home));
    return true;
  });
  await chmod(home, 0o700);
  await release();
  await rm(home, { recursive: true });
  await assert.rejects(store.replace("home", utf8("x")), { reason: "store.failed" });
});
