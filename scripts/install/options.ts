// What is asked of the installer.

import { resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Board, Chosen, Kernel } from "../../device/boards/board.ts";
import { boards } from "../../device/boards/index.ts";
import { choose } from "../image/options.ts";
import { BuildError } from "../image/run.ts";

interface Where {
  /** The folder that is / of the system. */
  readonly root: string;
  /** The owner agrees without being asked. */
  readonly yes: boolean;
}

interface What {
  readonly board: Board;
  readonly chosen: Chosen;
  readonly kernel: Kernel;
}

export type Asked =
  | (Where & { readonly act: "remove" })
  | (Where & What & { readonly act: "plan" | "apply" });

const BOARDS = boards.filter((one) => one.image.boot === "firmware" && one.image.pi !== undefined);
const NAMES = BOARDS.map((one) => one.name).join(", ");

export const USAGE = `sudo npm run install-firn -- --board NAME [options]
  --board NAME     ${NAMES}
  --camera NAME    csi, usb (default: csi)
  --screen NAME    hdmi, panel (default: the board's usual one)
  --no-buttons     no buttons are connected: a keyboard alone
  --tpm            a TPM is connected
  --plan           says every step and changes nothing
  --root DIR       the system whose / is DIR: a card of another machine, mounted with its boot partition
  --yes            does not ask
sudo npm run install-firn -- --remove [--root DIR] [--yes]
                   takes Firn away and puts back what was there
`;

export function readOptions(args: readonly string[]): Asked | "help" {
  const values = parsed(args);
  if (values.help) return "help";
  const where = { root: resolve(values.root ?? "/"), yes: values.yes === true };
  if (where.root === "/" && !values.plan && process.getuid?.() !== 0)
    throw new BuildError("this system's files are root's: start it with sudo");
  if (values.remove) return { ...where, act: "remove" };
  const board = BOARDS.find((one) => one.name === values.board);
  if (board === undefined) throw new BuildError(`--board names none of ${NAMES}`);
  const kernel = board.image.pi!;
  return {
    ...where,
    act: values.plan ? "plan" : "apply",
    board,
    kernel,
    chosen: choose(board, kernel, values),
  };
}

function parsed(args: readonly string[]) {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        ...{ board: text, camera: text, screen: text, root: text },
        ...{ "no-buttons": flag, tpm: flag, plan: flag, remove: flag, yes: flag, help: flag },
      },
    }).values;
  } catch (error) {
    throw new BuildError(`${(error as Error).message}\n\n${USAGE}`);
  }
}
