// A disk in memory that is honest about power: it knows what was synced, what was not, and every state that a
// real disk could be left in now. One object is one time of power: after a cut, a new one is made from a state.
//   A file's content: what was synced, then any number of the writes since, the last of them by any prefix.
//   A folder's names: what was synced, then any subset of the creations, renames and removals since.

import type { Operations } from "../disk/operations.ts";
import { contents, type FileChange, now } from "./recording-file.ts";

export { load, spill } from "./recording-folder.ts";

/** File name → content. */
export type DiskState = ReadonlyMap<string, Uint8Array>;

export interface RecordingDisk extends Operations {
  /** What a process sees now, written back or not. */
  present(): DiskState;
  /** Every different state that a cut now could leave, at most `most` (then the rest is left out). */
  states(most?: number): DiskState[];
  /** Power goes now: nothing is done any more, and no operation ever answers again. */
  cut(): void;
  /**
   * Power goes right after the `operations`th next operation that changes or syncs something (reading does not
   * count). Resolves then; that operation and later ones never answer.
   */
  cutAfter(operations: number): Promise<void>;
  /** Operations so far that changed or synced something. */
  count(): number;
}

interface File {
  synced: Uint8Array;
  pending: FileChange[];
}
/** undefined: the name is gone. */
interface NameChange {
  readonly set: readonly (readonly [name: string, file: File | undefined])[];
}

const MOST_STATES = 4096;
/** Of more changes to the names than this since the folder was synced, the first are taken as done. */
const MOST_SUBSET = 10;

export function recordingDisk(initial: DiskState = new Map()): RecordingDisk {
  return new Recording(initial);
}

class Recording implements RecordingDisk {
  readonly #synced = new Map<string, File>();
  #pending: NameChange[] = [];
  #count = 0;
  #cutAt = Number.POSITIVE_INFINITY;
  #onCut: () => void = () => {};

  constructor(initial: DiskState) {
    for (const [name, bytes] of initial) this.#synced.set(name, { synced: bytes.slice(), pending: [] });
  }

  names(): Promise<string[]> {
    return this.#look(() => [...this.#names().keys()].sort());
  }

  read(name: string): Promise<Uint8Array | undefined> {
    return this.#look(() => {
      const file = this.#names().get(name);
      return file && now(file.synced, file.pending);
    });
  }

  write(name: string, bytes: Uint8Array): Promise<void> {
    return this.#change(() => this.#made(name).pending.push({ kind: "write", bytes: bytes.slice() }));
  }

  append(name: string, bytes: Uint8Array): Promise<void> {
    return this.#change(() => this.#made(name).pending.push({ kind: "append", bytes: bytes.slice() }));
  }

  truncate(name: string, length: number): Promise<void> {
    return this.#change(() => this.#known(name).pending.push({ kind: "truncate", length }));
  }

  sync(name: string): Promise<void> {
    return this.#change(() => {
      const file = this.#known(name);
      file.synced = now(file.synced, file.pending);
      file.pending = [];
    });
  }

  rename(from: string, to: string): Promise<void> {
    return this.#change(() =>
      this.#pending.push({
        set: [
          [to, this.#known(from)],
          [from, undefined],
        ],
      }),
    );
  }

  syncFolder(): Promise<void> {
    return this.#change(() => {
      for (const change of this.#pending) apply(this.#synced, change);
      this.#pending = [];
    });
  }

  remove(name: string): Promise<void> {
    return this.#change(() => {
      if (this.#names().has(name)) this.#pending.push({ set: [[name, undefined]] });
    });
  }

  present(): DiskState {
    return new Map([...this.#names()].map(([name, file]) => [name, now(file.synced, file.pending)]));
  }

  states(most = MOST_STATES): DiskState[] {
    const found = new Map<string, DiskState>();
    for (const names of this.#namings()) {
      for (const state of contentsOf([...names])) {
        if (found.size >= most) return [...found.values()];
        found.set(keyOf(state), state);
      }
    }
    return [...found.values()];
  }

  cut(): void {
    this.#cutAt = this.#count;
    this.#onCut();
  }

  cutAfter(operations: number): Promise<void> {
    return new Promise((resolve) => {
      this.#cutAt = this.#count + operations;
      this.#onCut = resolve;
      if (operations <= 0) this.cut();
    });
  }

  count(): number {
    return this.#count;
  }

  /** Names as they would stand after each subset of the changes since the folder was synced. */
  *#namings(): Generator<ReadonlyMap<string, File>> {
    const done = Math.max(0, this.#pending.length - MOST_SUBSET);
    for (let subset = 0; subset < 2 ** (this.#pending.length - done); subset++) {
      const names = new Map(this.#synced);
      for (const [i, change] of this.#pending.entries())
        if (i < done || subset & (1 << (i - done))) apply(names, change);
      yield names;
    }
  }

  #names(): Map<string, File> {
    const names = new Map(this.#synced);
    for (const change of this.#pending) apply(names, change);
    return names;
  }

  #known(name: string): File {
    const file = this.#names().get(name);
    if (file === undefined) throw new Error(`no such file: ${name}`);
    return file;
  }

  #made(name: string): File {
    const known = this.#names().get(name);
    if (known !== undefined) return known;
    const file: File = { synced: new Uint8Array(), pending: [] };
    this.#pending.push({ set: [[name, file]] });
    return file;
  }

  #look<T>(look: () => T): Promise<T> {
    if (this.#count >= this.#cutAt) return never();
    return Promise.resolve(look());
  }

  async #change(change: () => void): Promise<void> {
    if (this.#count >= this.#cutAt) return never();
    change();
    this.#count++;
    if (this.#count < this.#cutAt) return;
    this.#onCut();
    return never();
  }
}

/** What a process without power answers. */
function never(): Promise<never> {
  return new Promise(() => {});
}

function apply(names: Map<string, File>, change: NameChange): void {
  for (const [name, file] of change.set) {
    if (file === undefined) names.delete(name);
    else names.set(name, file);
  }
}

function* contentsOf(files: readonly (readonly [string, File])[]): Generator<Map<string, Uint8Array>> {
  const [first, ...rest] = files;
  if (first === undefined) {
    yield new Map();
    return;
  }
  const [name, file] = first;
  const possible = contents(file.synced, file.pending);
  for (const others of contentsOf(rest))
    for (const bytes of possible) yield new Map([[name, bytes], ...others]);
}

function keyOf(state: DiskState): string {
  return [...state]
    .map(([name, bytes]) => `${name} ${Buffer.from(bytes).toString("latin1")}`)
    .sort()
    .join("\n");
}
