// The operations on a folder of real files: owner only, no links followed, sizes bounded before reading.

import { constants } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { open, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { LIMITS } from "../../src/limits.ts";
import { Refusal } from "../../src/refusal.ts";
import type { Operations } from "./operations.ts";
import { FILE_NAME } from "./operations.ts";

const { O_APPEND, O_CREAT, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_TRUNC, O_WRONLY } = constants;
const OWNER_ONLY = 0o600;
/** A pipe or a link under a blob's name neither hangs nor leads elsewhere. */
const PLAIN = O_NOFOLLOW | O_NONBLOCK;

/** Throws Refusal store.full, store.failed or store.unreadable; the folder must exist. */
export function fileOperations(folder: string): Operations {
  const at = (name: string) => {
    if (!FILE_NAME.test(name)) throw new Error(`no name for a file of the home: ${JSON.stringify(name)}`);
    return join(folder, name);
  };
  return {
    names: () => reading(async () => (await readdir(folder)).filter((name) => FILE_NAME.test(name)).sort()),
    read: (name) => reading(() => readWhole(at(name))),
    write: (name, bytes) =>
      writing(() => using(at(name), O_WRONLY | O_CREAT | O_TRUNC, (file) => file.writeFile(bytes))),
    append: (name, bytes) =>
      writing(() => using(at(name), O_WRONLY | O_CREAT | O_APPEND, (file) => file.writeFile(bytes))),
    truncate: (name, length) => writing(() => using(at(name), O_WRONLY, (file) => file.truncate(length))),
    sync: (name) => writing(() => using(at(name), O_WRONLY, (file) => file.sync())),
    rename: (from, to) => writing(() => rename(at(from), at(to))),
    syncFolder: () => writing(() => syncFolder(folder)),
    remove: (name) => writing(() => rm(at(name), { force: true })),
  };
}

/** Makes names in a folder durable. */
export function syncFolder(folder: string): Promise<void> {
  return using(folder, O_RDONLY | O_DIRECTORY, (handle) => handle.sync());
}

async function using<T>(path: string, flags: number, work: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path, flags | PLAIN, OWNER_ONLY);
  try {
    return await work(file);
  } finally {
    await file.close();
  }
}

async function readWhole(path: string): Promise<Uint8Array | undefined> {
  try {
    return await using(path, O_RDONLY, async (file) => {
      const stat = await file.stat();
      if (!stat.isFile()) throw new Refusal("store.unreadable", "something else stands in a file's place");
      if (stat.size > LIMITS.blobBytes)
        throw new Refusal("store.unreadable", "a file is larger than any of Firn's");
      return new Uint8Array(await file.readFile());
    });
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

const FULL = ["ENOSPC", "EDQUOT"];

/** What the system says no to is a Refusal by its code; anything without a code is a bug and stays one. */
async function writing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    throw new Refusal(FULL.includes(code) ? "store.full" : "store.failed", code);
  }
}

async function reading<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    throw new Refusal("store.unreadable", code);
  }
}

/** The system's name for an error ("ENOSPC"), never a path. */
function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && /^E[A-Z0-9]+$/.test(code) ? code : undefined;
}
