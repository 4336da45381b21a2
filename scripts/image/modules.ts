// Modules of the kernel: those that a board names and what these need, in the order in which they can be loaded. No other
// comes near an image.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { BuildError, pipe } from "./run.ts";

/** A kernel's modules, as depmod lists them: path below the folder → paths that must be loaded before. */
export type Dependencies = ReadonlyMap<string, readonly string[]>;

export function readDependencies(text: string): Dependencies {
  return new Map(
    text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => {
        const [path, rest] = line.split(":");
        return [path!, rest!.trim().split(" ").filter(Boolean)];
      }),
  );
}

/** The module's name: hyphens and underscores are the same. */
export function moduleName(path: string): string {
  return basename(path)
    .replace(/\.ko(\.xz|\.zst|\.gz)?$/, "")
    .replaceAll("-", "_");
}

/**
 * Paths in loading order. A name that is built into the kernel gives nothing; one that is neither there nor built in is
 * an error. depmod lists the needed ones with the deepest last.
 */
export function loadOrder(
  names: readonly string[],
  all: Dependencies,
  builtin: ReadonlySet<string>,
): string[] {
  const byName = new Map([...all.keys()].map((path) => [moduleName(path), path]));
  const order = new Set<string>();
  for (const name of names) {
    const plain = moduleName(name);
    const path = byName.get(plain);
    if (path === undefined && !builtin.has(plain)) throw new BuildError(`the kernel has no module ${name}`);
    if (path === undefined) continue;
    for (const needed of [...all.get(path)!].reverse()) order.add(needed);
    order.add(path);
  }
  return [...order];
}

export interface Module {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Reads and unpacks them from lib/modules/VERSION. */
export function modulesOf(folder: string, names: readonly string[]): Module[] {
  const all = readDependencies(readFileSync(join(folder, "modules.dep"), "utf8"));
  const builtin = readFileSync(join(folder, "modules.builtin"), "utf8").split("\n").map(moduleName);
  return loadOrder(names, all, new Set(builtin)).map((path) => ({
    name: moduleName(path),
    bytes: unpacked(join(folder, path)),
  }));
}

function unpacked(path: string): Buffer {
  const bytes = readFileSync(path);
  if (path.endsWith(".xz")) return pipe("xz", ["-dc"], bytes);
  if (!path.endsWith(".ko")) throw new BuildError(`${path} is packed in a way that this build does not know`);
  return bytes;
}

/** The one version in lib/modules whose name ends so. */
export function kernelVersion(folder: string, ending: string): string {
  const found = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(ending)) : [];
  if (found.length !== 1)
    throw new BuildError(`${folder} has ${found.length} kernels whose name ends with "${ending}", not one`);
  return found[0]!;
}
