// Debian's archive, asked through apt: its own downloader, its own check of signatures, the mirror that this machine is
// set to. apt's state is a private folder, so that nothing of the machine's own is read or changed.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { moved, type Pinned, readPrinted } from "./lock.ts";
import { type Arch, COMPONENTS, KERNEL, PACKAGES, SUITE } from "./packages.ts";
import { BuildError, run, say } from "./run.ts";

const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";
const HELPER = "/usr/lib/apt/apt-helper";

/** The archive that this machine takes Debian's packages from, or FIRN_IMAGE_MIRROR; ends with a slash. */
export function mirrorOf(environment: NodeJS.ProcessEnv): string {
  const format = "$(REPO_URI)";
  const lines = run("apt-get", [
    "indextargets",
    "--format",
    format,
    "Created-By: Packages",
    "Component: main",
  ]);
  const found = environment.FIRN_IMAGE_MIRROR ?? lines.split("\n").find((uri) => /\/debian\/?$/.test(uri));
  if (found === undefined)
    throw new BuildError("this machine has no archive of Debian in its sources: set FIRN_IMAGE_MIRROR");
  return found.endsWith("/") ? found : `${found}/`;
}

function privateApt(folder: string, arch: Arch, mirror: string): Record<string, string> {
  for (const one of ["state/lists/partial", "cache/archives/partial"])
    mkdirSync(join(folder, one), { recursive: true });
  writeFileSync(join(folder, "status"), "");
  const source = `deb [signed-by=${KEYRING}] ${mirror} ${SUITE} ${COMPONENTS.join(" ")}\n`;
  writeFileSync(join(folder, "sources.list"), source);
  const settings = {
    "Dir::State": join(folder, "state"),
    "Dir::State::status": join(folder, "status"),
    "Dir::Cache": join(folder, "cache"),
    "Dir::Etc::sourcelist": join(folder, "sources.list"),
    "Dir::Etc::sourceparts": "/dev/null",
    "Dir::Etc::preferences": "/dev/null",
    "Dir::Etc::preferencesparts": "/dev/null",
    "APT::Architecture": arch,
    "APT::Architectures": arch,
    "APT::Sandbox::User": "root",
    "Acquire::Languages": "none",
  };
  const text = Object.entries(settings).map(([name, value]) => `${name} "${value}";\n`);
  writeFileSync(join(folder, "apt.conf"), text.join(""));
  return { APT_CONFIG: join(folder, "apt.conf") };
}

/** Every package as the archive has it now, by its signed index. */
export function askArchive(folder: string, arch: Arch, mirror: string): Pinned[] {
  const env = privateApt(folder, arch, mirror);
  run("apt-get", ["-q", "--error-on=any", "update"], { env });
  const shown = run("apt-cache", ["show", "--no-all-versions", KERNEL[arch]], { env });
  const kernel = /^Depends: .*?(linux-image-\d\S+)/m.exec(shown)?.[1];
  if (kernel === undefined) throw new BuildError(`${KERNEL[arch]} names no kernel`);
  const names = [...PACKAGES[arch], kernel];
  return readPrinted(run("apt-get", ["download", "--print-uris", ...names], { env }), mirror);
}

export interface Fetched {
  readonly pinned: readonly Pinned[];
  /** Not what the lock says: each difference in words. */
  readonly moved: readonly string[];
}

export interface FetchOptions {
  readonly cache: string;
  readonly arch: Arch;
  readonly mirror: () => string;
  /** What the archive has now is taken where it has moved past the lock. */
  readonly allowMoved: boolean;
}

/** Brings what the lock names into the cache; a file already there counts only by its hash. */
export function fetchPackages(lock: readonly Pinned[], options: FetchOptions): Fetched {
  const gone = download(lock, options);
  if (gone.length === 0) return { pinned: lock, moved: [] };
  if (!options.allowMoved)
    throw new BuildError(
      `the archive no longer has, or never had:\n${gone.map((one) => `  ${one.name} ${one.version}`).join("\n")}\n` +
        "set FIRN_IMAGE_MIRROR to an archive that keeps old packages, renew the lock with --lock, " +
        "or build for tests alone with --moved",
    );
  const now = askArchive(join(options.cache, `apt-${options.arch}`), options.arch, options.mirror());
  const missing = download(now, options);
  if (missing.length > 0)
    throw new BuildError(`the archive lists but does not have: ${missing.map((one) => one.name).join(" ")}`);
  return { pinned: now, moved: moved(lock, now) };
}

export function debPath(cache: string, one: Pinned): string {
  return join(cache, "packages", `${one.sha256}.deb`);
}

/** Gives what could not be had. */
function download(wanted: readonly Pinned[], options: FetchOptions): Pinned[] {
  mkdirSync(join(options.cache, "packages"), { recursive: true });
  const missing = wanted.filter((one) => !isThere(debPath(options.cache, one), one.sha256));
  if (missing.length === 0) return [];
  const mirror = options.mirror();
  say(`fetching ${missing.length} packages from ${mirror}`);
  for (const one of missing) fetchOne(mirror, one, debPath(options.cache, one));
  return missing.filter((one) => !isThere(debPath(options.cache, one), one.sha256));
}

function fetchOne(mirror: string, one: Pinned, to: string): void {
  const part = `${to}.part`;
  rmSync(part, { force: true });
  const uri = mirror + one.path;
  const args = ["-o", "APT::Sandbox::User=root", "download-file", uri, part, `SHA256:${one.sha256}`];
  try {
    execFileSync(HELPER, args, { stdio: ["ignore", "ignore", "pipe"] });
    if (isThere(part, one.sha256)) renameSync(part, to);
  } catch {
    say(`not to be had: ${basename(one.path)}`);
  } finally {
    rmSync(part, { force: true });
  }
}

function isThere(path: string, sha256: string): boolean {
  return existsSync(path) && createHash("sha256").update(readFileSync(path)).digest("hex") === sha256;
}
