// What a root step sees of the machine and does to it: the kernel's small files, below a folder that is / on a board.

import {
  closeSync,
  constants,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  renameSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";

export interface Machine {
  /** Where a path of the machine's really is. */
  at(path: string): string;
  /** Without the white space at its end. Undefined where there is no such file; throws where it cannot be read. */
  text(path: string): string | undefined;
  /** The same as bytes, no more than 64 KiB of them. */
  bytes(path: string): Uint8Array | undefined;
  /** Sorted. Undefined where there is no such folder; throws where it cannot be looked into. */
  names(path: string): readonly string[] | undefined;
  /** Where a link leads, as a path of the machine's. Undefined where it leads nowhere. */
  real(path: string): string | undefined;
  /** One write to a file that is there. Throws what the kernel says. */
  put(path: string, text: string): void;
}

const MOST_BYTES = 64 * 1024;
const { O_NOCTTY, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants;

export function machineAt(root: string): Machine {
  const at = (path: string) => join(root, path);
  const bytes = (path: string) => ifThere(() => readBounded(at(path)));
  return {
    at,
    bytes,
    text(path) {
      const found = bytes(path);
      return found && new TextDecoder().decode(found).trimEnd();
    },
    names: (path) => ifThere(() => readdirSync(at(path)).sort()),
    real: (path) => ifThere(() => realpathSync(at(path)).slice(root === "/" ? 0 : realpathSync(root).length)),
    put: (path, text) => putOnce(at(path), text),
  };
}

/** A board's own. */
export const MACHINE: Machine = machineAt("/");

/** For those to read that the unit's mask leaves: written beside and renamed, so that it is whole at any moment. */
export function leave(machine: Machine, path: string, value: unknown): void {
  const beside = machine.at(`${path}.${process.pid}`);
  writeFileSync(beside, JSON.stringify(value), { mode: 0o644 });
  renameSync(beside, machine.at(path));
}

/** What the system calls an error, or the error's own words. */
export function causeOf(problem: unknown): string {
  const { code, message } = problem as NodeJS.ErrnoException;
  return code ?? message;
}

function ifThere<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (problem) {
    const code = causeOf(problem);
    if (code === "ENOENT" || code === "ENODEV" || code === "ENOTDIR") return undefined;
    throw problem;
  }
}

/** Files of the kernel's have no size that could be asked for. */
function readBounded(path: string): Uint8Array {
  const fd = openSync(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
  try {
    const bytes = new Uint8Array(MOST_BYTES);
    let length = 0;
    for (let read = -1; read !== 0 && length < MOST_BYTES; length += read)
      read = readSync(fd, bytes, length, MOST_BYTES - length, null);
    return bytes.slice(0, length);
  } finally {
    closeSync(fd);
  }
}

function putOnce(path: string, text: string): void {
  const fd = openSync(path, O_WRONLY | O_NOCTTY);
  try {
    writeSync(fd, text);
  } finally {
    closeSync(fd);
  }
}
