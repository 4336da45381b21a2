// What the units start: which programs belong on a machine stands in them alone.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { filesUnder } from "./app-packages.ts";

const START = /^ExecStart(?:Pre|Post)?=[-+!:@]*\/usr\/bin\/node (?:--\S+ )*\/usr\/lib\/firn\/(\S+)\.js\b/gm;

/** The programs of all units, as sources of the repository. */
export function programsOf(root: string): string[] {
  const units = filesUnder(root, "systemd");
  const all = units.flatMap((unit) => programsIn(readFileSync(join(root, unit), "utf8")));
  return [...new Set(all)].sort();
}

export function programsIn(unit: string): string[] {
  return Array.from(unit.matchAll(START), ([, program]) => `${program}.ts`);
}
