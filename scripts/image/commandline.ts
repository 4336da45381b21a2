// The kernel's command line: a still console, nothing that opens the machine, and who it is.

import type { Board, Chosen } from "../../device/boards/board.ts";

/** Seconds that a panic's words stand. Then the machine starts anew: keys in its memory do not wait for a thief. */
const PANIC = 30;

export function commandLine(board: Board, chosen: Chosen, imageId: string): string[] {
  const rotation = board.screens[chosen.screen]!.rotation;
  return [
    // nothing of the kernel's on the screen but a panic
    ...["console=tty1", "quiet", "loglevel=1", "vt.global_cursor_default=0", "consoleblank=0"],
    `fbcon=${["nodefer", ...(rotation === 0 ? [] : [`rotate:${rotation / 90}`])].join(",")}`,
    // what is plugged in is nothing until it was allowed
    "usbcore.authorized_default=0",
    // what is freed or handed out is zeroed; the kernel keeps from everybody what is its own
    ...["init_on_alloc=1", "init_on_free=1", "slab_nomerge", "lockdown=confidentiality", "noresume"],
    ...[`panic=${PANIC}`, "oops=panic"],
    ...board.image.commandLine,
    `firn.image=${imageId}`,
  ];
}
