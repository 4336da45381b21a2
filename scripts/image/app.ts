// What of Firn goes onto a machine: /usr/lib/firn with all that its programs reach, and the exact Node that runs it.

import { chmodSync, lutimesSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { nativeParts } from "./app-native.ts";
import { type Arch, nodePackage, strippedNode } from "./app-node.ts";
import { splitName } from "./app-packages.ts";
import { reach } from "./app-reach.ts";
import { programsOf } from "./app-units.ts";

const ROOT = resolve(import.meta.dirname, "../..");

export interface AppOptions {
  readonly arch: Arch;
  /** Becomes / of the machine. */
  readonly out: string;
  /** What was fetched stays here for the next build. */
  readonly cache: string;
}

/** Where Firn stands on a machine, and its Node. */
export const APP = "usr/lib/firn";
export const NODE = "usr/bin/node";

/** Writes both below `out`. The same sources give the same bytes, modes and times wherever and whenever it runs. */
export async function buildApp({ arch, out, cache }: AppOptions): Promise<void> {
  const node = nodePackage(ROOT, arch, cache);
  const files = reach(ROOT, programsOf(ROOT));
  putAll(join(out, APP), [
    ...files,
    ...nativeParts(ROOT, arch, node, cache, packagesOf(files)),
    ["package.json", manifest()],
    ["LICENSE", readFileSync(join(ROOT, "LICENSE"))],
    ["LICENSE.nodejs", readFileSync(join(node, "LICENSE"))],
  ]);
  put(join(out, NODE), strippedNode(node, arch, cache), 0o755);
  settle(join(out, APP));
}

function packagesOf(files: ReadonlyMap<string, unknown>): ReadonlySet<string> {
  return new Set(
    [...files.keys()]
      .filter((path) => path.startsWith("node_modules/"))
      .map((path) => splitName(path.slice("node_modules/".length))[0]),
  );
}

/** What a running Firn asks of it: that .js files are modules, and its own version. */
function manifest(): Uint8Array {
  const { name, version, license, type } = JSON.parse(
    readFileSync(join(ROOT, "package.json"), "utf8"),
  ) as Readonly<Record<string, unknown>>;
  return Buffer.from(`${JSON.stringify({ name, version, license, type }, null, 2)}\n`);
}

function putAll(folder: string, files: Iterable<readonly [string, Uint8Array]>): void {
  for (const [path, bytes] of files) put(join(folder, path), bytes, 0o644);
}

const EPOCH = 0;

function put(file: string, bytes: Uint8Array, mode: number): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bytes);
  chmodSync(file, mode);
  lutimesSync(file, EPOCH, EPOCH);
}

/** Folders last: a file that is put into one changes its time. */
function settle(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isDirectory()) settle(join(folder, entry.name));
  chmodSync(folder, 0o755);
  lutimesSync(folder, EPOCH, EPOCH);
}
