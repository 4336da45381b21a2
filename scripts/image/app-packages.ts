// Packages: which file a name means, and what a program needs of them that no import names.

import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Way } from "./app-source.ts";

/** Files that a package finds by a name made up at run time. Folders are taken whole. */
export const FURTHER: Readonly<Record<string, readonly string[]>> = {
  // What it knows of the terminals that device/glass names.
  blessed: ["usr/linux", "usr/xterm", "usr/xterm-256color"],
  "tiny-secp256k1": ["lib/secp256k1.wasm"],
};

interface Manifest {
  readonly main?: string;
  readonly exports?: unknown;
}

/** "@noble/curves/nist.js" → ["@noble/curves", "./nist.js"] */
export function splitName(name: string): readonly [string, string] {
  const parts = name.split("/");
  const count = name.startsWith("@") ? 2 : 1;
  const rest = parts.slice(count).join("/");
  return [parts.slice(0, count).join("/"), rest === "" ? "." : `./${rest}`];
}

/** The folder of a package as a file sees it: the nearest node_modules that has it. Undefined: it is not installed. */
export function packageFolder(root: string, from: string, name: string): string | undefined {
  for (let folder = dirname(from); ; folder = dirname(folder)) {
    const found = join(folder, "node_modules", name);
    if (existsSync(join(root, found, "package.json"))) return found;
    if (folder === "." || folder === "/") return undefined;
  }
}

/** The file that a package gives for one of its names. */
export function fileOfPackage(root: string, folder: string, subpath: string, way: Way): string | undefined {
  const manifest = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")) as Manifest;
  if (manifest.exports !== undefined) {
    const given = exported(manifest.exports, subpath, way);
    return given === undefined ? undefined : existing(root, join(folder, given));
  }
  return existing(root, join(folder, subpath === "." ? (manifest.main ?? "index.js") : subpath));
}

/** Node's own order: the first condition that holds. */
function exported(entry: unknown, subpath: string, way: Way): string | undefined {
  if (typeof entry === "string") return subpath === "." ? entry : undefined;
  if (entry === null || typeof entry !== "object") return undefined;
  const table = entry as Readonly<Record<string, unknown>>;
  if (Object.keys(table).some((key) => key.startsWith("."))) return exported(table[subpath], ".", way);
  for (const [condition, value] of Object.entries(table)) {
    if (!["node", "module-sync", "default", way].includes(condition)) continue;
    const found = exported(value, subpath, way);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The file itself, or what require makes of its name. */
export function existing(root: string, path: string): string | undefined {
  const guesses = [path, `${path}.js`, `${path}.json`, join(path, "index.js")];
  return guesses.find((guess) => statSync(join(root, guess), { throwIfNoEntry: false })?.isFile());
}

/** All files under a folder or the file itself, sorted; none where it is missing. */
export function filesUnder(root: string, path: string): string[] {
  const stat = statSync(join(root, path), { throwIfNoEntry: false });
  if (!stat) return [];
  if (!stat.isDirectory()) return [path];
  return readdirSync(join(root, path))
    .sort()
    .flatMap((name) => filesUnder(root, join(path, name)));
}
