// A stick as a folder, mounted or only standing for one: whole regular files with plain names, no links followed.

import { constants } from "node:fs";
import { type FileHandle, lstat, open, opendir, rename, unlink } from "node:fs/promises";
import { join } from "node:path";
import { equal } from "../../src/bytes.ts";
import { LIMITS } from "../../src/limits.ts";
import type { Stick } from "../../src/ports.ts";
import { type Reason, Refusal, refuse } from "../../src/refusal.ts";
import { syncFolder } from "../disk/files.ts";

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants;
/** A first character that is no dot: neither the folders above nor what is being written. */
export const STICK_NAME = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$/;
const OWNER_ONLY = 0o600;
/** A stick with more in its top folder is not looked through. */
const MOST_ENTRIES = 4096;

/** The folder must exist whenever the stick is asked for; while it does not, no stick is plugged in. */
export function folderStick(folder: string): Stick {
  const at = (name: string) => {
    if (!STICK_NAME.test(name)) throw new Error("no name for a file on a stick");
    return join(folder, name);
  };
  return {
    names: () => unless("stick.unreadable", () => namesIn(folder)),
    read: async (name, mostBytes) => {
      const path = at(name);
      return unless("stick.unreadable", () => readWhole(path, Math.min(mostBytes, LIMITS.stickFileBytes)));
    },
    async write(name, bytes) {
      if (bytes.length > LIMITS.stickFileBytes) throw new Error("too large for a stick");
      const [path, beside] = [at(name), join(folder, `.${name}.new`)];
      await unless("stick.failed", async () => {
        await refuseThere(path);
        await writeBeside(beside, bytes);
        await refuseThere(path);
        await rename(beside, path);
        await syncFolder(folder);
        // The system may still answer from memory: only plugging the stick in anew proves more.
        const written = await readWhole(path, bytes.length);
        if (written === undefined || !equal(written, bytes)) refuse("stick.failed", "it reads otherwise");
      });
    },
  };
}

async function namesIn(folder: string): Promise<readonly string[]> {
  const names: string[] = [];
  let entries = 0;
  for await (const entry of await opendir(folder)) {
    if (++entries > MOST_ENTRIES) refuse("stick.unreadable", `more than ${MOST_ENTRIES} files`);
    if (entry.isFile() && STICK_NAME.test(entry.name)) names.push(entry.name);
  }
  return names.sort();
}

async function readWhole(path: string, mostBytes: number): Promise<Uint8Array | undefined> {
  try {
    return await using(await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK), async (file) => {
      const stat = await file.stat();
      if (!stat.isFile()) refuse("stick.unreadable", "something else stands in a file's place");
      if (stat.size > mostBytes) refuse("stick.too-large", `${stat.size} bytes`);
      const bytes = new Uint8Array(stat.size);
      for (let done = 0; done < bytes.length; ) {
        const { bytesRead } = await file.read(bytes, done, bytes.length - done, done);
        if (bytesRead === 0) refuse("stick.unreadable", "the file became shorter");
        done += bytesRead;
      }
      return bytes;
    });
  } catch (problem) {
    if (codeOf(problem) === "ENOENT") return undefined;
    throw problem;
  }
}

async function refuseThere(path: string): Promise<void> {
  const there = await lstat(path).catch(unlessGone);
  if (there !== undefined) refuse("stick.exists");
}

function unlessGone(problem: unknown): void {
  if (codeOf(problem) !== "ENOENT") throw problem;
}

/** What an earlier try left beside goes first. */
async function writeBeside(path: string, bytes: Uint8Array): Promise<void> {
  await unlink(path).catch(unlessGone);
  try {
    await using(await open(path, O_WRONLY | O_CREAT | O_EXCL, OWNER_ONLY), async (file) => {
      await file.writeFile(bytes);
      await file.sync();
    });
  } catch (problem) {
    await unlink(path).catch(() => undefined);
    throw problem;
  }
}

async function using<T>(file: FileHandle, work: (file: FileHandle) => Promise<T>): Promise<T> {
  try {
    return await work(file);
  } finally {
    await file.close();
  }
}

/** What the system says no to is a Refusal by its code; anything without a code is a bug and stays one. */
async function unless<T>(reason: Reason, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (problem) {
    const code = codeOf(problem);
    if (code === undefined) throw problem;
    throw new Refusal(reason, code);
  }
}

/** The system's name for an error ("ENOSPC"), never a path. */
function codeOf(problem: unknown): string | undefined {
  const code = problem instanceof Error && "code" in problem ? problem.code : undefined;
  return typeof code === "string" && /^E[A-Z0-9]+$/.test(code) ? code : undefined;
}
