// The exact Node for one kind of machine: the package that package-lock.json pins by its hash.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

export type Arch = "arm64" | "amd64";

/** As Node calls them. */
export const NODE_ARCH: Readonly<Record<Arch, string>> = { arm64: "arm64", amd64: "x64" };

const TRIPLE: Readonly<Record<Arch, string>> = { arm64: "aarch64-linux-gnu", amd64: "x86_64-linux-gnu" };

/** A tool of the compiler for that kind of machine: this machine's own, or the one for crossing over. */
export function toolFor(arch: Arch, name: string): string {
  return NODE_ARCH[arch] === process.arch ? name : `${TRIPLE[arch]}-${name}`;
}

interface Pinned {
  readonly version: string;
  readonly integrity: string;
}

function pinned(root: string, name: string): Pinned {
  const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
    readonly packages: Readonly<Record<string, Partial<Pinned>>>;
  };
  const { version, integrity } = lock.packages[`node_modules/${name}`] ?? {};
  if (version === undefined || !integrity?.startsWith("sha512-"))
    throw new Error(`package-lock.json does not pin ${name}`);
  return { version, integrity };
}

/** The folder of the unpacked package: installed by npm, which checked it, or fetched and checked here. */
export function nodePackage(root: string, arch: Arch, cache: string): string {
  const name = `node-linux-${NODE_ARCH[arch]}`;
  const { version, integrity } = pinned(root, name);
  const installed = join(root, "node_modules", name);
  if (existsSync(join(installed, "bin/node")) && versionOf(installed) === version) return installed;
  const folder = join(cache, `${name}-${version}`);
  if (!existsSync(folder)) unpack(fetchPackage(name, version, integrity, cache), folder);
  return folder;
}

function versionOf(folder: string): string {
  return (JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { readonly version: string })
    .version;
}

function fetchPackage(name: string, version: string, integrity: string, cache: string): string {
  mkdirSync(cache, { recursive: true });
  const file = join(cache, `${name}-${version}.tgz`);
  if (!existsSync(file))
    execFileSync("npm", ["pack", "--silent", "--pack-destination", cache, `${name}@${version}`]);
  const found = `sha512-${createHash("sha512").update(readFileSync(file)).digest("base64")}`;
  if (found === integrity) return file;
  rmSync(file);
  throw new Error(`${name}@${version} is not the file that package-lock.json pins`);
}

/** Under another name until it is whole: what is cut off half way is not taken for the package. */
function unpack(file: string, folder: string): void {
  const part = `${folder}.part`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { recursive: true });
  execFileSync("tar", ["-xzf", file, "--strip-components=1", "-C", part]);
  renameSync(part, folder);
}

/** The program without its symbols, which nothing here reads: a fifth less of it. */
export function strippedNode(folder: string, arch: Arch, cache: string): Uint8Array {
  mkdirSync(cache, { recursive: true });
  const file = join(cache, `node-stripped-${arch}-${process.pid}`);
  try {
    execFileSync(toolFor(arch, "strip"), ["--strip-all", "-o", file, join(folder, "bin/node")]);
    return readFileSync(file);
  } finally {
    rmSync(file, { force: true });
  }
}
