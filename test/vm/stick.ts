// USB sticks for an emulated machine: files that hold an MBR with one FAT32 partition, as sticks are sold, or whatever
// else a test puts there; plugged in and pulled out while the machine runs; read on this side with mtools.

import { execFileSync } from "node:child_process";
import { closeSync, ftruncateSync, openSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { later } from "./links.ts";
import type { Machine } from "./machine.ts";

/** What canEmulate is asked for beside. */
export const STICK_TOOLS = ["mkfs.vfat", "fsck.vfat", "mcopy", "mdir", "mmd"] as const;

const SECTOR = 512;
const MIB = 1024 * 1024;
const PATH = `${process.env.PATH}:/usr/sbin:/sbin`;
const ENV = { PATH, LC_ALL: "C", MTOOLS_SKIP_CHECK: "1", MTOOLSRC: "/dev/null" };

function tool(name: string, ...args: readonly string[]): string {
  return execFileSync(name, args, { env: ENV, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

export type Files = Readonly<Record<string, string | Uint8Array>>;

export class StickFile {
  readonly file: string;
  /** Where its file system begins, bytes. */
  readonly #begin: number;

  constructor(file: string, begin: number) {
    this.file = file;
    this.#begin = begin;
  }

  get #volume(): string {
    return `${this.file}@@${this.#begin}`;
  }

  put(files: Files): void {
    for (const [name, content] of Object.entries(files)) {
      const from = `${this.file}.put`;
      writeFileSync(from, content);
      tool("mcopy", "-i", this.#volume, from, `::/${name}`);
    }
  }

  folder(name: string): void {
    tool("mmd", "-i", this.#volume, `::/${name}`);
  }

  read(name: string): Uint8Array {
    const to = `${this.file}.read`;
    tool("mcopy", "-n", "-o", "-i", this.#volume, `::/${name}`, to);
    return new Uint8Array(readFileSync(to));
  }

  /** Every entry of every folder, hidden ones too, as a line with size and time. */
  list(): string[] {
    const all = tool("mdir", "-a", "-/", "-i", this.#volume, "::");
    return all.split("\n").filter((line) => /\d\d-\d\d|<DIR>/.test(line));
  }

  free(): number {
    const [, bytes] = /([\d ]+) bytes free/.exec(tool("mdir", "-i", this.#volume, "::"))!;
    return Number(bytes!.replaceAll(" ", ""));
  }

  /** Throws where its file system is not whole. */
  check(): void {
    const all = readFileSync(this.file);
    writeFileSync(`${this.file}.check`, all.subarray(this.#begin));
    tool("fsck.vfat", "-n", `${this.file}.check`);
  }
}

function empty(file: string, size: number): void {
  const open = openSync(file, "w");
  ftruncateSync(open, size);
  closeSync(open);
}

/** One FAT32 partition of 63 MiB. */
export function plainStick(folder: string, name: string, files: Files): StickFile {
  const file = join(folder, name);
  const sectors = (64 * MIB) / SECTOR;
  const first = MIB / SECTOR;
  empty(file, sectors * SECTOR);
  const table = Buffer.alloc(SECTOR);
  table[446 + 4] = 0x0c;
  table.writeUInt32LE(first, 446 + 8);
  table.writeUInt32LE(sectors - first, 446 + 12);
  table.writeUInt16BE(0x55aa, 510);
  const open = openSync(file, "r+");
  writeSync(open, table);
  closeSync(open);
  const options = ["-F", "32", "-s", "1", "--offset", String(first), file, String((sectors - first) / 2)];
  tool("mkfs.vfat", ...options);
  const stick = new StickFile(file, MIB);
  stick.put(files);
  return stick;
}

/** A FAT12 without partitions, as large as a floppy disk, and not one byte is free. */
export function fullStick(folder: string, name: string, files: Files): StickFile {
  const file = join(folder, name);
  empty(file, 1440 * 1024);
  tool("mkfs.vfat", "-F", "12", file);
  const stick = new StickFile(file, 0);
  stick.put(files);
  stick.put({ "films.bin": new Uint8Array(stick.free()) });
  return stick;
}

/** Never formatted. */
export function blankStick(folder: string, name: string): StickFile {
  const file = join(folder, name);
  empty(file, MIB);
  return new StickFile(file, 0);
}

// ---------------------------------------------------------------- plugged in

export interface Plugged {
  /** What anybody on the machine's side read and wrote of it so far, bytes. */
  traffic(): Promise<{ readonly read: number; readonly written: number }>;
  pull(): Promise<void>;
}

interface Counted {
  readonly qdev?: string;
  readonly stats: { readonly rd_bytes: number; readonly wr_bytes: number };
}

/** Anything at the machine's USB; the same again only when it was pulled. */
export async function plug(machine: Machine, driver: string, id: string, more: object = {}): Promise<void> {
  await machine.qmp.run("device_add", { driver, id, bus: "usb.0", ...more });
}

export async function unplug({ qmp }: Machine, id: string): Promise<void> {
  const { promise, resolve } = later<void>();
  qmp.onEvent(({ event, data }) => {
    if (event === "DEVICE_DELETED" && data?.device === id) resolve();
  });
  await qmp.run("device_del", { id });
  await promise;
}

/** `slowly`: bytes a second that it gives at most. */
export async function plugStick(
  machine: Machine,
  stick: StickFile,
  { id = "stick", slowly }: { readonly id?: string; readonly slowly?: number } = {},
): Promise<Plugged> {
  const { qmp } = machine;
  const disk = { driver: "raw", file: { driver: "file", filename: stick.file, locking: "off" } };
  const nodes = [`${id}-disk`];
  await qmp.run("blockdev-add", { ...disk, "node-name": nodes[0] });
  if (slowly !== undefined) {
    const limits = { "bps-total": slowly };
    await qmp.run("object-add", { "qom-type": "throttle-group", id: `${id}-pace`, limits });
    nodes.unshift(`${id}-slow`);
    const pace = { driver: "throttle", "throttle-group": `${id}-pace`, file: nodes[1] };
    await qmp.run("blockdev-add", { ...pace, "node-name": nodes[0] });
  }
  await plug(machine, "usb-storage", id, { drive: nodes[0] });
  return {
    async traffic() {
      const all = await qmp.run<readonly Counted[]>("query-blockstats");
      const { stats } = all.find(({ qdev }) => qdev?.includes(`/${id}/`))!;
      return { read: stats.rd_bytes, written: stats.wr_bytes };
    },
    async pull() {
      await unplug(machine, id);
      for (const name of nodes) await qmp.run("blockdev-del", { "node-name": name });
      if (slowly !== undefined) await qmp.run("object-del", { id: `${id}-pace` });
    },
  };
}
