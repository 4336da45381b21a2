// The image that is started: its files, and what its manifest says of them.

import type { Arch } from "./command.ts";

export interface Image {
  readonly arch: Arch;
  readonly kernel: string;
  readonly initrd: string;
  /** The kernel's command line. */
  readonly words: string;
  readonly root: string;
  readonly data: string;
  readonly rootHash: string;
  readonly version: string;
  readonly camera: { readonly width: number; readonly height: number };
  /** The console's font, out of the very image. */
  font(): Promise<Uint8Array>;
}
