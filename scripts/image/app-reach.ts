// What the programs of a machine reach: every file that one of them loads, that such a file loads, and so on. What is
// not reached is not on the machine.

import { readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join, normalize } from "node:path";
import { existing, FURTHER, fileOfPackage, filesUnder, packageFolder, splitName } from "./app-packages.ts";
import { javaScriptName, type Load, loadsOf, toJavaScript, type Way } from "./app-source.ts";

/** Never on a machine: who plays a board, and what builds and proves. */
const FOREIGN = /^(device\/sim|scripts|test)\//;
const OURS = /^(src|device)\//;
const MODULE = /\.([cm]?js|ts)$/;

export class Unreachable extends Error {}

export interface Reached {
  /** Target path → bytes, sorted by path. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Targets that can be loaded without beginning anything: our modules, and the packages' that these import. */
  readonly modules: readonly string[];
}

/** Throws where a file that is loaded is missing, or has no place on a machine. */
export function reach(root: string, programs: readonly string[]): Reached {
  const files = new Map<string, Uint8Array>();
  const modules = new Set<string>();
  const waiting: Found[] = programs.map((program) => ({
    ...{ file: existing(root, program) ?? missing(program, "a unit"), way: "url" },
  }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { file, way, from } = next;
    const target = javaScriptName(file);
    if (way === "import" && OURS.test(from!) && MODULE.test(file)) modules.add(target);
    if (files.has(target)) continue;
    if (FOREIGN.test(file))
      throw new Unreachable(`${from ?? "a unit"} loads ${file}: it has no place on a machine`);
    const bytes = bytesOf(root, file);
    files.set(target, bytes);
    if (MODULE.test(file)) waiting.push(...loadedBy(root, file, bytes));
  }
  return { files: new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1))), modules: [...modules].sort() };
}

interface Found {
  readonly file: string;
  readonly way: Way;
  /** Absent: a program. */
  readonly from?: string;
}

function bytesOf(root: string, file: string): Uint8Array {
  const bytes = readFileSync(join(root, file));
  return file.endsWith(".ts") ? Buffer.from(toJavaScript(bytes.toString("utf8"))) : bytes;
}

function loadedBy(root: string, from: string, bytes: Uint8Array): Found[] {
  return loadsOf(Buffer.from(bytes).toString("utf8"))
    .filter(({ name }) => !isNodes(name))
    .flatMap((load) => filesOf(root, from, load));
}

function isNodes(name: string): boolean {
  return name.startsWith("node:") || builtinModules.includes(name);
}

function filesOf(root: string, from: string, load: Load): Found[] {
  const { name, way } = load;
  if (!name.startsWith(".") && way !== "url") return filesOfPackage(root, from, load);
  const path = normalize(join(dirname(from), name));
  const source = from.endsWith(".ts") ? path.replace(/\.js$/, ".ts") : path;
  return [{ file: existing(root, source) ?? missing(name, from), way, from }];
}

function filesOfPackage(root: string, from: string, { name, way }: Load): Found[] {
  const [packageName, subpath] = splitName(name);
  const folder = packageFolder(root, from, packageName) ?? missing(name, from);
  const file = fileOfPackage(root, folder, subpath, way) ?? missing(name, from);
  return [{ file, way, from }, ...besides(root, folder, packageName)];
}

/** What comes with a package wherever it goes: its manifest, its licence, and files that no import names. */
function besides(root: string, folder: string, name: string): Found[] {
  const further = (FURTHER[name] ?? []).flatMap((path) => filesUnder(root, join(folder, path)));
  const papers = filesUnder(root, folder).filter(
    (file) => dirname(file) === folder && /\/(package\.json|licen[cs]e[^/]*)$/i.test(file),
  );
  return [...papers, ...further].map((file) => ({ file, way: "url", from: folder }));
}

function missing(name: string, from: string): never {
  throw new Unreachable(`${from} loads ${name}, which is not there`);
}
