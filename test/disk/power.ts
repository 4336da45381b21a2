// For tests: runs something on the recording disk, cuts power at every place, and looks at every state left.

import type { Operations } from "../../device/disk/operations.ts";
import { openStore } from "../../device/disk/store.ts";
import { type DiskState, type RecordingDisk, recordingDisk } from "../../device/sim/recording.ts";
import type { Store } from "../../src/ports.ts";

/** A disk whose `index`th sync (of a file or the folder) does nothing; `syncs` counts all. */
export function withoutSync(
  disk: RecordingDisk,
  index: number,
): { operations: Operations; syncs: () => number } {
  let seen = 0;
  const skip = () => seen++ === index;
  const operations: Operations = {
    names: () => disk.names(),
    read: (name) => disk.read(name),
    write: (name, bytes) => disk.write(name, bytes),
    append: (name, bytes) => disk.append(name, bytes),
    truncate: (name, length) => disk.truncate(name, length),
    sync: (name) => (skip() ? Promise.resolve() : disk.sync(name)),
    rename: (from, to) => disk.rename(from, to),
    syncFolder: () => (skip() ? Promise.resolve() : disk.syncFolder()),
    remove: (name) => disk.remove(name),
  };
  return { operations, syncs: () => seen };
}

export interface Run {
  /** The state of the disk before. */
  readonly from: DiskState;
  /** What is done; calls `step` after each promise of the contract has resolved. */
  readonly act: (store: Store, step: () => void) => Promise<void>;
  /** Throws where a state breaks the contract, given how many steps had resolved. */
  readonly check: (state: DiskState, steps: number) => Promise<void>;
}

/** Cuts after every operation, and once after all of them; returns what went wrong, and how many syncs there were. */
export async function cutEverywhere(
  run: Run,
  droppedSync = -1,
): Promise<{ wrong: unknown[]; syncs: number; states: number }> {
  const wrong: unknown[] = [];
  let states = 0;
  for (let cut = 0; ; cut++) {
    const disk = recordingDisk(run.from);
    const { operations, syncs } = withoutSync(disk, droppedSync);
    const off = disk.cutAfter(cut).then(() => "cut" as const);
    let steps = 0;
    const done = run.act(openStore(operations), () => steps++).then(() => "done" as const);
    const end = await Promise.race([done, off]);
    for (const state of disk.states()) {
      states++;
      await run.check(state, steps).catch((error) => wrong.push(error));
    }
    if (end === "done") return { wrong, syncs: syncs(), states };
  }
}
