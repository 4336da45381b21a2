import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { DiskState } from "../../device/sim/recording.ts";
import { openJournal } from "../../src/journal/index.ts";
import { Refusal } from "../../src/refusal.ts";
import { copy, counting, KEY, SEED, STILL, setting, spent } from "./setting.ts";

const FIRST = "journal-00000001";
const LINES = 12;
let whole: DiskState;
/** Where each line begins in the first segment, and where the last ends. */
let starts: number[];

before(async () => {
  const { open, disk } = setting();
  const journal = await open();
  starts = [0];
  for (let i = 1; i <= LINES; i++) {
    await journal.append(spent(i));
    starts.push(disk.present().get(FIRST)!.length);
  }
  whole = disk.present();
});

function spoiled(change: (bytes: Uint8Array) => Uint8Array): Map<string, Uint8Array> {
  const state = copy(whole);
  state.set(FIRST, change(state.get(FIRST)!));
  return state;
}

const line = (bytes: Uint8Array, n: number) => bytes.slice(starts[n - 1], starts[n]);
const joined = (...parts: Uint8Array[]) => new Uint8Array(Buffer.concat(parts));
const lines = (bytes: Uint8Array, order: number[]) => joined(...order.map((n) => line(bytes, n)));
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

test("any byte changed is named by its line, and nothing is overwritten", async () => {
  const length = whole.get(FIRST)!.length;
  for (let at = 0; at < length; at++)
    for (const bit of [1, 0x80]) {
      const state = spoiled((bytes) => bytes.map((byte, i) => (i === at ? byte ^ bit : byte)));
      const { open, disk } = setting(state);
      const expected = starts.findIndex((start) => start > at);
      await assert.rejects(open(), { reason: "journal.damaged", detail: `line ${expected}` }, `byte ${at}`);
      assert.equal(disk.count(), 0);
    }
});

test("a line dropped, doubled, swapped, added or taken from another journal is named", async () => {
  const other = setting(new Map(), KEY.slice().reverse());
  await (await other.open()).append(spent(1));
  const foreign = other.disk.present().get(FIRST)!;
  const cases: [string, (bytes: Uint8Array) => Uint8Array, number][] = [
    ["dropped", (bytes) => lines(bytes, [1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12]), 4],
    ["first dropped", (bytes) => lines(bytes, upTo(LINES).slice(1)), 1],
    ["doubled", (bytes) => lines(bytes, [1, 2, 2, 3, 4, 5]), 3],
    ["swapped", (bytes) => lines(bytes, [1, 2, 4, 3, 5]), 3],
    ["added at the end", (bytes) => joined(bytes, line(bytes, 3)), 13],
    ["foreign", (bytes) => joined(bytes, foreign), 13],
    ["bytes between", (bytes) => joined(lines(bytes, [1, 2]), new Uint8Array(9), lines(bytes, [3, 4])), 3],
    ["another file", () => new Uint8Array(Buffer.from("%PDF-1.7 something else altogether")), 1],
  ];
  for (const [what, change, at] of cases)
    await assert.rejects(
      setting(spoiled(change)).open(),
      { reason: "journal.damaged", detail: `line ${at}` },
      what,
    );
});

test("a line of the same number from another branch of the same device is named: it does not follow", async () => {
  const branch = setting(spoiled((bytes) => lines(bytes, upTo(5))));
  await (await branch.open()).append(spent(77));
  await (await branch.open()).append(spent(78));
  const mixed = joined(lines(whole.get(FIRST)!, upTo(6)), branch.disk.present().get(FIRST)!.slice(starts[6]));
  await assert.rejects(setting(new Map([[FIRST, mixed]])).open(), {
    reason: "journal.damaged",
    detail: "line 7",
  });
});

test("a journal cut short inside its last line opens with the lines before, and goes on from there", async () => {
  for (const left of [starts[11]! + 1, starts[11]! + 8, starts[12]! - 1]) {
    const { open, disk } = setting(spoiled((bytes) => bytes.slice(0, left)));
    const journal = await open();
    assert.equal(journal.head().count, 11);
    assert.equal(disk.count(), 0, "opening alone changes nothing");
    await journal.append(spent(50));
    const again = await setting(disk.present()).open();
    assert.deepEqual([again.head(), again.ledger().since(0).length], [journal.head(), 12]);
    await again.verify();
  }
});

