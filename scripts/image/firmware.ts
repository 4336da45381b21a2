// The first partition of a Raspberry Pi's card: what its firmware reads, and what it is told.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { constants, gzipSync } from "node:zlib";
import type { Board, Chosen, Kernel, Needs } from "../../device/boards/board.ts";
import { BuildError } from "./run.ts";
import { silenced } from "./trees.ts";

/** What a kernel needs for what was chosen. */
export function chosenNeeds(kernel: Kernel, chosen: Chosen): Needs {
  const all: Needs[] = [kernel, kernel.cameras[chosen.camera]!, kernel.screens[chosen.screen]!];
  if (chosen.tpm) all.push(kernel.tpm!);
  return {
    modules: [...new Set(all.flatMap((one) => one.modules))],
    firmware: [...new Set(all.flatMap((one) => one.firmware))],
    files: [...new Set(all.flatMap((one) => one.files))],
  };
}

/** Where the firmware's files of this kernel are. */
export interface BootSource {
  /** Folders, the first before the second: the firmware's own files, device trees, overlays. */
  readonly folders: readonly string[];
  readonly kernel: Uint8Array;
  readonly initramfs: Uint8Array;
}

/** Every file but cmdline.txt, by its path on the partition. */
export function piBootFiles(
  board: Board,
  chosen: Chosen,
  kernel: Kernel,
  source: BootSource,
  work: string,
): Map<string, Uint8Array> {
  const { files, firmware } = chosenNeeds(kernel, chosen);
  const find = (path: string) => {
    const folder = source.folders.find((one) => existsSync(join(one, path)));
    if (folder === undefined) throw new BuildError(`${board.title} needs ${path}, which is nowhere`);
    return readFileSync(join(folder, path));
  };
  return new Map<string, Uint8Array>([
    ["config.txt", Buffer.from(configText(board, chosen, firmware))],
    ["initramfs.img", source.initramfs],
    ["kernel8.img", isPacked(source.kernel) ? source.kernel : packed(source.kernel)],
    ...kernel.trees.map((name): [string, Uint8Array] => [
      name,
      silenced(find(name), join(work, name), `${board.title}, ${name}`, board.image.soldered),
    ]),
    ...files.map((path): [string, Uint8Array] => [path, find(path)]),
  ]);
}

const isPacked = (kernel: Uint8Array) => kernel[0] === 0x1f && kernel[1] === 0x8b;

/** The firmware unpacks it. The header's time is zero, its system "unknown". */
function packed(kernel: Uint8Array): Buffer {
  const bytes = gzipSync(kernel, { level: constants.Z_BEST_COMPRESSION });
  bytes.fill(0, 4, 8);
  bytes[9] = 255;
  return bytes;
}

/** The image's own kernel, and no other. */
const OWN_KERNEL = [
  "arm_64bit=1",
  "kernel=kernel8.img",
  "initramfs initramfs.img followkernel",
  "auto_initramfs=0",
];

/** On every board: nothing guessed from what is plugged in, no serial console, no device at another's port. */
const COMMON = [
  "boot_delay=0",
  "disable_splash=1",
  "enable_uart=0",
  "uart_2ndstage=0",
  "otg_mode=0",
  "force_eeprom_read=0",
  "display_auto_detect=0",
];

export function configText(board: Board, chosen: Chosen, firmware: readonly string[]): string {
  return `${[...OWN_KERNEL, ...boardLines(board, chosen, firmware)].join("\n")}\n`;
}

/** Whatever kernel it is that is started. */
export function boardLines(board: Board, chosen: Chosen, firmware: readonly string[]): string[] {
  const { led: _, buzzer: __, ...buttons } = board.buttons?.pins ?? {};
  const lines = Object.values(buttons).sort((a, b) => a - b);
  const pulls = chosen.buttons ? [`gpio=${lines.join(",")}=ip,pu`] : [];
  const camera = firmware.includes("camera_auto_detect=1") ? [] : ["camera_auto_detect=0"];
  return [...COMMON, ...camera, ...pulls, ...firmware];
}
