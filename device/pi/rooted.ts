// Files that root left for Firn: taken only where they are root's alone to write, whole, and as their schema says.

import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { decodeLine } from "../wire/channel.ts";
import { Breach, type Reader } from "../wire/schema.ts";

const { O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;
/** Its number, as files name their owner. */
export const ROOT = 0;
const WRITABLE_BY_OTHERS = 0o022;

/**
 * Undefined where there is no such file. Throws Breach, which says what is wrong with it. `owner`: another than root,
 * for tests.
 */
export function readRooted<T>(
  path: string,
  read: Reader<T>,
  mostBytes: number,
  owner: number = ROOT,
): T | undefined {
  const bytes = bytesOf(path, mostBytes, owner);
  return bytes && decodeLine(bytes, read, { lineBytes: mostBytes, bulkBytes: mostBytes });
}

function bytesOf(path: string, mostBytes: number, owner: number): Uint8Array | undefined {
  const fd = opened(path);
  if (fd === undefined) return undefined;
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile() || stat.uid !== owner || (stat.mode & WRITABLE_BY_OTHERS) !== 0)
      throw new Breach("not a file that root alone writes");
    if (stat.size > mostBytes) throw new Breach("too large");
    const bytes = new Uint8Array(stat.size);
    if (readSync(fd, bytes, 0, bytes.length, 0) !== bytes.length) throw new Breach("became shorter");
    return bytes;
  } finally {
    closeSync(fd);
  }
}

function opened(path: string): number | undefined {
  try {
    return openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (problem) {
    const { code } = problem as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    throw new Breach(code ?? "cannot be opened");
  }
}
