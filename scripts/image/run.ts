// Foreign programs of the build: found before anything begins, run with their words shown only when they fail.

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

/** Something that the person who builds can mend: said in words, without a stack. */
export class BuildError extends Error {}

/** What the build calls, and Debian's package that has it. */
const TOOLS: Readonly<Record<string, string>> = {
  "apt-get": "apt",
  debugfs: "e2fsprogs",
  depmod: "kmod",
  "dpkg-deb": "dpkg",
  "dpkg-query": "dpkg",
  fdtput: "device-tree-compiler",
  mcopy: "mtools",
  mke2fs: "e2fsprogs",
  "mkfs.vfat": "dosfstools",
  mksquashfs: "squashfs-tools",
  mmd: "mtools",
  veritysetup: "cryptsetup-bin",
  xz: "xz-utils",
};

/** For Firn's native parts, and to take the symbols off its Node. */
const COMPILERS = {
  own: { "g++": "g++", strip: "binutils" },
  arm64: {
    "aarch64-linux-gnu-g++": "g++-aarch64-linux-gnu",
    "aarch64-linux-gnu-strip": "binutils-aarch64-linux-gnu",
  },
  amd64: {
    "x86_64-linux-gnu-g++": "g++-x86-64-linux-gnu",
    "x86_64-linux-gnu-strip": "binutils-x86-64-linux-gnu",
  },
} as const;

const OWN: Readonly<Record<string, string>> = { arm64: "arm64", x64: "amd64" };

export function toolsFor(arch: "arm64" | "amd64"): Readonly<Record<string, string>> {
  return { ...TOOLS, ...COMPILERS[OWN[process.arch] === arch ? "own" : arch] };
}

const FOLDERS = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

function find(name: string): string | undefined {
  return FOLDERS.map((folder) => `${folder}/${name}`).find(existsSync);
}

function toolPath(name: string): string {
  const path = find(name);
  if (path === undefined)
    throw new BuildError(`${name} is missing: install Debian's package ${TOOLS[name] ?? name}`);
  return path;
}

export function checkTools(arch: "arm64" | "amd64", tools = toolsFor(arch)): void {
  const missing = Object.entries(tools).filter(([name]) => find(name) === undefined);
  if (missing.length > 0)
    throw new BuildError(`install first: ${[...new Set(missing.map(([, source]) => source))].join(" ")}`);
}

/** Which versions built it: others may write the same files in other bytes. */
export function toolVersions(arch: "arm64" | "amd64"): Readonly<Record<string, string>> {
  const names = [...new Set(Object.values(toolsFor(arch)))].sort();
  const lines = run("dpkg-query", ["-W", ...names])
    .trim()
    .split("\n");
  const versions = lines.map((line) => line.split("\t") as [string, string]);
  return Object.fromEntries([...versions, ["node", process.version]]);
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** Nothing of the caller's environment but this reaches a tool: what comes out must not depend on it. */
const CLEAN = { PATH: FOLDERS.join(":"), LC_ALL: "C", TZ: "UTC", HOME: "/nonexistent" };

export function run(tool: string, args: readonly string[], options: RunOptions = {}): string {
  try {
    return execFileSync(toolPath(tool), args, {
      cwd: options.cwd,
      env: { ...CLEAN, ...options.env },
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      maxBuffer: 64 * 1024 * 1024,
    });
  } catch (error) {
    const { stderr, status } = error as { stderr?: string; status?: number };
    throw new BuildError(`${tool} ended with ${status ?? "an error"}:\n${stderr ?? String(error)}`);
  }
}

/** For what is given and taken as bytes. */
export function pipe(tool: string, args: readonly string[], input: Buffer): Buffer {
  return execFileSync(toolPath(tool), args, { env: CLEAN, input, maxBuffer: 512 * 1024 * 1024 });
}

export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
