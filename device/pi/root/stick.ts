// Run as root at Firn's wish: node stick.ts. Reads what is wished for, lets the stick in for as long as that takes, and
// answers. The stick is shut out again whatever happens, and what was mounted goes with this process at the latest.

import { execFile } from "node:child_process";
import { closeSync, constants, fstatSync, mkdirSync, openSync, readSync, rmSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { LIMITS } from "../../../src/limits.ts";
import { STICK_NAME } from "../../stick/folder.ts";
import { decodeLine } from "../../wire/channel.ts";
import { Breach, exact, matching, oneOf, type Reader, whole } from "../../wire/schema.ts";
import { MOST_ID } from "../wishes.ts";
import { leave, MACHINE, type Machine } from "./machine.ts";
import { compare, copyFrom, copyTo, type Listed } from "./stick-files.ts";
import { type Mounting, Refused, type Why, withVolume } from "./stick-volume.ts";
import { UsbDevice } from "./usb-device.ts";

export const PLACES = {
  wish: "/run/firn/wish/stick",
  enclosed: "/run/firn/wish/stick-out",
  copies: "/run/firn-stick",
  reply: "/run/firn-reply/stick.json",
} as const;

interface Wish {
  readonly id: number;
  readonly act: "look" | "write";
  readonly name?: string;
}

type Answer = { readonly files: readonly Listed[] } | { readonly written: true } | { readonly refused: Why };

const MOST_WISH_BYTES = 1024;
const BOUNDS = { lineBytes: MOST_WISH_BYTES, bulkBytes: MOST_WISH_BYTES };
/** Firn waits a minute. A stick that stands still is shut out before, which ends every reading of it. */
const PATIENCE_MS = 50_000;

const readWish: Reader<Wish> = exact<Wish>(
  { id: whole(1, MOST_ID), act: oneOf("look", "write") },
  { name: matching(STICK_NAME, 64) },
);

/** Nothing where the wish is none: nobody could tell the answer from another. Never throws what a stick can cause. */
export async function serve(machine: Machine, mounting: Mounting, patienceMs = PATIENCE_MS): Promise<void> {
  const wish = takeWish(machine);
  if (wish === undefined) return;
  const late = sleep(patienceMs, undefined, { ref: false }).then(() => {
    shutOut(machine);
    throw new Refused(wish.act === "look" ? "unreadable" : "failed");
  });
  const answer = await Promise.race([act(machine, mounting, wish), late]).catch((problem): Answer => {
    if (problem instanceof Refused) return { refused: problem.why };
    return { refused: wish.act === "look" ? "unreadable" : "failed" };
  });
  leave(machine, PLACES.reply, { id: wish.id, ...answer });
}

async function act(machine: Machine, mounting: Mounting, { act, name }: Wish): Promise<Answer> {
  if (act === "look") {
    const copies = machine.at(PLACES.copies);
    return { files: await withVolume(machine, mounting, "ro", (folder) => copyFrom(folder, copies)) };
  }
  const bytes = own(machine, PLACES.enclosed, LIMITS.stickFileBytes);
  if (name === undefined || bytes === undefined) throw new Refused("failed");
  await withVolume(machine, mounting, "rw", (folder) => copyTo(folder, name, bytes));
  await withVolume(machine, mounting, "ro", (folder) => compare(folder, name, bytes));
  return { written: true };
}

/** Whichever it was. */
function shutOut(machine: Machine): void {
  for (const device of UsbDevice.all(machine))
    try {
      if (device.verdict().kind === "stick") device.keepOut();
    } catch {
      // It was pulled out.
    }
}

/** Taken away at once: while it is there this step would be started again. */
function takeWish(machine: Machine): Wish | undefined {
  try {
    const bytes = own(machine, PLACES.wish, MOST_WISH_BYTES);
    return bytes && decodeLine(bytes, readWish, BOUNDS);
  } catch (problem) {
    if (problem instanceof Breach) return undefined;
    throw problem;
  } finally {
    rmSync(machine.at(PLACES.wish), { recursive: true, force: true });
  }
}

/** A plain file of the one whose folder it lies in: root must not be led to read another's. */
function own(machine: Machine, path: string, mostBytes: number): Uint8Array | undefined {
  const { O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;
  const owner = statSync(machine.at(dirname(dirname(path)))).uid;
  const fd = openSync(machine.at(path), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile() || stat.uid !== owner || stat.nlink !== 1 || stat.size > mostBytes) return undefined;
    const bytes = new Uint8Array(stat.size);
    return readSync(fd, bytes, 0, bytes.length, 0) === bytes.length ? bytes : undefined;
  } finally {
    closeSync(fd);
  }
}

const run = promisify(execFile);
const TOOL_MS = 40_000;

/** A board's own. In this process's mount namespace, as its unit gives it one. */
function boardMounting(): Mounting {
  const folder = "/tmp/stick";
  const tool = async (path: string, args: readonly string[]) => {
    await run(path, args, { timeout: TOOL_MS, env: {} });
  };
  return {
    folder,
    async begin(device, length) {
      const file = await open(device, "r");
      try {
        const { bytesRead, buffer } = await file.read(new Uint8Array(length), 0, length, 0);
        return buffer.subarray(0, bytesRead);
      } finally {
        await file.close();
      }
    },
    // What mount cannot make sense of is no file system that is read here.
    async mount(device, as, options) {
      mkdirSync(folder, { recursive: true });
      await tool("/usr/bin/mount", ["-i", "-t", as, "-o", options, device, folder]).catch(() => {
        throw new Refused("format");
      });
    },
    unmount: () => tool("/usr/bin/umount", [folder]),
  };
}

if (import.meta.main) {
  await serve(MACHINE, boardMounting());
  process.exit();
}
