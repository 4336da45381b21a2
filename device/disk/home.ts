// A home: a folder of its owner alone, used by one process at a time.
// Each process lays down a claim whose name says who it is, and only then looks for others: of two that start
// at once at least one sees the other and ends. A claim of a process that is gone counts for nothing.

import { mkdir, open, readdir, readFile, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { Store } from "../../src/ports.ts";
import { Refusal } from "../../src/refusal.ts";
import { fileOperations, syncFolder } from "./files.ts";
import { openStore } from "./store.ts";

export interface Home {
  readonly store: Store;
  /** Lets another process in. A process that merely ends does so too. */
  release(): Promise<void>;
}

/** Makes the folder where there is none, claims it and opens its store. Throws Refusal store.in-use, store.failed. */
export async function openHome(folder: string): Promise<Home> {
  const release = await claimHome(folder);
  return { store: openStore(fileOperations(folder)), release };
}

/** The claim alone, for a launcher that keeps the disk itself. */
export async function claimHome(folder: string): Promise<() => Promise<void>> {
  try {
    await makeFolder(resolve(folder));
    const mine = claimName(process.pid, await startOf(process.pid), await bootId());
    const release = () => rm(join(folder, mine), { force: true });
    await (await open(join(folder, mine), "w", 0o600)).close();
    if (await othersClaim(folder, mine)) {
      await release();
      throw new Refusal("store.in-use");
    }
    return release;
  } catch (error) {
    if (error instanceof Refusal) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    throw code === undefined ? error : new Refusal("store.failed", code);
  }
}

/**
 * With every folder above it that is new, durably. One by one: where nothing can be made (in /proc, say)
 * Node's own recursive mkdir never returns.
 */
async function makeFolder(folder: string): Promise<void> {
  const missing: string[] = [];
  for (let at = folder; !(await exists(at)); at = dirname(at)) missing.unshift(at);
  for (const at of missing) {
    await mkdir(at, 0o700).catch(unlessThere);
    await syncFolder(dirname(at));
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

/** Another process may have been faster. */
function unlessThere(error: NodeJS.ErrnoException): void {
  if (error.code !== "EEXIST") throw error;
}

async function othersClaim(folder: string, mine: string): Promise<boolean> {
  const boot = await bootId();
  let others = false;
  for (const name of await readdir(folder)) {
    const match = /^\.claim-(\d+)-(\w+)-(\w+)$/.exec(name);
    if (!match || name === mine) continue;
    const [pid, start, ofBoot] = [Number(match[1]), match[2]!, match[3]!];
    if (ofBoot === boot && alive(pid) && (await startOf(pid)) === start) others = true;
    else await rm(join(folder, name), { force: true });
  }
  return others;
}

function claimName(pid: number, start: string, boot: string): string {
  return `.claim-${pid}-${start}-${boot}`;
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Not ours to signal, but there.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Ticks from boot to the process's start: tells a process from a later one with its number. "x" where unknown. */
async function startOf(pid: number): Promise<string> {
  const stat = await textOf(`/proc/${pid}/stat`);
  // The name in brackets may hold spaces; field 22 (proc(5)) is the 20th after it.
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "x";
}

async function bootId(): Promise<string> {
  return (await textOf("/proc/sys/kernel/random/boot_id"))?.slice(0, 8) ?? "x";
}

/** Undefined on systems without it. */
async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch {
    return undefined;
  }
}
