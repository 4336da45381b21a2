// The image that is started: the very one that `npm run image` builds from this tree, built once and kept for as long
// as the tree stays what it is.

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join, relative, resolve } from "node:path";
import { promisify } from "node:util";
import type { Pins } from "../../device/boards/board.ts";
import { boards } from "../../device/boards/index.ts";
import type { Manifest } from "../../scripts/image/manifest.ts";
import type { Arch } from "./command.ts";
import { makeOnce } from "./once.ts";

export interface Image {
  readonly arch: Arch;
  readonly folder: string;
  readonly manifest: Manifest;
  readonly kernel: string;
  readonly initrd: string;
  /** The kernel's command line. */
  readonly words: string;
  readonly root: string;
  readonly data: string;
  /** Its buttons' lines at the chip; absent: a keyboard alone. */
  readonly pins?: Pins;
  /** What its camera is said to give. */
  readonly camera: { readonly width: number; readonly height: number };
  /** The console's font, out of the very image. */
  font(): Promise<Uint8Array>;
}

const ROOT = resolve(import.meta.dirname, "../..");
export const CACHE = process.env.FIRN_IMAGE_CACHE ?? join(homedir(), ".cache/firn-image");
/** All that an image is made of. */
const SOURCES = [
  "src",
  "device",
  "systemd",
  "scripts/image",
  "scripts/image.ts",
  "package.json",
  "package-lock.json",
];

const run = promisify(execFile);

/**
 * `probe`: a folder that is laid over the root; such an image says of itself that it is none. FIRN_VM_IMAGES names a
 * folder of images that were built before: those are taken as they are.
 */
export async function imageFor(arch: Arch, probe?: string): Promise<Image> {
  const given = process.env.FIRN_VM_IMAGES;
  const board = `virt-${arch}`;
  const name = probe === undefined ? board : `${board}-probe`;
  if (given !== undefined) return imageIn(join(given, name));
  const folder = join(CACHE, "vm", `${name}-${keyOf(probe)}`);
  await makeOnce(folder, (beside) => build(board, beside, probe));
  return imageIn(folder);
}

/** Also where the archive has moved past the lock: then it says so, and the machine that is tested is of today. */
async function build(board: string, out: string, probe?: string): Promise<void> {
  const its = ["--board", board, "--tpm", "--out", out, ...(probe === undefined ? [] : ["--probe", probe])];
  const { stdout } = await run(process.execPath, [join(ROOT, "scripts/image.ts"), ...its, "--moved"], {
    cwd: ROOT,
  });
  for (const line of stdout.split("\n")) if (line.startsWith("MOVED")) console.log(line);
}

function imageIn(folder: string): Image {
  const manifest = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")) as Manifest;
  const board = boards.find(({ name }) => name === manifest.board)!;
  const at = (name: string) => join(folder, name);
  const font = `usr/share/consolefonts/${board.screens[manifest.screen]!.font}`;
  return {
    ...{ arch: board.arch, folder, manifest, words: manifest.commandLine },
    ...{ kernel: at("vmlinuz"), initrd: at("initrd.img"), root: at("root.img"), data: at("data.img") },
    ...(board.buttons === undefined ? {} : { pins: board.buttons.pins }),
    camera: board.cameras[manifest.camera]!.frame,
    async font() {
      const { stdout } = await run("unsquashfs", ["-cat", at("root.img"), font], { encoding: "buffer" });
      return new Uint8Array(stdout);
    },
  };
}

/** Of every file's path and content. */
function keyOf(probe?: string): string {
  const hash = createHash("sha256");
  const add = (base: string, path: string) => {
    if (statSync(path).isDirectory()) {
      for (const name of readdirSync(path).sort()) add(base, join(path, name));
    } else hash.update(`${relative(base, path)}\n${statSync(path).size}\n`).update(readFileSync(path));
  };
  for (const source of SOURCES) add(ROOT, join(ROOT, source));
  if (probe !== undefined) add(probe, probe);
  return hash.digest("hex").slice(0, 16);
}
