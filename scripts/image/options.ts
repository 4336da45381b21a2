// What is asked for: which board, and what is connected to it.

import { parseArgs } from "node:util";
import type { Board, Chosen, Kernel } from "../../device/boards/board.ts";
import { boards } from "../../device/boards/index.ts";
import { BuildError } from "./run.ts";

export interface Asked {
  readonly board: Board;
  readonly chosen: Chosen;
  readonly kernel: Kernel;
  readonly out: string;
  /** The Raspberry Pi's own kernel, firmware and programs. */
  readonly pi?: string;
  readonly probe?: string;
  readonly allowMoved: boolean;
  readonly bootImage: boolean;
}

export const USAGE = `npm run image -- --board NAME [options]
  --board NAME     ${boards.map((one) => one.name).join(", ")}
  --camera NAME    which of the board's cameras (default: the first that the kernel can drive)
  --screen NAME    which of the board's screens (default: the first that the kernel can drive)
  --no-buttons     no buttons are connected: a keyboard alone
  --tpm            a TPM is connected
  --pi DIR         Raspberry Pi's kernel, firmware and programs, with their SHA256SUMS (docs/image.md)
  --boot-img       also boot.img, which Raspberry Pi 4 and 5 can be made to check the signature of
  --out DIR        where the image is put (default: firn-image/NAME)
  --probe DIR      lays a folder over the root: such an image is marked, and for tests alone
  --moved          takes what Debian's archive has where it has moved past the lock: marked, for tests alone
  --unsupported    builds for a board that its data calls unsupported: marked
npm run image -- --lock
                   renews scripts/image/packages.*.lock from the archive
`;

export function readOptions(args: readonly string[]): Asked | "lock" | "help" {
  const { values } = parseOrSay(args);
  if (values.help) return "help";
  if (values.lock) return "lock";
  const board = boards.find((one) => one.name === values.board);
  if (board === undefined)
    throw new BuildError(`--board names none of ${boards.map((one) => one.name).join(", ")}`);
  if (board.image.unsupported !== undefined && !values.unsupported)
    throw new BuildError(`${board.title} is not supported: ${board.image.unsupported}`);
  const kernel = kernelFor(board, values.pi);
  if (values["boot-img"] && !board.image.signedBoot)
    throw new BuildError(`${board.title} cannot check a signature when it starts: leave --boot-img out`);
  return {
    board,
    kernel,
    chosen: choose(board, kernel, values),
    out: values.out ?? `firn-image/${board.name}`,
    ...(values.pi === undefined ? {} : { pi: values.pi }),
    ...(values.probe === undefined ? {} : { probe: values.probe }),
    allowMoved: values.moved === true,
    bootImage: values["boot-img"] === true,
  };
}

function parseOrSay(args: readonly string[]) {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        ...{ board: text, camera: text, screen: text, pi: text, out: text, probe: text },
        ...{ "no-buttons": flag, tpm: flag, moved: flag, "boot-img": flag, unsupported: flag },
        ...{ lock: flag, help: flag },
      },
    });
  } catch (error) {
    throw new BuildError(`${(error as Error).message}\n\n${USAGE}`);
  }
}

export interface Wanted {
  readonly camera?: string;
  readonly screen?: string;
  readonly "no-buttons"?: boolean;
  readonly tpm?: boolean;
}

function kernelFor(board: Board, pi: string | undefined): Kernel {
  const kernel = pi === undefined ? board.image.debian : board.image.pi;
  if (kernel !== undefined) return kernel;
  throw new BuildError(
    pi === undefined
      ? `Debian's kernel has no drivers for ${board.title}: --pi (docs/image.md says what it is)`
      : `Raspberry Pi's kernel is not for ${board.title}: leave --pi out`,
  );
}

export function choose(board: Board, kernel: Kernel, wanted: Wanted): Chosen {
  if (wanted.tpm && kernel.tpm === undefined)
    throw new BuildError(`this kernel can drive no TPM on ${board.title}`);
  return {
    board: board.name,
    camera: oneOf(board.title, "camera", kernel.cameras, board.cameras, wanted.camera),
    screen: oneOf(board.title, "screen", kernel.screens, board.screens, wanted.screen),
    buttons: board.buttons !== undefined && !wanted["no-buttons"],
    tpm: wanted.tpm === true,
  };
}

type ByName = Readonly<Record<string, unknown>>;

function oneOf(title: string, what: string, driven: ByName, all: ByName, wanted?: string): string {
  const names = Object.keys(all).filter((name) => name in driven);
  const found = wanted === undefined ? names[0] : names.find((name) => name === wanted);
  if (found !== undefined) return found;
  const other = wanted !== undefined && wanted in all ? `; ${wanted} needs Raspberry Pi's kernel: --pi` : "";
  throw new BuildError(`${title}, with this kernel: --${what} is one of ${names.join(", ")}${other}`);
}
