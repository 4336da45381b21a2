// What the programs of a machine reach: every file that one of them loads, that such a file loads, and so on. What is
// not reached is not on the machine.

import { readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join, normalize } from "node:path";
import { existing, FURTHER, fileOfPackage, filesUnder, packageFolder, splitName } from "./app-packages.ts";
import { javaScriptName, type Load, loadsOf, toJavaScript } from "./app-source.ts";

/** Never on a machine: who plays a board, and what builds and proves. */
const FOREIGN = /^(device\/sim|scripts|test)\//;
const MODULE = /\.([cm]?js|ts)$/;

export class Unreachable extends Error {}

/** Target path → bytes, sorted by path. Throws where a file that is loaded is missing, or has no place on a machine. */
export function reach(root: string, programs: readonly string[]): ReadonlyMap<string, Uint8Array> {
  const reached = new Map<string, Uint8Array>();
  const waiting: Found[] = programs.map((file) => ({ file, from: "a unit" }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { file, from } = next;
    const target = javaScriptName(file);
    if (reached.has(target)) continue;
    if (FOREIGN.test(file)) throw new Unreachable(`${from} loads ${file}, which has no place on a machine`);
    const bytes = bytesOf(root, existing(root, file) ?? missing(file, from));
    reached.set(target, bytes);
    if (MODULE.test(file))
      waiting.push(...loadedBy(root, file, bytes).map((one) => ({ file: one, from: file })));
  }
  return new Map([...reached].sort(([a], [b]) => (a < b ? -1 : 1)));
}

interface Found {
  readonly file: string;
  readonly from: string;
}

function bytesOf(root: string, file: string): Uint8Array {
  const bytes = readFileSync(join(root, file));
  return file.endsWith(".ts") ? Buffer.from(toJavaScript(bytes.toString("utf8"))) : bytes;
}

function loadedBy(root: string, from: string, bytes: Uint8Array): string[] {
  return loadsOf(Buffer.from(bytes).toString("utf8"))
    .filter(({ name }) => !isNodes(name))
    .flatMap((load) => filesOf(root, from, load));
}

function isNodes(name: string): boolean {
  return name.startsWith("node:") || builtinModules.includes(name);
}

function filesOf(root: string, from: string, load: Load): string[] {
  const { name, way } = load;
  if (!name.startsWith(".") && way !== "url") return filesOfPackage(root, from, load);
  const path = normalize(join(dirname(from), name));
  const source = from.endsWith(".ts") ? path.replace(/\.js$/, ".ts") : path;
  return [existing(root, source) ?? missing(name, from)];
}

function filesOfPackage(root: string, from: string, { name, way }: Load): string[] {
  const [packageName, subpath] = splitName(name);
  const folder = packageFolder(root, from, packageName) ?? missing(name, from);
  const file = fileOfPackage(root, folder, subpath, way) ?? missing(name, from);
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

function missing(name: string, from: string): never {
  throw new Unreachable(`${from} loads ${name}, which is not there`);
}
