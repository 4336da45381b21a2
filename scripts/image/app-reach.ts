// What the programs of a machine reach: every file that one of them loads, that such a file loads, and so on. What is
// not reached is not on the machine.

import { readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join, normalize } from "node:path";
import {
  DISPENSABLE,
  existing,
  FURTHER,
  fileOfPackage,
  filesUnder,
  packageFolder,
  splitName,
} from "./app-packages.ts";
import { javaScriptName, type Load, loadsOf, toJavaScript } from "./app-source.ts";

/** The three that live as long as Firn does; what root does before and beside them. */
const PROGRAMS = ["device/pi", "device/pi/root"];

/** Never on a machine: who plays a board, and what builds and proves. */
const FOREIGN = /^(device\/sim|scripts|test)\//;

export class Unreachable extends Error {}

/** By the repository's folder layout: the programs' own sources. */
export function programs(root: string): string[] {
  return PROGRAMS.flatMap((folder) =>
    filesUnder(root, folder).filter((file) => dirname(file) === folder && file.endsWith(".ts")),
  );
}

/** Target path → bytes of all that these programs reach, sorted by path. */
export function reach(root: string, from: readonly string[]): ReadonlyMap<string, Uint8Array> {
  const reached = new Map<string, Uint8Array>();
  const waiting = [...from];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    const target = javaScriptName(file);
    if (reached.has(target)) continue;
    if (FOREIGN.test(file)) throw new Unreachable(`${file} has no place on a machine`);
    const bytes = bytesOf(root, file);
    reached.set(target, bytes);
    waiting.push(...loadedBy(root, file, bytes));
  }
  return new Map([...reached].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function bytesOf(root: string, file: string): Uint8Array {
  const bytes = readFileSync(join(root, file));
  return file.endsWith(".ts") ? Buffer.from(toJavaScript(bytes.toString("utf8"))) : bytes;
}

function loadedBy(root: string, file: string, bytes: Uint8Array): string[] {
  if (!/\.([cm]?js|ts)$/.test(file)) return [];
  return loadsOf(Buffer.from(bytes).toString("utf8"))
    .filter(({ name }) => !isNodes(name) && !(name in DISPENSABLE))
    .flatMap((load) => filesOf(root, file, load));
}

function isNodes(name: string): boolean {
  return name.startsWith("node:") || BUILTIN.has(name);
}
const BUILTIN: ReadonlySet<string> = new Set(builtinModules);

function filesOf(root: string, from: string, { name, way }: Load): string[] {
  if (name.startsWith(".") || way === "url") {
    const path = normalize(join(dirname(from), name));
    const source = from.endsWith(".ts") ? path.replace(/\.js$/, ".ts") : path;
    const found = existing(root, source);
    if (found === undefined) throw new Unreachable(`${from} loads ${name}, which is not there`);
    return [found];
  }
  const [packageName, subpath] = splitName(name);
  const folder = packageFolder(root, from, packageName);
  if (folder === undefined) throw new Unreachable(`${from} loads ${name}: the package is not installed`);
  const file = fileOfPackage(root, folder, subpath, way);
  if (file === undefined) throw new Unreachable(`${from} loads ${name}: the package has no such file`);
  return [file, ...besides(root, folder, packageName)];
}

/** What comes with a package wherever it goes: its manifest, its licence, and files that no import names. */
function besides(root: string, folder: string, name: string): string[] {
  const further = (FURTHER[name] ?? []).flatMap((path) => filesUnder(root, join(folder, path)));
  const papers = filesUnder(root, folder).filter(
    (file) => dirname(file) === folder && /\/(package\.json|licen[cs]e[^/]*)$/i.test(file),
  );
  return [...papers, ...further];
}
