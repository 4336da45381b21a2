// What the installer did to a system, so that it can be undone: written before anything is done, and kept beside it the
// bytes of whatever was there before.

import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "../image/manifest.ts";
import { BuildError } from "../image/run.ts";
import type { Separator, Step } from "./edits.ts";
import { MAKER, type PlainFile, writeWhole } from "./place.ts";

/** Root's alone: it keeps copies of /etc/shadow. */
export const STATE = "var/lib/firn-install";
export const RECORD = `${STATE}/record.json`;
const KEPT = `${STATE}/kept`;

export type Was = null | { readonly link: string } | PlainFile;

/** What was, or is about to be, put there. */
export interface Ours {
  readonly link?: string;
  readonly sha256?: string;
  readonly mode?: number;
  readonly steps?: readonly Step[];
}

export interface Entry {
  readonly was: Was;
  /** The last is what holds; others before it only while a run was cut off. */
  readonly ours: readonly [Ours, ...Ours[]];
  /** The system's own file, edited. */
  readonly separator?: Separator;
  readonly edited: boolean;
  /** What its owner made of it, before it was put back: hashes of kept copies. */
  readonly copies: readonly string[];
}

export interface Record {
  readonly version: 1;
  /** In the order in which they were made. */
  readonly folders: readonly string[];
  readonly entries: Readonly<{ [path: string]: Entry }>;
}

export const EMPTY: Record = { version: 1, folders: [], entries: {} };

export function readRecord(root: string): Record {
  if (!existsSync(join(root, RECORD))) return EMPTY;
  try {
    const { sum, record } = JSON.parse(readFileSync(join(root, RECORD), "utf8"));
    check(sum === sha256(JSON.stringify(record)), "its sum is another");
    check(record.version === 1, "it is another version's");
    for (const path of [...Object.keys(record.entries), ...record.folders])
      check(/^[^/]/.test(path) && !path.split("/").includes(".."), `it names ${path}`);
    checkKept(root, record);
    return record;
  } catch (error) {
    throw new BuildError(`/${RECORD} is broken, and nothing was touched: ${(error as Error).message}`);
  }
}

function check(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}

function checkKept(root: string, record: Record): void {
  for (const [path, { was, copies }] of Object.entries(record.entries)) {
    const hashes = [...copies, ...(was !== null && "sha256" in was ? [was.sha256] : [])];
    for (const hash of hashes) check(isKept(root, hash), `the copy of /${path} is not what was kept`);
  }
}

function isKept(root: string, hash: string): boolean {
  const file = join(root, keptAt(hash));
  return existsSync(file) && sha256(readFileSync(file)) === hash;
}

export const keptAt = (hash: string) => `${KEPT}/${hash}`;

export function keptBytes(root: string, hash: string): Buffer {
  return readFileSync(join(root, keptAt(hash)));
}

export function keep(root: string, bytes: Uint8Array): void {
  const hash = sha256(bytes);
  if (isKept(root, hash)) return;
  prepare(root);
  writeWhole(root, keptAt(hash), bytes, { mode: 0o600, ...MAKER });
}

export function writeRecord(root: string, record: Record): void {
  prepare(root);
  const text = JSON.stringify({ sum: sha256(JSON.stringify(record)), record });
  writeWhole(root, RECORD, Buffer.from(`${text}\n`), { mode: 0o600, ...MAKER });
}

function prepare(root: string): void {
  mkdirSync(join(root, KEPT), { recursive: true, mode: 0o700 });
}
