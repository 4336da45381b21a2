// npm run repro: builds an image twice, the second time elsewhere, from freshly unpacked packages, as another time zone,
// language and file mask would have it, and compares all that was written.

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Manifest } from "./image/manifest.ts";

const IMAGE = resolve(import.meta.dirname, "image.ts");

/** Arguments are those of npm run image. Resolves with the exit code. */
export function repro(args: readonly string[], env: NodeJS.ProcessEnv): number {
  const folder = mkdtempSync(join(tmpdir(), "firn-repro-"));
  try {
    const cache = resolve(env.FIRN_IMAGE_CACHE ?? join(homedir(), ".cache/firn-image"));
    const first = build(args, join(folder, "first"), process.cwd(), { ...env, FIRN_IMAGE_CACHE: cache });
    if (first === undefined) return 1;
    const elsewhere = join(folder, "elsewhere");
    const fresh = freshCache(cache, join(folder, "cache"));
    mkdirSync(elsewhere);
    const other = { TZ: "Pacific/Kiritimati", LANG: "de_DE.UTF-8", LC_ALL: "de_DE.UTF-8" };
    process.umask(0o077);
    const second = build(args, join(elsewhere, "second"), elsewhere, {
      ...env,
      ...other,
      FIRN_IMAGE_CACHE: fresh,
    });
    return second === undefined ? 1 : compared(first, second);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What was fetched is shared, as it counts only by its hash; what was made of it is made again. */
function freshCache(cache: string, fresh: string): string {
  mkdirSync(fresh);
  for (const name of readdirSync(cache))
    if (name === "packages" || name.endsWith(".tgz")) symlinkSync(join(cache, name), join(fresh, name));
  return fresh;
}

function build(
  args: readonly string[],
  out: string,
  cwd: string,
  env: NodeJS.ProcessEnv,
): Manifest | undefined {
  const flags = ["--disable-warning=ExperimentalWarning", IMAGE, ...args, "--out", out];
  const { status } = spawnSync(process.execPath, flags, { cwd, env, stdio: "inherit" });
  return status === 0
    ? (JSON.parse(readFileSync(join(out, "manifest.json"), "utf8")) as Manifest)
    : undefined;
}

function compared(first: Manifest, second: Manifest): number {
  const names = Object.keys({ ...first.files, ...second.files });
  const different = names.filter((name) => first.files[name]?.sha256 !== second.files[name]?.sha256);
  for (const name of names)
    say(`${different.includes(name) ? "DIFFERS" : "same   "} ${first.files[name]?.sha256} ${name}`);
  say(`image id ${first.imageId}, root hash ${first.rootHash}`);
  const same =
    different.length === 0 && first.imageId === second.imageId && first.rootHash === second.rootHash;
  say(same ? "Bit for bit the same, twice." : "NOT the same twice.");
  return same ? 0 : 1;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

if (process.argv[1] === import.meta.filename) process.exitCode = repro(process.argv.slice(2), process.env);
