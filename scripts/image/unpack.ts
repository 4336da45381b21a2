// Packages unpacked into one folder, by dpkg-deb alone: nothing of them is run. The folder's name is the hash of what is
// in it, so that a second build finds it.

import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { debPath } from "./archive.ts";
import type { Pinned } from "./lock.ts";
import { sha256 } from "./manifest.ts";
import { run, say } from "./run.ts";

/** Documentation and translations are left out: no image has them. */
const LEFT_OUT = ["doc", "man", "info", "locale", "bug", "lintian", "bash-completion", "zsh"];

export function unpack(cache: string, pinned: readonly Pinned[]): string {
  const name = sha256(pinned.map((one) => `${one.sha256}\n`).join(""));
  const tree = join(cache, "trees", name);
  if (existsSync(tree)) return tree;
  say(`unpacking ${pinned.length} packages`);
  mkdirSync(join(cache, "trees"), { recursive: true });
  const part = mkdtempSync(`${tree}.`);
  for (const one of pinned) run("dpkg-deb", ["-x", debPath(cache, one), part]);
  for (const one of LEFT_OUT) rmSync(join(part, "usr/share", one), { recursive: true, force: true });
  for (const version of readdirSync(join(part, "usr/lib/modules")))
    run("depmod", ["-b", join(part, "usr"), version]);
  // Another build may have been here first.
  if (existsSync(tree)) rmSync(part, { recursive: true });
  else renameSync(part, tree);
  return tree;
}
