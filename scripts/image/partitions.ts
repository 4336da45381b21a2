// The file systems of the card's first and third partition, and of the root.

import { closeSync, ftruncateSync, lutimesSync, mkdirSync, openSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathsBelow, put } from "./files.ts";
import { run } from "./run.ts";

const MIB = 1024 * 1024;

/** The hash tree's own is beside it; these are for tools that list file systems. */
const DATA_UUID = "6669726e-6461-4461-8000-000000000001";
const HASH_SEED = "6669726e-6861-4768-8000-000000000001";
const FAT_ID = "6669726e";

/** Said in full, so that no machine's own settings add to them. */
const FEATURES =
  "none,has_journal,ext_attr,dir_index,filetype,extent,flex_bg,sparse_super,large_file,huge_file," +
  "dir_nlink,extra_isize,metadata_csum,64bit";

/** Firn's own needs a few MiB; the rest is for wallets, policies and a journal of decades. */
export const DATA_SIZE = 32 * MIB;

function empty(file: string, size: number): void {
  rmSync(file, { force: true });
  const open = openSync(file, "w");
  ftruncateSync(open, size);
  closeSync(open);
}

export type Compression = "lz4" | "zstd";

const PACKING: Readonly<Record<Compression, readonly string[]>> = {
  lz4: ["-comp", "lz4", "-Xhc"],
  zstd: ["-comp", "zstd", "-Xcompression-level", "15"],
};

/** Every time in it is `time`. */
export function makeSquashfs(root: string, file: string, time: number, compression: Compression): void {
  rmSync(file, { force: true });
  const quiet = ["-noappend", "-no-progress", "-quiet", "-no-xattrs", "-b", "128K"];
  const env = { SOURCE_DATE_EPOCH: String(time) };
  run("mksquashfs", [root, file, ...PACKING[compression], ...quiet], { env });
}

/** The partition that can be written: empty, and Firn's alone. */
export function makeData(file: string, time: number, owner: number): void {
  empty(file, DATA_SIZE);
  const extended = `lazy_itable_init=0,lazy_journal_init=0,root_owner=${owner}:${owner},hash_seed=${HASH_SEED}`;
  const kind = ["-t", "ext4", "-O", FEATURES, "-b", "4096", "-I", "256", "-N", "4096", "-m", "0"];
  const args = ["-q", "-F", ...kind, "-L", "firn-data", "-U", DATA_UUID, "-E", extended, file];
  const env = {
    E2FSPROGS_FAKE_TIME: String(time),
    SOURCE_DATE_EPOCH: String(time),
    MKE2FS_CONFIG: "/dev/null",
  };
  run("mke2fs", args, { env });
  run("debugfs", ["-w", "-R", "set_inode_field / mode 040700", file], { env });
  run("debugfs", ["-w", "-R", "rmdir lost+found", file], { env });
}

/** A FAT of these files, just large enough and a little more: a FAT32 has at least 65,525 clusters. */
export function makeFat(
  files: ReadonlyMap<string, Uint8Array>,
  file: string,
  work: string,
  time: number,
): void {
  const sum = [...files.values()].reduce((all, one) => all + Math.ceil(one.length / 4096) * 4096, 0);
  empty(file, fatSize(sum));
  const env = { SOURCE_DATE_EPOCH: String(time), MTOOLS_SKIP_CHECK: "1", MTOOLSRC: "/dev/null" };
  run("mkfs.vfat", ["-F", "32", "-s", "1", "--invariant", "-i", FAT_ID, "-n", "FIRN", file], { env });
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  for (const [path, bytes] of files) put(work, path, bytes);
  for (const path of pathsBelow(work)) {
    const from = join(work, path);
    lutimesSync(from, time, time);
    if (statSync(from).isDirectory()) run("mmd", ["-i", file, `::/${path}`], { env });
    else run("mcopy", ["-m", "-i", file, from, `::/${dirname(path)}`], { env });
  }
}

/** Bytes: what is in it, a sixteenth more, whole MiB, and never fewer than FAT32's clusters of one sector take. */
export function fatSize(contents: number): number {
  const wanted = Math.ceil((contents * 17) / 16 / MIB) * MIB;
  return Math.max(wanted, 40 * MIB);
}
