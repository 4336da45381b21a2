// Where libraries are looked for.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { FindLibrary } from "./elf.ts";
import { type Arch, TRIPLET } from "./packages.ts";

export function libraryFolders(arch: Arch): string[] {
  return [`/usr/lib/${TRIPLET[arch]}`, `/usr/lib/${TRIPLET[arch]}/systemd`, "/usr/lib"];
}

export function findIn(trees: readonly string[]): FindLibrary {
  return (name, folders) => {
    for (const folder of folders)
      for (const tree of trees) {
        const path = join(folder, name);
        if (existsSync(join(tree, path))) return { path, bytes: readFileSync(join(tree, path)) };
      }
    return undefined;
  };
}
