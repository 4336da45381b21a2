// How long this machine took from power to its first picture. Kept, over locks too, as long as it is on.

import { readFileSync, writeFileSync } from "node:fs";
import type { Panel } from "../../src/ports.ts";

export interface Started {
  /** From power-on, ms; undefined before the first picture. */
  ms(): number | undefined;
  /** The same panel, whose first picture is noted. */
  noted(panel: Panel): Panel;
}

/** `kept`: a file that lasts as long as the machine is on. `sinceBootMs`: a clock that began with it. */
export function startTime(kept: string, sinceBootMs: () => number): Started {
  let first = readKept(kept);
  const note = () => {
    if (first !== undefined) return;
    first = Math.round(sinceBootMs());
    writeKept(kept, first);
  };
  return {
    ms: () => first,
    noted: (panel) => ({
      size: () => panel.size(),
      poll: (wants) => panel.poll(wants),
      next: (wants) => panel.next(wants),
      show(picture) {
        panel.show(picture);
        note();
      },
    }),
  };
}

function readKept(path: string): number | undefined {
  try {
    const text = readFileSync(path, "utf8");
    return /^\d{1,12}$/.test(text) ? Number(text) : undefined;
  } catch {
    return undefined;
  }
}

function writeKept(path: string, ms: number): void {
  try {
    writeFileSync(path, String(ms), { mode: 0o600 });
  } catch {
    // No such folder: Firn was started otherwise than by its unit, and a lock forgets it.
  }
}
