// The disk of a played session: a recording disk that outlives cuts, and now and then the home's real folder.

import type { Operations } from "../disk/operations.ts";
import { type DiskState, type RecordingDisk, recordingDisk } from "./recording.ts";

export interface PlayedDisk {
  readonly operations: Operations;
  /** Power goes right after the `operations`th next operation that changes or syncs something. */
  cutAfter(operations: number): void;
  /** Who is told that power goes. */
  onCut(take: () => void): void;
  /** Power has gone: from now on there is what the disk kept. */
  powerCut(): void;
  present(): DiskState;
  /** Operations so far, over all cuts, that changed or synced something. */
  count(): number;
}

/** Which of the states that a disk may be left in it is left in. */
export type Keeps = (disk: RecordingDisk) => DiskState;

/** Only what was synced is kept. */
export const harshest: Keeps = (disk) => disk.states(1)[0]!;

export function playedDisk(initial: DiskState, keeps: Keeps = harshest): PlayedDisk {
  let disk = recordingDisk(initial);
  let before = 0;
  let told: () => void = () => undefined;
  const operations: Operations = {
    names: () => disk.names(),
    read: (name) => disk.read(name),
    write: (name, bytes) => disk.write(name, bytes),
    append: (name, bytes) => disk.append(name, bytes),
    truncate: (name, length) => disk.truncate(name, length),
    sync: (name) => disk.sync(name),
    rename: (from, to) => disk.rename(from, to),
    syncFolder: () => disk.syncFolder(),
    remove: (name) => disk.remove(name),
  };
  return {
    operations,
    cutAfter(count) {
      const armed = disk;
      armed.cutAfter(count).then(() => {
        if (armed === disk) told();
      });
    },
    onCut(take) {
      told = take;
    },
    powerCut() {
      const dead = disk;
      dead.cut();
      before += dead.count();
      disk = recordingDisk(keeps(dead));
    },
    present: () => disk.present(),
    count: () => before + disk.count(),
  };
}