test("a journal shorter than the home remembers is named, also when it is gone altogether", async () => {
  const full = await setting(whole).open();
  const anchor = full.head();
  for (const kept of [0, 1, 11])
    await assert.rejects(setting(spoiled((bytes) => lines(bytes, upTo(kept)))).open(anchor), {
      reason: "journal.truncated",
    });
  await assert.rejects(setting(spoiled((bytes) => bytes.slice(0, -1))).open(anchor), {
    reason: "journal.truncated",
  });
  await assert.rejects(setting().open(anchor), { reason: "journal.truncated" });
  assert.equal((await setting(whole).open(anchor)).head().count, LINES);
});

test("another branch of the same length, or longer, is not the journal that the home remembers", async () => {
  const anchor = (await setting(whole).open()).head();
  const branch = setting(spoiled((bytes) => lines(bytes, upTo(5))));
  const journal = await branch.open();
  for (let i = 6; i <= LINES; i++) await journal.append(spent(i + 100));
  await assert.rejects(setting(branch.disk.present()).open(anchor), { reason: "journal.foreign" });
  for (let i = 0; i < 100; i++) await journal.append(spent(i + 200));
  assert.ok(branch.disk.present().has("checkpoint"));
  await assert.rejects(setting(branch.disk.present()).open(anchor), { reason: "journal.foreign" });
});

async function long() {
  const { open, disk } = setting();
  const journal = await open();
  // Signatures come by themselves.
  while (journal.head().count < 600) await journal.append(spent(journal.head().count));
  return disk.present();
}

test("a segment that is missing, misplaced, torn in the middle or older than the checkpoint is named", async () => {
  const state = await long();
  assert.deepEqual([...state.keys()].sort(), ["checkpoint", FIRST, "journal-00000257", "journal-00000513"]);
  const spoil = async (change: (state: Map<string, Uint8Array>) => void) => {
    const changed = copy(state);
    change(changed);
    return setting(changed).open();
  };
  const drop =
    (...names: string[]) =>
    (from: Map<string, Uint8Array>) => {
      for (const name of names) from.delete(name);
    };
  const cases: [string, (from: Map<string, Uint8Array>) => void, string, string][] = [
    ["the last gone", drop("journal-00000513"), "journal.truncated", "line 576 is missing"],
    ["the middle gone", drop("checkpoint", "journal-00000257"), "journal.damaged", "line 257"],
    ["the first gone", drop("checkpoint", FIRST), "journal.damaged", "line 1"],
    [
      "the last emptied",
      (from) => from.set("journal-00000513", new Uint8Array()),
      "journal.truncated",
      "line 576 is missing",
    ],
    [
      "the first torn",
      (from) => from.delete("checkpoint") && from.set(FIRST, from.get(FIRST)!.slice(0, -1)),
      "journal.damaged",
      "line 256",
    ],
    ["one too many", (from) => from.set("journal-00000700", new Uint8Array()), "journal.damaged", "line 601"],
  ];
  for (const [what, change, reason, detail] of cases)
    await assert.rejects(spoil(change), { reason, detail }, what);
});

test("damage before the checkpoint does not slow the start, and is named when the whole chain is read", async () => {
  const state = copy(await long());
  state.get("journal-00000257")![100]! ^= 1;
  const journal = await setting(state).open();
  assert.equal(journal.head().count, 600);
  await assert.rejects(journal.verify(), { reason: "journal.damaged", detail: "line 257" });
});

test("a journal that shrinks or changes under a running device is named when it is read whole", async () => {
  const { open, disk, store } = setting(whole);
  const journal = await open();
  await store.truncate(FIRST, starts[8]!);
  await assert.rejects(journal.verify(), { reason: "journal.truncated" });
  await assert.rejects(journal.entries(), { reason: "journal.damaged", detail: "line 9" });
  assert.ok(disk.present().has(FIRST));
});

test("any bytes at all in place of the journal and its checkpoint give a journal or a refusal by name", async () => {
  let seed = 1;
  const byte = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed >>> 16;
  };
  for (let run = 0; run < 400; run++) {
    const noise = (length: number) => Uint8Array.from({ length }, byte);
    const start = lines(whole.get(FIRST)!, upTo(run % 3));
    const state = new Map([
      [FIRST, joined(start, noise(byte() % 200))],
      ["checkpoint", noise(byte() % 100)],
    ]);
    const { store } = setting(state);
    const parts = { store, key: KEY, signing: SEED, random: counting(), clock: STILL };
    await openJournal(parts).then(
      (journal) => assert.ok(journal.head().count <= run % 3),
      (error) => assert.ok(error instanceof Refusal && error.reason === "journal.damaged", String(error)),
    );
  }
});
