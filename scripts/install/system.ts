// What a system must have before Firn can be set up on it. Everything that is missing is said at once.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Board, Chosen, Kernel, Needs } from "../../device/boards/board.ts";
import { contentsFor } from "../image/contents.ts";
import { chosenNeeds } from "../image/firmware.ts";
import { loadOrder, moduleName, readDependencies } from "../image/modules.ts";
import { TRIPLET } from "../image/packages.ts";
import { BuildError } from "../image/run.ts";
import { readTree } from "../image/trees.ts";
import { MODULES } from "./network.ts";

export const BOOT = "boot/firmware";

const RELEASES = ["12", "13"];

/** Of the image's programs: Debian 12 has it not yet; and lines are files on Raspberry Pi's kernel. */
const NOT_NEEDED = /\/(systemd-executor|gpiodetect|gpiomon)$/;

const PACKAGES: Readonly<Record<string, string>> = {
  "rpicam-vid": "rpicam-apps-lite",
  "v4l2-ctl": "v4l-utils",
  setfont: "kbd",
};

export function checkSystem(root: string, board: Board, chosen: Chosen, kernel: Kernel): void {
  const missing = [
    ...release(root),
    ...bootFiles(root, kernel, chosenNeeds(kernel, chosen)),
    ...thisBoard(root, kernel),
    ...drivers(root, board, chosen, kernel),
    ...programs(root, board, chosen),
  ];
  if (missing.length > 0)
    throw new BuildError(`Firn cannot be set up on this system:\n  ${missing.join("\n  ")}`);
}

function field(root: string, name: string): string | undefined {
  const file = join(root, "usr/lib/os-release");
  if (!existsSync(file)) return undefined;
  return new RegExp(`^${name}="?([^"\n]*)"?$`, "m").exec(readFileSync(file, "utf8"))?.[1];
}

function release(root: string): string[] {
  const id = field(root, "ID");
  const version = field(root, "VERSION_ID") ?? "";
  if (id === "firn") return ["it is an image of Firn's already"];
  if ((id !== "debian" && id !== "raspbian") || !RELEASES.includes(version))
    return [`it is ${id ?? "unknown"} ${version}, not Raspberry Pi OS on Debian ${RELEASES.join(" or ")}`];
  return existsSync(join(root, "usr/lib", TRIPLET.arm64)) ? [] : ["it is of 32 bits: Firn's Node has 64"];
}

/** Settings that have the firmware look elsewhere than where the installer edits. */
const ELSEWHERE = /^(os_prefix|overlay_prefix|device_tree|cmdline|include)\b.*$/m;

function bootFiles(root: string, kernel: Kernel, { files }: Needs): string[] {
  const names = ["config.txt", "cmdline.txt", ...kernel.trees, ...files];
  const gone = names.filter((name) => !existsSync(join(root, BOOT, name)));
  if (gone.length > 0) return gone.map((name) => `/${BOOT}/${name} is not there`);
  const elsewhere = ELSEWHERE.exec(readFileSync(join(root, BOOT, "config.txt"), "latin1"))?.[0];
  return elsewhere === undefined ? [] : [`config.txt has ${elsewhere}: take it out first`];
}

/** A running machine says what it is. */
function thisBoard(root: string, kernel: Kernel): string[] {
  const file = join(root, "proc/device-tree/compatible");
  if (!existsSync(file)) return [];
  const running = readFileSync(file, "latin1").split("\0")[0]!;
  const meant = kernel.trees
    .map((name) => join(root, BOOT, name))
    .filter(existsSync)
    .map((tree) => readTree(readFileSync(tree))[0]!.properties.get("compatible")?.toString("latin1"));
  return meant.some((one) => one?.split("\0")[0] === running)
    ? []
    : [`this board is ${running}, which --board does not name`];
}

/** Raspberry Pi's own, by the end of their versions. */
const KERNELS = /(-rpi-v8|-v8\+?|-rpi-2712|-v8-16k\+?)$/;
const OF_PI_5 = /(2712|16k\+?)$/;

function drivers(root: string, board: Board, chosen: Chosen, kernel: Kernel): string[] {
  const all = join(root, MODULES);
  const own = (existsSync(all) ? readdirSync(all) : [])
    .filter((version) => KERNELS.test(version))
    .filter((version) => board.name === "pi-5" || !OF_PI_5.test(version));
  if (own.length === 0) return ["it has no kernel of Raspberry Pi's for this board"];
  const parts: [string, Needs | undefined][] = [
    ["camera", kernel.cameras[chosen.camera]],
    ["screen", kernel.screens[chosen.screen]],
    ["TPM", chosen.tpm ? kernel.tpm : undefined],
    ["rest", kernel],
  ];
  return own.flatMap((version) => {
    const modules = modulesOf(join(all, version));
    return parts.flatMap(([what, needs]) =>
      (needs?.modules ?? []).flatMap((name) =>
        has(modules, name) ? [] : [`kernel ${version} has no module ${name}, which the ${what} needs`],
      ),
    );
  });
}

type Modules = Parameters<typeof loadOrder>[1];

function modulesOf(folder: string): Modules {
  const text = (name: string) =>
    existsSync(join(folder, name)) ? readFileSync(join(folder, name), "utf8") : "";
  return {
    dependencies: readDependencies(text("modules.dep")),
    builtin: new Set(text("modules.builtin").split("\n").map(moduleName)),
    wishes: new Map(),
  };
}

function has(modules: Modules, name: string): boolean {
  try {
    loadOrder([name], modules);
    return true;
  } catch (error) {
    if (error instanceof BuildError) return false;
    throw error;
  }
}

function programs(root: string, board: Board, chosen: Chosen): string[] {
  const { programs: started, files } = contentsFor(board, chosen);
  const wanted = [
    ...[...started, ...files].filter((path) => !NOT_NEEDED.test(path)).map((path) => [path, packageOf(path)]),
    [`usr/lib/${TRIPLET[board.arch]}/libusb-1.0.so.0`, "libusb-1.0-0"],
    [`usr/lib/${TRIPLET[board.arch]}/libudev.so.1`, "libudev1"],
  ] as const;
  return wanted
    .filter(([path]) => !existsSync(join(root, path!)))
    .map(([path, from]) => `/${path} is not there${from === undefined ? "" : `: apt install ${from}`}`);
}

function packageOf(path: string): string | undefined {
  if (path.startsWith("usr/share/consolefonts/")) return "console-setup-linux";
  return PACKAGES[path.slice(path.lastIndexOf("/") + 1)];
}

/** What this system's process 1 does not know of what the units ask for. */
export function notes(root: string): string[] {
  return field(root, "VERSION_ID") === "12"
    ? [
        "Debian 12's systemd does not know PrivatePIDs=: Firn and the eye see each other's numbers, and no more",
      ]
    : [];
}
