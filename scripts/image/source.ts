// Where the parts of an image come from: Debian's unpacked packages alone, or with Raspberry Pi's own before them.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Board, Kernel } from "../../device/boards/board.ts";
import { kernelVersion } from "./modules.ts";
import type { Compression } from "./partitions.ts";

export interface Source {
  readonly kernel: Kernel;
  readonly kernelImage: Uint8Array;
  /** lib/modules/VERSION */
  readonly modules: string;
  /** Laid out as roots, the first before the second. */
  readonly roots: readonly string[];
  /** Laid over the root as it is. */
  readonly over?: string;
  /** Firmware, device trees, overlays. */
  readonly boot: readonly string[];
  /** What this kernel unpacks. */
  readonly compression: Compression;
}

export function sourceOf(board: Board, kernel: Kernel, tree: string, pi?: string): Source {
  return pi === undefined ? debian(board, kernel, tree) : raspberry(kernel, tree, pi);
}

function debian(board: Board, kernel: Kernel, tree: string): Source {
  const all = join(tree, "usr/lib/modules");
  const version = kernelVersion(all, new RegExp(`-${board.arch}$`));
  return {
    kernel,
    kernelImage: readFileSync(join(tree, `boot/vmlinuz-${version}`)),
    modules: join(all, version),
    roots: [tree],
    boot: [join(tree, "usr/lib/raspi-firmware"), join(tree, `usr/lib/linux-image-${version}/broadcom`)],
    // A start reads 40 MB of Node: unpacking them costs more than reading 9 MB more.
    compression: "lz4",
  };
}

/** The kernel with pages of 4 KiB, which every board takes. It is built without LZ4. */
function raspberry(kernel: Kernel, tree: string, pi: string): Source {
  const all = join(pi, "modules");
  return {
    kernel,
    kernelImage: readFileSync(join(pi, "boot/kernel8.img")),
    modules: join(all, kernelVersion(all, /-v8\+?$/)),
    roots: [join(pi, "root"), tree],
    over: join(pi, "root"),
    boot: [join(pi, "boot")],
    compression: "zstd",
  };
}
