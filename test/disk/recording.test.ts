import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { type DiskState, load, recordingDisk, spill } from "../../device/sim/recording.ts";
import { utf8 } from "../../src/text.ts";

const plain = (state: DiskState) =>
  JSON.stringify([...state].map(([name, bytes]) => [name, Buffer.from(bytes).toString()]).sort());
const all = (states: DiskState[]) => states.map(plain).sort();
const one = (blobs: Record<string, string>) =>
  plain(new Map(Object.entries(blobs).map(([n, t]) => [n, utf8(t)])));

test("without a sync a new file may be gone, empty, or hold any prefix", async () => {
  const disk = recordingDisk();
  await disk.write("a", utf8("abcd"));
  assert.deepEqual(
    all(disk.states()),
    [
      one({}),
      one({ a: "" }),
      one({ a: "a" }),
      one({ a: "ab" }),
      one({ a: "abc" }),
      one({ a: "abcd" }),
    ].sort(),
  );
});

test("a synced file keeps its bytes, but its name only with the folder", async () => {
  const disk = recordingDisk();
  await disk.write("a", utf8("abcd"));
  await disk.sync("a");
  assert.deepEqual(all(disk.states()), [one({}), one({ a: "abcd" })].sort());
  await disk.syncFolder();
  assert.deepEqual(all(disk.states()), [one({ a: "abcd" })]);
});

test("a rename before its file was synced can leave the file of length zero that such disks are known for", async () => {
  const disk = recordingDisk(new Map([["a", utf8("old")]]));
  await disk.write("b", utf8("new"));
  await disk.rename("b", "a");
  assert.ok(all(disk.states()).includes(one({ a: "" })));
});

test("any subset of renames and removals may have reached the disk", async () => {
  const disk = recordingDisk(
    new Map([
      ["a", utf8("1")],
      ["b", utf8("2")],
      ["c", utf8("3")],
    ]),
  );
  await disk.rename("a", "d");
  await disk.remove("b");
  assert.deepEqual(
    all(disk.states()),
    [
      one({ a: "1", b: "2", c: "3" }),
      one({ b: "2", c: "3", d: "1" }),
      one({ a: "1", c: "3" }),
      one({ c: "3", d: "1" }),
    ].sort(),
  );
});

test("an unsynced truncation may or may not have happened", async () => {
  const disk = recordingDisk(new Map([["a", utf8("abcdef")]]));
  await disk.truncate("a", 2);
  assert.deepEqual(all(disk.states()), [one({ a: "ab" }), one({ a: "abcdef" })].sort());
});

test("the operation at which power goes is done but never answers, and nothing after it happens", async () => {
  const disk = recordingDisk();
  let answered = 0;
  const off = disk.cutAfter(2);
  const work = async () => {
    await disk.write("a", utf8("1"));
    answered++;
    await disk.read("a");
    answered++;
    await disk.sync("a");
    answered++;
  };
  void work();
  await off;
  void disk.write("b", utf8("2")).then(() => answered++);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(answered, 2);
  assert.deepEqual([...disk.present().keys()], ["a"]);
});

test("the number of states is bounded however much was left unsynced", async () => {
  const disk = recordingDisk();
  for (let i = 0; i < 40; i++) await disk.append(`f${i % 20}`, utf8("line"));
  assert.equal(disk.states(500).length, 500);
});

test("a state goes to a real folder and comes back the same", async () => {
  const folder = await mkdtemp(join(tmpdir(), "firn-disk-"));
  try {
    const first = new Map([
      ["home", utf8("h")],
      ["home.new", utf8("half")],
      ["journal-00000001", utf8("j")],
    ]);
    await spill(first, folder);
    assert.equal(plain(await load(folder)), plain(first));
    const second = new Map([
      ["home", utf8("other")],
      ["journal-00000001", utf8("j")],
    ]);
    await spill(second, folder);
    assert.equal(plain(await load(folder)), plain(second));
  } finally {
    await rm(folder, { recursive: true });
  }
});
