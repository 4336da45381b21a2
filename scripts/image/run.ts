// Foreign programs of the build: found before anything begins, run with their words shown only when they fail.

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

/** Something that the person who builds can mend: said in words, without a stack. */
export class BuildError extends Error {}

/** What the build calls, and Debian's package that has it. */
export const TOOLS: Readonly<Record<string, string>> = {
  "apt-get": "apt",
  debugfs: "e2fsprogs",
  depmod: "kmod",
  "dpkg-deb": "dpkg",
  fdtget: "device-tree-compiler",
  fdtput: "device-tree-compiler",
  mcopy: "mtools",
  mmd: "mtools",
  mke2fs: "e2fsprogs",
  "mkfs.vfat": "dosfstools",
  mksquashfs: "squashfs-tools",
  veritysetup: "cryptsetup-bin",
  xz: "xz-utils",
};

const FOLDERS = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

export function toolPath(name: string): string {
  const path = FOLDERS.map((folder) => `${folder}/${name}`).find(existsSync);
  if (path === undefined)
    throw new BuildError(`${name} is missing: install Debian's package ${TOOLS[name] ?? name}`);
  return path;
}

export function checkTools(): void {
  const missing = Object.entries(TOOLS)
    .filter(([name]) => !FOLDERS.some((folder) => existsSync(`${folder}/${name}`)))
    .map(([, source]) => source);
  if (missing.length > 0)
    throw new BuildError(`install these packages of Debian first: ${[...new Set(missing)].join(" ")}`);
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
