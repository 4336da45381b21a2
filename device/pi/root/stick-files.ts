// What is copied from a stick and to it: whole plain files of the top folder, of the kinds that Firn reads.

import { lstat, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { equal } from "../../../src/bytes.ts";
import { LIMITS, STICK_FILES } from "../../../src/limits.ts";
import { Refusal } from "../../../src/refusal.ts";
import { folderStick } from "../../stick/folder.ts";
import { Refused } from "./stick-volume.ts";

/** Ends of names that Firn asks for. All others stay on the stick, unseen. */
const ENDINGS = Object.values(STICK_FILES).flatMap(({ endings }): readonly string[] => endings);

/** All copies together: they lie in memory. */
const MOST_BYTES = 32 * 1024 * 1024;
const FOR_FIRN = 0o640;

export interface Listed {
  readonly name: string;
  readonly bytes: number;
}

/** All that fit are listed; copied, in the order of their names, are those for which there is room. */
export async function copyFrom(stickFolder: string, copies: string): Promise<readonly Listed[]> {
  await empty(copies);
  const stick = folderStick(stickFolder);
  const listed: Listed[] = [];
  let room = MOST_BYTES;
  for (const name of (await stick.names()).filter(isKnown)) {
    const { size } = await lstat(join(stickFolder, name));
    listed.push({ name, bytes: size });
    if (size > Math.min(room, LIMITS.stickFileBytes)) continue;
    // One that cannot be read is listed, and Firn says so when it is asked for.
    const bytes = await stick.read(name, size).catch(() => undefined);
    if (bytes?.length !== size) continue;
    await writeFile(join(copies, name), bytes, { mode: FOR_FIRN, flag: "wx" });
    room -= size;
  }
  return listed;
}

function isKnown(name: string): boolean {
  return ENDINGS.some((end) => name.toLowerCase().endsWith(end));
}

/** Of what an earlier stick left there. */
async function empty(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true, force: true });
}

/** Beside, synced, renamed. Never over a file that is there. Throws Refused. */
export async function copyTo(stickFolder: string, name: string, bytes: Uint8Array): Promise<void> {
  if (!isKnown(name)) throw new Refused("failed");
  try {
    await folderStick(stickFolder).write(name, bytes);
  } catch (problem) {
    if (!(problem instanceof Refusal)) throw problem;
    if (problem.reason === "stick.exists") throw new Refused("exists");
    throw new Refused(problem.detail === "ENOSPC" ? "full" : "failed");
  }
}

/** After a fresh mount: what the stick itself gives back. Throws Refused. */
export async function compare(stickFolder: string, name: string, bytes: Uint8Array): Promise<void> {
  const read = await folderStick(stickFolder)
    .read(name, bytes.length)
    .catch(() => undefined);
  if (read === undefined || !equal(read, bytes)) throw new Refused("failed");
}
