// The root of a machine: Debian's listed files, their libraries, Firn, its units, and what makes it this board's.

import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import type { Board, Chosen } from "../../device/boards/board.ts";
import { group, passwd } from "./accounts.ts";
import { buildApp } from "./app.ts";
import { contentsFor, FOLDERS, FORBIDDEN, LINKS } from "./contents.ts";
import { closure, type FoundLibrary, readElf } from "./elf.ts";
import { copy, layOver, link, pathsBelow, put, readIfElf, settle } from "./files.ts";
import { findIn, libraryFolders } from "./libraries.ts";
import { LOADER } from "./packages.ts";
import { BuildError } from "./run.ts";

const REPOSITORY = resolve(import.meta.dirname, "../..");

/** What every ELF file of an architecture says of itself. */
const MACHINE = { arm64: 183, amd64: 62 };

export interface RootOptions {
  readonly root: string;
  /** Folders laid out like a root in which files are looked for, the first before the second. */
  readonly trees: readonly string[];
  /** Laid over the root as it is: programs that a board's maker gives. */
  readonly over?: string;
  readonly board: Board;
  readonly chosen: Chosen;
  readonly version: string;
  /** A word for an image that is not for use: it stands in os-release. */
  readonly mark?: string;
  readonly probe?: string;
  readonly cache: string;
  readonly time: number;
}

export async function makeRoot(options: RootOptions): Promise<void> {
  const { root, board, chosen, trees, over, probe, time } = options;
  for (const path of FOLDERS) mkdirSync(join(root, path), { recursive: true });
  for (const [path, to] of Object.entries(LINKS)) link(root, path, to);
  const { programs, files } = contentsFor(board, chosen);
  for (const path of [...programs, ...files]) copy(inTrees(trees, path), root, path);
  if (over !== undefined && existsSync(over)) layOver(over, root);
  await buildApp({ arch: board.arch, out: root, cache: options.cache });
  layOver(join(REPOSITORY, "device/files"), root);
  addUnits(options);
  for (const [path, content] of written(options)) put(root, path, content);
  if (probe !== undefined) layOver(probe, root);
  addLibraries(options);
  checkRoot(options);
  settle(root, time);
}

const UNITS = "usr/lib/systemd/system";

/** What the emulator needs beside is in a folder of its own, and on no board. */
function addUnits({ root, board }: RootOptions): void {
  const folder = join(REPOSITORY, "systemd");
  for (const name of readdirSync(folder))
    if (name !== "emulator") copy(join(folder, name), root, join(UNITS, name));
  if (board.image.boot === "emulator") layOver(join(folder, "emulator"), join(root, UNITS));
}

function inTrees(trees: readonly string[], path: string): string {
  return trees.map((tree) => join(tree, path)).find(existsSync) ?? join(trees[0]!, path);
}

function written({ root, chosen, version, mark }: RootOptions): [string, string][] {
  const release = { VERSION_ID: version, ...(mark === undefined ? {} : { VARIANT: mark }) };
  const lines = Object.entries(release).map(([name, value]) => `${name}="${value}"\n`);
  return [
    ["etc/passwd", passwd()],
    ["etc/group", group()],
    ["etc/nsswitch.conf", "passwd: files\ngroup: files\n"],
    ["etc/hostname", "firn\n"],
    // Fixed: nothing of a machine is told from another's by it, and process 1 need not make one.
    ["etc/machine-id", "6669726e000040008000000000000001\n"],
    ["usr/lib/os-release", readFileSync(join(root, "usr/lib/os-release"), "utf8") + lines.join("")],
    // Its time is the image's: a board without a clock begins no earlier.
    ["usr/lib/clock-epoch", ""],
    ["etc/firn/device.json", `${JSON.stringify(chosen, null, 2)}\n`],
  ];
}

/** Every library that a program or a library in the root needs, whoever brought it. */
function addLibraries({ root, trees, board }: RootOptions): void {
  const programs = elfFiles(root);
  const own = findIn([root, ...trees]);
  const loader = `usr${LOADER[board.arch]}`;
  copy(inTrees(trees, loader), root, loader);
  for (const [path, bytes] of closure(programs, own, libraryFolders(board.arch)))
    if (!existsSync(join(root, path)) && basename(path) !== basename(loader)) put(root, path, bytes, 0o755);
}

function elfFiles(root: string): FoundLibrary[] {
  return pathsBelow(root).flatMap((path) => {
    const bytes = readIfElf(join(root, path));
    return bytes === undefined ? [] : [{ path: `/${path}`, bytes }];
  });
}

function checkRoot({ root, board, probe }: RootOptions): void {
  const paths = pathsBelow(join(root, "usr"));
  const forbidden = paths.filter((path) =>
    FORBIDDEN.some((one) => one.test(path.slice(path.lastIndexOf("/") + 1))),
  );
  if (forbidden.length > 0 && probe === undefined)
    throw new BuildError(`these must be in no root: ${forbidden.join(" ")}`);
  const foreign = elfFiles(root).filter(({ bytes }) => readElf(bytes)!.machine !== MACHINE[board.arch]);
  if (foreign.length > 0)
    throw new BuildError(`not for ${board.arch}: ${foreign.map((one) => one.path).join(" ")}`);
}
