// The archive of the first seconds: busybox and dmsetup, the modules, the table of dm-verity with the root's hash.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { constants, zstdCompressSync } from "node:zlib";
import type { BoardImage } from "../../device/boards/board.ts";
import { cpio, type Entry } from "./cpio.ts";
import { closure, readElf } from "./elf.ts";
import { findIn } from "./libraries.ts";
import { type Module, moduleName } from "./modules.ts";
import { type Arch, LOADER, TRIPLET } from "./packages.ts";

export interface InitramfsParts {
  readonly arch: Arch;
  readonly image: BoardImage;
  readonly modules: readonly Module[];
  /** One line for dmsetup, with DEVICE where the root's device stands. */
  readonly verityTable: string;
  readonly commandLine: readonly string[];
  /** Debian's unpacked packages. */
  readonly tree: string;
  readonly time: number;
}

const FOLDERS = ["bin", "dev", "lib", "modules", "proc", "root", "run", "sys"];

export function initramfs(parts: InitramfsParts): Buffer {
  const archive = cpio(
    [
      ...FOLDERS.map((path): Entry => ({ kind: "folder", path })),
      { kind: "device", path: "dev/console", major: 5, minor: 1 },
      program("init", Buffer.from(script(parts.image))),
      program("bin/busybox", readFileSync(join(parts.tree, "usr/bin/busybox"))),
      ...dmsetup(parts),
      { kind: "file", path: "verity", bytes: Buffer.from(`${parts.verityTable}\n`) },
      { kind: "file", path: "modules/order", bytes: Buffer.from(order(parts)) },
      ...parts.modules.map(
        (one): Entry => ({ kind: "file", path: `modules/${one.name}.ko`, bytes: one.bytes }),
      ),
    ],
    parts.time,
  );
  return zstdCompressSync(archive, { params: { [constants.ZSTD_c_compressionLevel]: 19 } });
}

const program = (path: string, bytes: Buffer): Entry => ({ kind: "file", path, bytes, executable: true });

function script(image: BoardImage): string {
  return readFileSync(join(import.meta.dirname, "init.sh"), "utf8")
    .replaceAll("@ROOT@", image.rootDevice)
    .replaceAll("@DATA@", image.dataDevice);
}

/** Libraries stand in /lib, where the loader looks after its own folders. */
function dmsetup({ tree, arch }: InitramfsParts): Entry[] {
  const path = "usr/sbin/dmsetup";
  const bytes = readFileSync(join(tree, path));
  const folders = [`usr/lib/${TRIPLET[arch]}`];
  const libraries = closure([{ path, bytes }], findIn([tree]), folders);
  const loader = readElf(bytes)!.interpreter!;
  const named = [...libraries].filter(([at]) => !loader.endsWith(at.slice(at.lastIndexOf("/"))));
  return [
    program("bin/dmsetup", bytes),
    ...(LOADER[arch].startsWith("/lib64/") ? [{ kind: "folder", path: "lib64" } as const] : []),
    program(loader.slice(1), readFileSync(join(tree, "usr", loader.slice(1)))),
    ...named.map(([at, library]) => program(`lib/${at.slice(at.lastIndexOf("/") + 1)}`, library)),
  ];
}

/** A line a module: its name, and the words that the kernel's command line has for it. */
function order({ modules, commandLine }: InitramfsParts): string {
  const words = commandLine.flatMap((word) => {
    const [, name, rest] = /^([\w-]+)\.(\w+=.*)$/.exec(word) ?? [];
    return rest === undefined ? [] : [[moduleName(name!), rest] as const];
  });
  return modules
    .map(({ name }) => {
      const own = words.filter(([whose]) => whose === name).map(([, rest]) => rest);
      return `${[name, ...own].join(" ")}\n`;
    })
    .join("");
}
