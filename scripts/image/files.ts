// Files of a folder that becomes a root: put there with their mode, and at last made the same each time.

import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  lchownSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { BuildError } from "./run.ts";

export function put(root: string, path: string, content: string | Uint8Array, mode = 0o644): void {
  const to = join(root, path);
  mkdirSync(dirname(to), { recursive: true });
  writeFileSync(to, content);
  chmodSync(to, mode);
}

/** Copies one file, through links, with its right to be run and no other. */
export function copy(from: string, root: string, path: string): void {
  if (!existsSync(from)) throw new BuildError(`${path} is in none of the packages, nor in the root of --pi`);
  const to = join(root, path);
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(realpathSync(from), to);
  chmodSync(to, modeOf(from));
}

function modeOf(file: string): number {
  return lstatSync(realpathSync(file)).mode & 0o111 ? 0o755 : 0o644;
}

export function link(root: string, path: string, to: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  rmSync(join(root, path), { force: true });
  symlinkSync(to, join(root, path));
}

/** Every path below a folder, without a leading slash, sorted. */
export function pathsBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
}

/** Lays a folder over a root: its files and links, in place of what is there by their names. */
export function layOver(folder: string, root: string): void {
  for (const path of pathsBelow(folder)) {
    const from = join(folder, path);
    const kind = lstatSync(from);
    if (kind.isFile()) copy(from, root, path);
    else if (kind.isSymbolicLink()) link(root, path, readlinkSync(from));
    else if (kind.isDirectory()) mkdirSync(join(root, path), { recursive: true });
    else throw new BuildError(`${from} is neither a file, a folder nor a link`);
  }
}

/** Root owns all; folders can be entered, files read, programs run; every time is this one. */
export function settle(root: string, time: number): void {
  for (const path of ["", ...pathsBelow(root)].reverse()) {
    const file = join(root, path);
    const kind = lstatSync(file);
    lchownSync(file, 0, 0);
    if (kind.isDirectory()) chmodSync(file, 0o755);
    else if (kind.isFile()) chmodSync(file, modeOf(file));
    else if (!kind.isSymbolicLink()) throw new BuildError(`${path} is neither a file, a folder nor a link`);
    lutimesSync(file, time, time);
  }
}

export function readIfElf(file: string): Buffer | undefined {
  if (!lstatSync(file).isFile()) return undefined;
  const begin = Buffer.alloc(4);
  const open = openSync(file, "r");
  readSync(open, begin);
  closeSync(open);
  return begin.readUInt32BE() === 0x7f454c46 ? readFileSync(file) : undefined;
}
