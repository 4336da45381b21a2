// /run/firn-machine/lines.json: where the levels of the board's lines can be read, as root has set them up.

import type { Button } from "../../src/model.ts";
import { exact, matching, oneOf, type Reader, where, whole } from "../wire/schema.ts";
import { readRooted } from "./rooted.ts";

export const LINES_FILE = "/run/firn-machine/lines.json";

export type LineName = Button | "led" | "buzzer";

export interface Line {
  /** The kernel's global number, as /sys/class/gpio/export takes it. */
  readonly number: number;
  /** The path of its value file: "0" or "1", the wire's level. */
  readonly value: string;
}

export interface LinesFile {
  /** A line that could not be set up is left out. */
  readonly lines: { readonly [name in LineName]?: Line };
  /** Absent: pressed is low. */
  readonly pressedHigh?: true;
  /**
   * Only where the kernel gives no value files, both together and without lines: the socket on which another process
   * (lines.ts) says the edges, and the folder of the files `ok` and `back` that it keeps: "1" is pressed.
   */
  readonly edges?: string;
  readonly levels?: string;
}

const path = matching(/^(\/[\w.:@-]+)+$/, 256);
const line = exact<Line>({ number: whole(0, 65_535), value: path }, {});

export const readLinesJson: Reader<LinesFile> = where(
  exact<LinesFile>(
    {
      lines: exact<LinesFile["lines"]>(
        {},
        {
          ...{ up: line, down: line, left: line, right: line },
          ...{ ok: line, back: line, led: line, buzzer: line },
        },
      ),
    },
    { pressedHigh: oneOf(true), edges: path, levels: path },
  ),
  ({ lines, edges, levels }) =>
    edges === undefined ? levels === undefined : levels !== undefined && Object.keys(lines).length === 0,
  "lines, or edges and levels",
);

/** Undefined where the board has no buttons. Throws Breach where it is another's than root's, or malformed. */
export function readLines(file: string = LINES_FILE, owner?: number): LinesFile | undefined {
  return readRooted(file, readLinesJson, 4096, owner);
}
