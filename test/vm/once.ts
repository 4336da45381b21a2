// What several test processes need and one of them makes: images and saved states. Whoever comes while another makes it
// waits; a maker that was killed leaves nothing that looks whole, and keeps nobody waiting.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** `make` fills the folder that it is given, which becomes `folder` when it is whole. */
export async function makeOnce(folder: string, make: (beside: string) => Promise<void>): Promise<void> {
  if (existsSync(folder)) return;
  mkdirSync(dirname(folder), { recursive: true });
  const release = await locked(`${folder}.lock`);
  try {
    if (existsSync(folder)) return;
    const beside = `${folder}.new`;
    rmSync(beside, { recursive: true, force: true });
    await make(beside);
    for (const old of readdirSync(dirname(folder)))
      if (isOlder(old, basename(folder)))
        rmSync(join(dirname(folder), old), { recursive: true, force: true });
    renameSync(beside, folder);
  } finally {
    release();
  }
}

/** The same name with another key: of a tree as it was before. */
function isOlder(name: string, than: string): boolean {
  const [one, other] = [KEYED.exec(name), KEYED.exec(than)];
  return one !== null && other !== null && one[1] === other[1] && one[2] !== other[2];
}

const KEYED = /^(.*)-([0-9a-f]{16})(?:\.lock)?$/;

/** flock(1) holds it for as long as its input is open: the kernel closes that, however this process ends. */
async function locked(file: string): Promise<() => void> {
  const holder = spawn("flock", [file, "sh", "-c", "echo held; exec cat"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const [first] = await Promise.race([once(holder.stdout, "data"), once(holder, "close")]);
  if (!Buffer.isBuffer(first)) throw new Error(`flock does not hold ${file}`);
  return () => holder.stdin.end();
}
