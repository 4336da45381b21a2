// npm run image: the card of a board, or what an emulator starts, built from pinned packages. The same sources give the
// same bytes.

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { askArchive, fetchPackages, mirrorOf } from "./image/archive.ts";
import { build } from "./image/build.ts";
import { moved, readLock, writeLock } from "./image/lock.ts";
import { type Asked, readOptions, USAGE } from "./image/options.ts";
import { type Arch, PACKAGES, SUITE } from "./image/packages.ts";
import { BuildError, checkTools, say } from "./image/run.ts";

const ROOT = resolve(import.meta.dirname, "..");
const lockFile = (arch: Arch) => join(ROOT, `scripts/image/packages.${arch}.lock`);

/** Resolves with the exit code. */
export async function image(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  try {
    const asked = readOptions(args);
    if (asked === "help") {
      say(USAGE);
      return 0;
    }
    if (process.getuid?.() !== 0)
      throw new BuildError("an image is built by root: its files are owned by root");
    const cache = resolve(env.FIRN_IMAGE_CACHE ?? join(homedir(), ".cache/firn-image"));
    mkdirSync(cache, { recursive: true });
    if (asked === "lock") renew(cache, env);
    else await make(asked, cache, env);
    return 0;
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

function renew(cache: string, env: NodeJS.ProcessEnv): void {
  const head = [
    `Packages of Debian ${SUITE} that an image is made of: name, version, SHA-256, place in the archive.`,
    "Renewed by npm run image -- --lock.",
  ];
  for (const arch of Object.keys(PACKAGES) as Arch[]) {
    const before = readLock(readFileSync(lockFile(arch), "utf8"), lockFile(arch));
    const now = askArchive(join(cache, `apt-${arch}`), arch, mirrorOf(env));
    writeFileSync(lockFile(arch), writeLock(now, head));
    const changes = moved(before, now);
    say(`${arch}: ${changes.length === 0 ? "nothing moved" : changes.join("; ")}`);
  }
}

async function make(asked: Asked, cache: string, env: NodeJS.ProcessEnv): Promise<void> {
  const { arch } = asked.board;
  checkTools(arch);
  const lock = readLock(readFileSync(lockFile(arch), "utf8"), lockFile(arch));
  const mirror = () => mirrorOf(env);
  const fetched = fetchPackages(lock, { cache, arch, mirror, allowMoved: asked.allowMoved });
  for (const one of fetched.moved) say(`MOVED: ${one}`);
  const out = resolve(asked.out);
  mkdirSync(out, { recursive: true });
  const work = mkdtempSync(join(out, "work-"));
  try {
    await build({ ...asked, ...source(env), out, work, cache, packages: fetched });
  } finally {
    if (env.FIRN_IMAGE_KEEP !== "work") rmSync(work, { recursive: true, force: true });
  }
}

/** The commit's own time is every file's time: SOURCE_DATE_EPOCH says otherwise. */
function source(env: NodeJS.ProcessEnv): { readonly time: number; readonly commit: string } {
  const head = git("log", "-1", "--format=%H %ct")?.split(" ");
  const changed = git("status", "--porcelain") ? ", changed" : "";
  const time = Number(env.SOURCE_DATE_EPOCH ?? head?.[1]);
  if (!Number.isSafeInteger(time) || time <= 0)
    throw new BuildError("these sources are no commit of git: say their time by SOURCE_DATE_EPOCH");
  return { time, commit: head === undefined ? "unknown" : head[0] + changed };
}

function git(...args: string[]): string | undefined {
  try {
    return execFileSync("git", ["-C", ROOT, ...args], { encoding: "utf8", stdio: "pipe" }).trim();
  } catch {
    return undefined;
  }
}

if (process.argv[1] === import.meta.filename)
  process.exitCode = await image(process.argv.slice(2), process.env);
