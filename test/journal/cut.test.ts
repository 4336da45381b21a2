import assert from "node:assert/strict";
import { test } from "node:test";
import { openStore } from "../../device/disk/store.ts";
import { recordingDisk } from "../../device/sim/recording.ts";
import { type Journal, openJournal } from "../../src/journal/index.ts";
import type { Store } from "../../src/ports.ts";
import { cutEverywhere, type Run } from "../disk/power.ts";
import { counting, KEY, SEED, STILL, setting, spent } from "./setting.ts";

const open = (store: Store) =>
  openJournal({ store, key: KEY, signing: SEED, random: counting(), clock: STILL });

/** Lines that somebody asked for: signatures come by themselves. */
async function promised(journal: Journal): Promise<number> {
  return (await journal.entries(1_000)).filter(({ kind }) => kind !== "attested").length;
}

/** A disk with this many lines, and what cutting four more of them may leave. */
async function runFrom(lines: number, tornBytes = 0): Promise<Run> {
  const { open: first, disk } = setting();
  const journal = await first();
  for (let i = 1; i <= lines; i++) await journal.append(spent(i));
  const state = new Map(disk.present());
  const last = [...state.keys()].filter((name) => name.startsWith("journal")).at(-1);
  if (last && tornBytes > 0)
    state.set(last, new Uint8Array([...state.get(last)!, ...state.get(last)!.slice(0, tornBytes)]));
  return {
    from: state,
    act: async (store, step) => {
      const appended = await open(store);
      for (let i = 1; i <= 4; i++) {
        await appended.append(spent(1_000 + i));
        step();
      }
    },
    check: async (left, steps) => {
      const store = openStore(recordingDisk(left));
      const read = await open(store);
      const count = await promised(read);
      assert.ok(
        count === lines + steps || count === lines + steps + 1,
        `${count} lines after ${lines} and ${steps}`,
      );
      await read.verify();
      await read.append(spent(5_000));
      const again = await open(store);
      assert.equal(await promised(again), count + 1);
      assert.equal(again.ledger().since(0).at(-1)!.txid, read.ledger().since(0).at(-1)!.txid);
    },
  };
}

const RUNS: [string, number, number][] = [
  ["an empty journal", 0, 0],
  ["a few lines", 3, 0],
  ["a line that an earlier cut tore", 3, 70],
  ["the renewal of the checkpoint", 62, 0],
  ["the beginning of a new segment", 254, 0],
];

for (const [what, lines, torn] of RUNS) {
  test(`power cut anywhere around ${what} loses no line that was promised and tears none`, async () => {
    const { wrong, states } = await cutEverywhere(await runFrom(lines, torn));
    assert.deepEqual(wrong, []);
    assert.ok(states > 20);
  });
}

test("a line that was promised is lost in some state if any one of its syncs is left out", async () => {
  const run = await runFrom(0);
  const { syncs } = await cutEverywhere(run);
  assert.equal(syncs, 5, "the name of the first line, and the bytes of four");
  for (let dropped = 0; dropped < syncs; dropped++)
    assert.notEqual((await cutEverywhere(run, dropped)).wrong.length, 0, `sync ${dropped}`);
});
