// dm-verity: the hash tree behind the file system, and the line by which the kernel checks every block that it reads.

import { createHash } from "node:crypto";
import { statSync, truncateSync } from "node:fs";
import { BuildError, run } from "./run.ts";

const BLOCK = 4096;
const SECTOR = 512;

/** Fixed: the tree must be the same each time. It needs no secret, as whoever has the image has the tree. */
const SALT = createHash("sha256").update("firn root").digest("hex");
const UUID = "6669726e-726f-4f74-8000-000000000001";

export interface Verity {
  /** Where the tree begins in the file. */
  readonly offset: number;
  readonly rootHash: string;
  /** With DEVICE where the root's device stands. */
  readonly table: string;
}

/** Appends the tree to the file. */
export function addHashTree(file: string): Verity {
  const size = Math.ceil(statSync(file).size / BLOCK) * BLOCK;
  truncateSync(file, size);
  const args = ["format", `--salt=${SALT}`, `--uuid=${UUID}`, `--hash-offset=${size}`, file, file];
  const rootHash = /^Root hash:\s+([0-9a-f]{64})$/m.exec(run("veritysetup", args))?.[1];
  if (rootHash === undefined) throw new BuildError("veritysetup named no root hash");
  return { offset: size, rootHash, table: verityTable(size, rootHash, SALT) };
}

/** The tree begins behind its own header of one block. A block that is not as it was stops the machine. */
export function verityTable(size: number, rootHash: string, salt: string): string {
  const blocks = size / BLOCK;
  return [
    ...[0, size / SECTOR, "verity", 1, "DEVICE", "DEVICE", BLOCK, BLOCK, blocks, blocks + 1],
    ...["sha256", rootHash, salt, 1, "panic_on_corruption"],
  ].join(" ");
}
