// One stick's file system, seen by this process alone for as long as something is done with it: let in, found, mounted,
// and afterwards taken away again, however it went.

import { setTimeout as sleep } from "node:timers/promises";
import type { Machine } from "./machine.ts";
import { UsbDevice } from "./usb-device.ts";

/** Why it cannot be done: what Firn is answered. */
export type Why = "none" | "several" | "other" | "format" | "unreadable" | "exists" | "full" | "failed";

export class Refused extends Error {
  readonly why: Why;

  constructor(why: Why) {
    super(why);
    this.name = "Refused";
    this.why = why;
  }
}

export type FileSystem = "vfat" | "exfat";
export type Mode = "ro" | "rw";

/** What only root on a board can do. */
export interface Mounting {
  /** The first bytes of a block device. */
  begin(device: string, length: number): Promise<Uint8Array>;
  mount(device: string, as: FileSystem, options: string): Promise<void>;
  unmount(): Promise<void>;
  /** Where it is mounted. */
  readonly folder: string;
}

const SECTOR_BYTES = 512;
/** The kernel waits a second before it asks a stick for its size; slow ones take some more. */
const LOOK_MS = 100;
const MOST_LOOKS = 150;

/** Nothing on it is a program, a device or a link; all of it is root's. */
const OPTIONS = "nodev,nosuid,noexec,nosymfollow,noatime,uid=0,gid=0,umask=077,errors=remount-ro";
const NAMES: Readonly<Record<FileSystem, string>> = { vfat: "utf8,shortname=mixed", exfat: "iocharset=utf8" };

/** The one stick that is plugged in. Throws Refused. */
export function theStick(machine: Machine): UsbDevice {
  const all = UsbDevice.all(machine).map((device) => ({ device, verdict: device.verdict() }));
  const [stick, ...more] = all.filter(({ verdict }) => verdict.kind === "stick");
  if (more.length > 0) throw new Refused("several");
  if (stick) return stick.device;
  const mixed = all.some(({ verdict }) => verdict.kind === "refused" && verdict.storage);
  throw new Refused(mixed ? "other" : "none");
}

/** Throws Refused, or what `work` throws. */
export async function withVolume<T>(
  machine: Machine,
  mounting: Mounting,
  mode: Mode,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const device = theStick(machine);
  // An earlier step may have been ended in the middle.
  device.keepOut();
  try {
    device.letIn();
    const verdict = device.verdict();
    if (verdict.kind !== "stick") throw new Refused("other");
    device.open(verdict.open);
    const path = await partition(machine, mounting, await disk(machine, device, verdict.open[0]!));
    const type = fileSystem(await mounting.begin(path, SECTOR_BYTES));
    if (type === undefined) throw new Refused("format");
    await mounting.mount(path, type, `${mode},${OPTIONS},${NAMES[type]}`);
    return await unmounted(mounting, work);
  } finally {
    device.keepOut();
  }
}

/** What was written is on the stick only when this has ended well. */
async function unmounted<T>(mounting: Mounting, work: (folder: string) => Promise<T>): Promise<T> {
  try {
    return await work(mounting.folder);
  } finally {
    await mounting.unmount();
  }
}

const BLOCK = "/sys/block";

/** Its name: "sda". A reader with several slots is one stick if one of them is filled. */
async function disk(machine: Machine, device: UsbDevice, storage: number): Promise<string> {
  for (let looks = 0; looks < MOST_LOOKS; looks++) {
    const place = machine.real(device.interfaceFolder(storage));
    const disks = (machine.names(BLOCK) ?? [])
      .filter((name) => /^sd[a-z]{1,2}$/.test(name))
      .filter((name) => place !== undefined && machine.real(`${BLOCK}/${name}`)?.startsWith(`${place}/`))
      .filter((name) => Number(machine.text(`${BLOCK}/${name}/size`)) > 0);
    if (disks.length > 1) throw new Refused("several");
    if (disks[0] !== undefined) return disks[0];
    await sleep(LOOK_MS);
  }
  throw new Refused("unreadable");
}

/** The device file of its one partition, or of all of it where it has none. */
async function partition(machine: Machine, mounting: Mounting, name: string): Promise<string> {
  // At its first opening the kernel looks for partitions.
  await mounting.begin(`/dev/${name}`, SECTOR_BYTES);
  const parts = (machine.names(`${BLOCK}/${name}`) ?? []).filter((one) => /^sd[a-z]+\d+$/.test(one));
  if (parts.length > 1) throw new Refused("format");
  return `/dev/${parts[0] ?? name}`;
}

/** By its first sector: the two that sticks are sold with. */
export function fileSystem(sector: Uint8Array): FileSystem | undefined {
  if (sector.length < SECTOR_BYTES || sector[510] !== 0x55 || sector[511] !== 0xaa) return undefined;
  const at = (from: number) => String.fromCharCode(...sector.subarray(from, from + 8));
  if (at(3) === "EXFAT   ") return "exfat";
  return at(82) === "FAT32   " || at(54) === "FAT16   " || at(54) === "FAT12   " ? "vfat" : undefined;
}
