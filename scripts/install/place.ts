// Files below the folder that is / of the system: looked at without following links, written whole or not at all.

import {
  chmodSync,
  chownSync,
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { sha256 } from "../image/manifest.ts";
import { BuildError } from "../image/run.ts";

export interface PlainFile {
  readonly sha256: string;
  /** Rights alone. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

export type Found = null | { readonly link: string } | PlainFile;

const RIGHTS = 0o7777;
const NEW = ".firn-new";

/** Null: nothing there. */
export function lookAt(root: string, path: string): Found {
  checkWay(root, path);
  const kind = lstatSync(join(root, path), { throwIfNoEntry: false });
  if (kind === undefined) return null;
  if (kind.isSymbolicLink()) return { link: readlinkSync(join(root, path)) };
  if (!kind.isFile()) throw new BuildError(`/${path} is neither a file nor a link`);
  const { mode, uid, gid } = kind;
  return { sha256: sha256(readFileSync(join(root, path))), mode: mode & RIGHTS, uid, gid };
}

/** A link on the way could lead out of the folder. */
function checkWay(root: string, path: string): void {
  for (let folder = dirname(path); folder !== "."; folder = dirname(folder)) {
    const kind = lstatSync(join(root, folder), { throwIfNoEntry: false });
    if (kind !== undefined && !kind.isDirectory()) throw new BuildError(`/${folder} is no folder`);
  }
}

/** The folders on the way to a path that are not there, the outermost first. */
export function missingFolders(root: string, path: string): string[] {
  const missing: string[] = [];
  for (let folder = dirname(path); folder !== "."; folder = dirname(folder))
    if (lstatSync(join(root, folder), { throwIfNoEntry: false }) === undefined) missing.unshift(folder);
  return missing;
}

export interface Rights {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** Whose what is made here becomes: root's, or in a trial folder the trier's. */
export const MAKER: Pick<Rights, "uid" | "gid"> = {
  uid: process.getuid?.() ?? 0,
  gid: process.getgid?.() ?? 0,
};

export function writeWhole(root: string, path: string, bytes: Uint8Array, rights: Rights): void {
  const to = join(root, path);
  mkdirSync(dirname(to), { recursive: true });
  rmSync(to + NEW, { force: true });
  const open = openSync(to + NEW, "wx", rights.mode & 0o700);
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(open, bytes, at);
    fsyncSync(open);
  } finally {
    closeSync(open);
  }
  give(to + NEW, rights);
  renameSync(to + NEW, to);
  flush(dirname(to));
}

/** Only where it differs: the firmware's file system knows no owners and refuses to be told of any. */
export function give(file: string, { mode, uid, gid }: Rights): void {
  const now = lstatSync(file);
  if (now.uid !== uid || now.gid !== gid) chownSync(file, uid, gid);
  if ((lstatSync(file).mode & RIGHTS) !== mode) chmodSync(file, mode);
}

export function writeLink(root: string, path: string, link: string): void {
  const to = join(root, path);
  mkdirSync(dirname(to), { recursive: true });
  rmSync(to + NEW, { force: true });
  symlinkSync(link, to + NEW);
  renameSync(to + NEW, to);
  flush(dirname(to));
}

export function erase(root: string, path: string): void {
  rmSync(join(root, path), { force: true });
  rmSync(join(root, path) + NEW, { force: true });
}

function flush(folder: string): void {
  const open = openSync(folder, "r");
  try {
    fsyncSync(open);
  } finally {
    closeSync(open);
  }
}
