// What of Firn goes onto a machine: /usr/lib/firn with all that its programs reach, and the exact Node that runs it.

import { chmodSync, lutimesSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { USERS } from "./accounts.ts";
import { compiledCode } from "./app-code.ts";
import { nativeParts } from "./app-native.ts";
import { type Arch, nodePackage, strippedNode } from "./app-node.ts";
import { splitName } from "./app-packages.ts";
import { reach } from "./app-reach.ts";
import { startsOf } from "./app-units.ts";

const ROOT = resolve(import.meta.dirname, "../..");

export interface AppOptions {
  readonly arch: Arch;
  /** Becomes / of the machine. */
  readonly out: string;
  /** What was fetched stays here for the next build. */
  readonly cache: string;
  /** The machine's users by their names; else those of an image. */
  readonly uids?: Readonly<Record<string, number>>;
}

/** Where Firn stands on a machine, and its Node. */
export const APP = "usr/lib/firn";
export const NODE = "usr/bin/node";

const IMAGE_UIDS = Object.fromEntries(USERS.map(({ name, id }) => [name, id]));

/** Writes both below `out`. The same sources give the same bytes, modes and times wherever and whenever it runs. */
export async function buildApp(options: AppOptions): Promise<void> {
  const { arch, cache } = options;
  const out = resolve(options.out);
  const node = nodePackage(ROOT, arch, cache);
  const { files } = reach(ROOT, programs());
  putAll(join(out, APP), [
    ...files,
    ...nativeParts(ROOT, arch, node, cache, packagesOf(files)),
    ["package.json", manifest()],
    ["LICENSE", readFileSync(join(ROOT, "LICENSE"))],
    ["LICENSE.nodejs", readFileSync(join(node, "LICENSE"))],
  ]);
  put(join(out, NODE), strippedNode(node, arch, cache), 0o755);
  compile({ ...options, out });
  settle(join(out, APP));
}

/** Whatever a unit starts. */
function programs(): string[] {
  return [...new Set(startsOf(ROOT).map(({ program }) => program))];
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

function compile({ arch, out, cache, uids = IMAGE_UIDS }: AppOptions): void {
  const app = join(out, APP);
  for (const start of startsOf(ROOT)) {
    if (start.compiled === undefined) continue;
    const uid = uids[start.user];
    if (uid === undefined) throw new Error(`${start.unit} runs as ${start.user}, whom nobody knows`);
    const { modules } = reach(ROOT, [start.program]);
    putAll(app, compiledCode({ arch, node: join(out, NODE), app, start, modules, uid, cache }));
  }
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
