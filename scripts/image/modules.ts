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

/** What a module asks for without needing it: "softdep vc4 pre: snd-soc-hdmi-codec". Some are names of a service. */
export function readWishes(softdeps: string, aliases: string): ReadonlyMap<string, readonly string[]> {
  const offered = new Map<string, string[]>();
  for (const [, name, by] of aliases.matchAll(/^alias (\S+) (\S+)$/gm))
    offered.set(name!, [...(offered.get(name!) ?? []), by!]);
  const wishes = new Map<string, readonly string[]>();
  for (const [, name, list] of softdeps.matchAll(/^softdep (\S+) pre: ([^:\n]+?)(?: post:.*)?$/gm))
    wishes.set(
      moduleName(name!),
      list!.split(" ").flatMap((one) => offered.get(one) ?? [one]),
    );
  return wishes;
}

export interface Kernel {
  readonly dependencies: Dependencies;
  readonly builtin: ReadonlySet<string>;
  readonly wishes: ReadonlyMap<string, readonly string[]>;
}

/**
 * Paths in loading order: before each module what it needs and what it wishes for. A name that is built into the kernel
 * gives nothing; one that is neither there nor built in is an error, unless it is only wished for. depmod lists the
 * needed ones with the deepest last.
 */
export function loadOrder(names: readonly string[], { dependencies, builtin, wishes }: Kernel): string[] {
  const byName = new Map([...dependencies.keys()].map((path) => [moduleName(path), path]));
  const order = new Set<string>();
  const add = (path: string) => {
    for (const wish of wishes.get(moduleName(path)) ?? []) load(byName.get(moduleName(wish)));
    order.add(path);
  };
  const load = (path: string | undefined) => {
    if (path === undefined || order.has(path)) return;
    for (const needed of [...dependencies.get(path)!].reverse()) if (!order.has(needed)) add(needed);
    add(path);
  };
  for (const name of names) {
    const path = byName.get(moduleName(name));
    if (path === undefined && !builtin.has(moduleName(name)))
      throw new BuildError(`the kernel has no module ${name}`);
    load(path);
  }
  return [...order];
}

export interface Module {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Reads and unpacks them from lib/modules/VERSION. */
export function modulesOf(folder: string, names: readonly string[]): Module[] {
  const text = (name: string) => readFileSync(join(folder, name), "utf8");
  const kernel = {
    dependencies: readDependencies(text("modules.dep")),
    builtin: new Set(text("modules.builtin").split("\n").map(moduleName)),
    wishes: readWishes(text("modules.softdep"), text("modules.alias")),
  };
  return loadOrder(names, kernel).map((path) => ({
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
export function kernelVersion(folder: string, ending: RegExp): string {
  const found = existsSync(folder) ? readdirSync(folder).filter((name) => ending.test(name)) : [];
  if (found.length !== 1)
    throw new BuildError(
      `${folder} has ${found.length} kernels whose name ends in ${ending.source}, not one`,
    );
  return found[0]!;
}
