// What is said of an image, and the one name that it is called by: the image id.

import { createHash } from "node:crypto";

export const sha256 = (bytes: Uint8Array | string) => createHash("sha256").update(bytes).digest("hex");

/** On the command line stands the id itself, so its file cannot be in what the id is made of. */
export const OUTSIDE = "cmdline.txt";

/**
 * SHA-256 over the sorted lines: one for each boot file, with its SHA-256 and its path, and one with the root's hash.
 * docs/verify.md does the same with sha256sum and sort.
 */
export function imageId(boot: ReadonlyMap<string, Uint8Array>, rootHash: string): string {
  const files = [...boot].filter(([path]) => path !== OUTSIDE);
  const lines = [...files.map(([path, bytes]) => `${sha256(bytes)}  ./${path}\n`), `${rootHash}  root\n`];
  return sha256(lines.sort().join(""));
}

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly board: string;
  readonly camera: string;
  readonly screen: string;
  readonly buttons: boolean;
  readonly tpm: boolean;
  readonly rootHash: string;
  readonly imageId: string;
  readonly commandLine: string;
  /** SOURCE_DATE_EPOCH. */
  readonly time: number;
  /** The commit it was built from; "changed" after it where the tree was another. */
  readonly commit: string;
  /** Absent: an image for use. Else why it is none. */
  readonly mark?: string;
  /** SHA-256 of the list that pins Raspberry Pi's kernel, firmware and programs. */
  readonly pi?: string;
  /** Packages that are not what the lock says, for which --moved was given. */
  readonly moved?: readonly string[];
  /** What built it. */
  readonly tools: Readonly<Record<string, string>>;
  /** Every file that was written: its size and SHA-256. */
  readonly files: Readonly<Record<string, { readonly size: number; readonly sha256: string }>>;
  /** Where in root.img its hash tree begins: what veritysetup wants to know. */
  readonly hashOffset: number;
  /** Bytes: the root as it is packed, its files, the data partition, the card. */
  readonly sizes: Readonly<Record<string, number>>;
}

export function manifestText(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}
