// Cameras that tests make: what their program does (camera-program.ts), and frames that say their number.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { CameraSource, FrameShape } from "../../device/boards/board.ts";
import type { Patience } from "../../device/eye/source.ts";
import type { Frame } from "../../src/qr/frame.ts";
import { folder } from "./support.ts";

export interface Behaviour {
  readonly frame: FrameShape;
  /** So many frames, then `ends`; without end where it is not said. */
  readonly frames?: number;
  readonly perSecond?: number;
  /** Half a frame after them. */
  readonly half?: true;
  /** An exit code, or it stays and says nothing more. */
  readonly ends: number | "stays";
  /** A file of whole frames, one after the other, in a loop; else numbered ones. */
  readonly plays?: string;
  /** Base64, to its error output. */
  readonly says?: string;
  /** So many times 64 KiB to its error output, without a line's end. */
  readonly babbles?: number;
  /** SIGTERM does not end it. */
  readonly stubborn?: true;
  /** The camera's cable: without this file it finds no camera. */
  readonly needs?: string;
  /** A file in which each run leaves a line. */
  readonly journal?: string;
}

const PROGRAM = fileURLToPath(new URL("./camera-program.ts", import.meta.url));

export const SMALL: FrameShape = { width: 64, height: 48, frameBytes: 64 * 48, layout: "planar" };

/** Tries again soon, so that tests are quick, and calls no slow machine silent. */
export const BRISK: Patience = { silentMs: 20_000, hungMs: 40_000, againMs: 150, graceMs: 150 };
/** For programs that say nothing. */
export const HASTY: Patience = { silentMs: 400, hungMs: 1200, againMs: 150, graceMs: 150 };

export function camera(behaviour: Partial<Behaviour> = {}): CameraSource {
  const how: Behaviour = { frame: SMALL, ends: "stays", ...behaviour };
  return { kind: "command", command: [process.execPath, PROGRAM, JSON.stringify(how)], frame: how.frame };
}

/** A new journal, and the lines that runs left in it. */
export function journal() {
  const path = join(folder(), "runs");
  return {
    path,
    lines: () => (existsSync(path) ? readFileSync(path, "utf8").split("\n").slice(0, -1) : []),
    /** The program's last run. */
    pid: () => Number(readFileSync(`${path}.pid`, "utf8")),
  };
}

/** The number of such a frame; throws where its pixels are not all of one frame. */
export function numberOf({ luma }: Frame): number {
  const number = new DataView(luma.buffer, luma.byteOffset).getUint32(0);
  if (!luma.subarray(4).every((pixel) => pixel === number % 251)) throw new Error("a frame of two pieces");
  return number;
}
