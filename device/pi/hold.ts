// The Hold port: the levels of ok and back, read by Firn itself from where the kernel says them.

import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import type { Fact, Hold } from "../../src/ports.ts";
import { Breach } from "../wire/schema.ts";
import { readLines } from "./lines-file.ts";

const PLAIN = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

export interface HoldLines extends Hold {
  /** Whether the lines can be read now. */
  fact(): Fact;
}

/** Never throws: lines that cannot be read are not pressed, and no hold counts. */
export function openHold(linesFile: string, owner?: number): HoldLines {
  let opened: Lines | undefined;
  const look = () => {
    opened ??= openLines(linesFile, owner);
    return { ok: isPressed(opened, "ok"), back: isPressed(opened, "back") };
  };
  return {
    levels() {
      try {
        return look();
      } catch {
        return { ok: false, back: false };
      }
    },
    fact() {
      const about = { about: "part", label: "Buttons" } as const;
      try {
        look();
        return { ...about, found: "ok and back are read by Firn itself", state: "well" };
      } catch (problem) {
        const why = problem instanceof Breach ? problem.message : (problem as NodeJS.ErrnoException).code;
        return { ...about, found: `cannot be read (${why}): no hold counts`, state: "open" };
      }
    },
  };
}

interface Lines {
  readonly ok: number;
  readonly back: number;
  readonly pressed: number;
}

function openLines(linesFile: string, owner: number | undefined): Lines {
  const file = readLines(linesFile, owner);
  if (file === undefined) throw new Breach("nothing was set up");
  const { lines, levels, pressedHigh } = file;
  const at = (name: "ok" | "back") => (levels === undefined ? lines[name]?.value : join(levels, name));
  const [ok, back] = [at("ok"), at("back")];
  if (ok === undefined || back === undefined) throw new Breach("a line is missing");
  const high = levels !== undefined || pressedHigh === true;
  const first = openSync(ok, PLAIN);
  try {
    return { ok: first, back: openSync(back, PLAIN), pressed: high ? HIGH : LOW };
  } catch (problem) {
    closeSync(first);
    throw problem;
  }
}

const LOW = 0x30;
const HIGH = 0x31;

/** Both files begin with one digit; sysfs makes it anew at each reading from the beginning. */
function isPressed(lines: Lines, name: "ok" | "back"): boolean {
  const byte = new Uint8Array(1);
  readSync(lines[name], byte, 0, 1, 0);
  // Whoever kept it is gone, and what it says is old.
  if (fstatSync(lines[name]).nlink === 0) throw new Breach("no longer kept");
  if (byte[0] !== LOW && byte[0] !== HIGH) throw new Breach("no level");
  return byte[0] === lines.pressed;
}
