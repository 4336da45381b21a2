// The card: an MBR, a FAT partition that the board's firmware reads, the root with its hash tree, and the data.

import { closeSync, ftruncateSync, openSync, readSync, statSync, writeSync } from "node:fs";
import { BuildError } from "./run.ts";

const SECTOR = 512;
const MIB = 1024 * 1024;

/** "firn" in the disk's own number. */
export const DISK_ID = 0x6669726e;

/** What a partition holds, as a partition table says it. */
const FAT32 = 0x0c;
const LINUX = 0x83;

export interface Partition {
  readonly type: number;
  /** Bytes. */
  readonly start: number;
  readonly size: number;
  readonly bootable: boolean;
}

export interface Layout {
  readonly partitions: readonly [Partition, Partition, Partition];
  readonly size: number;
}

const wholeMib = (bytes: number) => Math.ceil(bytes / MIB) * MIB;

/** Each partition begins at a whole MiB, the first at the first one; each is as large as what it holds, rounded up. */
export function layout(boot: number, root: number, data: number): Layout {
  const bootStart = MIB;
  const rootStart = bootStart + wholeMib(boot);
  const dataStart = rootStart + wholeMib(root);
  const size = dataStart + wholeMib(data);
  if (size / SECTOR > 0xffffffff) throw new BuildError("the card would be larger than an MBR can say");
  return {
    partitions: [
      { type: FAT32, start: bootStart, size: wholeMib(boot), bootable: true },
      { type: LINUX, start: rootStart, size: wholeMib(root), bootable: false },
      { type: LINUX, start: dataStart, size: wholeMib(data), bootable: false },
    ],
    size,
  };
}

/** The first sector. Cylinders and heads say what they say for disks larger than 8 GB: look at the sectors. */
export function mbr({ partitions }: Layout): Buffer {
  const sector = Buffer.alloc(SECTOR);
  sector.writeUInt32LE(DISK_ID, 440);
  for (const [index, one] of partitions.entries()) {
    const at = 446 + index * 16;
    sector.writeUInt8(one.bootable ? 0x80 : 0, at);
    sector.write("feffff", at + 1, "hex");
    sector.writeUInt8(one.type, at + 4);
    sector.write("feffff", at + 5, "hex");
    sector.writeUInt32LE(one.start / SECTOR, at + 8);
    sector.writeUInt32LE(one.size / SECTOR, at + 12);
  }
  sector.writeUInt16LE(0xaa55, 510);
  return sector;
}

export function writeCard(file: string, boot: string, root: string, data: string): Layout {
  const files = [boot, root, data];
  const sizes = files.map((one) => statSync(one).size);
  const made = layout(sizes[0]!, sizes[1]!, sizes[2]!);
  const card = openSync(file, "w");
  try {
    ftruncateSync(card, made.size);
    writeSync(card, mbr(made), 0, SECTOR, 0);
    for (const [index, one] of files.entries()) copyInto(card, made.partitions[index]!.start, one);
  } finally {
    closeSync(card);
  }
  return made;
}

function copyInto(card: number, start: number, file: string): void {
  const from = openSync(file, "r");
  const buffer = Buffer.alloc(4 * MIB);
  try {
    for (let at = 0, got = readSync(from, buffer); got > 0; got = readSync(from, buffer)) {
      writeSync(card, buffer, 0, got, start + at);
      at += got;
    }
  } finally {
    closeSync(from);
  }
}
