// Everything that an installation is, as changes.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Board, Chosen, Kernel } from "../../device/boards/board.ts";
import { APP, NODE } from "../image/app.ts";
import { pathsBelow } from "../image/files.ts";
import { chosenNeeds } from "../image/firmware.ts";
import { silenced } from "../image/trees.ts";
import { accountEdits, type Numbers } from "./accounts.ts";
import { commandLineEdit, configEdit } from "./boot.ts";
import type { Change } from "./changes.ts";
import { networkDrivers, noDriversText, rulesToMask, unitsToMask } from "./network.ts";
import { lookAt } from "./place.ts";
import { BOOT } from "./system.ts";

const REPOSITORY = resolve(import.meta.dirname, "../..");
const FILES = join(REPOSITORY, "device/files");
const UNITS = "usr/lib/systemd/system";
const LOCAL_UNITS = "etc/systemd/system";

/** Firn's Node is Firn's alone: another that the owner has stays, and no package's update changes it. */
export const OWN_NODE = `${APP}/bin/node`;

export interface Installation {
  readonly root: string;
  readonly board: Board;
  readonly chosen: Chosen;
  readonly kernel: Kernel;
  readonly numbers: Numbers;
  /** A folder in which the app and its Node lie as on an image. */
  readonly app: string;
  /** For trees while they are edited. */
  readonly work: string;
}

export function changesFor(installation: Installation): Change[] {
  const { root } = installation;
  return [
    ...accounts(installation),
    ...app(installation),
    ...systemFiles(),
    ...units(),
    ...described(installation),
    ...unitsToMask(root).map((name) => nothing(`${LOCAL_UNITS}/${name}`)),
    ...rulesToMask(root).map((name) => nothing(`etc/udev/rules.d/${name}`)),
    ...boot(installation),
    // The last: until it is there the system starts as before.
    { kind: "link", path: `${LOCAL_UNITS}/default.target`, link: `/${UNITS}/firn.target` },
  ];
}

const nothing = (path: string): Change => ({ kind: "link", path, link: "/dev/null" });

function text(path: string, content: string): Change {
  return { kind: "file", path, mode: 0o644, bytes: () => Buffer.from(content) };
}

function copyOf(path: string, from: string): Change {
  const mode = statSync(from).mode & 0o111 ? 0o755 : 0o644;
  return { kind: "file", path, mode, bytes: () => readFileSync(from) };
}

function accounts({ root, numbers }: Installation): Change[] {
  return Object.entries(accountEdits(numbers))
    .map(([name, edit]) => ({ kind: "edit", path: `etc/${name}`, separator: "\n", edit }) as const)
    .filter(({ path }) => /passwd|group$/.test(path) || lookAt(root, path) !== null);
}

function app({ app }: Installation): Change[] {
  return pathsBelow(app)
    .filter((path) => statSync(join(app, path)).isFile())
    .map((path) => copyOf(path === NODE ? OWN_NODE : path, join(app, path)));
}

/** Settings of process 1 that take nothing from the system's own services. */
const MANAGER = /^(ShowStatus|DumpCore|CrashShell|CrashAction|CtrlAltDelBurstAction|DefaultLimitCORE)=/;

/** Left out: what would have the system be called Firn, and what would silence its journal. */
function systemFiles(): Change[] {
  return pathsBelow(FILES)
    .filter((path) => statSync(join(FILES, path)).isFile() && path !== "usr/lib/os-release")
    .map((path) => {
      if (!path.includes("/system.conf.d/")) return copyOf(path, join(FILES, path));
      const lines = readFileSync(join(FILES, path), "utf8").split("\n");
      const kept = lines.filter((line) => line.startsWith("[") || MANAGER.test(line));
      return text(path, `${kept.join("\n")}\n`);
    });
}

/** The system's root is mounted read-only at first, and by units that Firn's target does not ask for. */
const ROOT_CAN_BE_WRITTEN = `# On a system that was installed Firn's home lies in its root.
[Unit]
Wants=systemd-fsck-root.service systemd-remount-fs.service
After=systemd-fsck-root.service systemd-remount-fs.service
`;

function units(): Change[] {
  const folder = join(REPOSITORY, "systemd");
  const own = readdirSync(folder)
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => text(`${UNITS}/${name}`, withOwnNode(readFileSync(join(folder, name), "utf8"))));
  return [...own, text(`${UNITS}/firn.service.d/installed.conf`, ROOT_CAN_BE_WRITTEN)];
}

function withOwnNode(unit: string): string {
  return unit.replaceAll(new RegExp(`/${NODE}\\b`, "g"), `/${OWN_NODE}`);
}

function described({ root, chosen, kernel }: Installation): Change[] {
  const modules = chosenNeeds(kernel, chosen).modules;
  return [
    text("etc/firn/device.json", `${JSON.stringify(chosen, null, 2)}\n`),
    text("etc/firn/installed", ""),
    // Its time is the installation's: a board without a clock begins no earlier.
    text("usr/lib/clock-epoch", ""),
    text("usr/lib/modules-load.d/firn.conf", modules.map((name) => `${name}\n`).join("")),
    text("usr/lib/modprobe.d/firn.conf", noDriversText(networkDrivers(root))),
  ];
}

function boot({ board, chosen, kernel, work }: Installation): Change[] {
  const trees = kernel.trees.map(
    (name): Change => ({
      kind: "rewrite",
      path: `${BOOT}/${name}`,
      rewrite: (bytes) => silenced(bytes, join(work, name), `${board.title}, ${name}`, board.image.soldered),
    }),
  );
  const edits: Change[] = [
    {
      kind: "edit",
      path: `${BOOT}/config.txt`,
      separator: "\n",
      edit: configEdit(board, chosen, kernel),
    },
    { kind: "edit", path: `${BOOT}/cmdline.txt`, separator: " ", edit: commandLineEdit(board, chosen) },
  ];
  return [...trees, ...edits];
}
