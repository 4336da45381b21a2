// What the units start: which programs belong on a machine, and how their Node is started, stands in them alone.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { filesUnder } from "./app-packages.ts";

/** One line of a unit that starts a program of Firn's. */
export interface Start {
  /** The unit's file. */
  readonly unit: string;
  readonly user: string;
  /** Node's own options. */
  readonly options: readonly string[];
  /** The program's source in the repository. */
  readonly program: string;
  /** The folder below the app from which Node takes code that is compiled already. */
  readonly compiled?: string;
}

const START = /^ExecStart(?:Pre|Post)?=[-+!:@]*\/usr\/bin\/node ((?:--\S+ )*)\/usr\/lib\/firn\/(\S+)\.js\b/gm;
const COMPILED = /^Environment=.*\bNODE_COMPILE_CACHE=\/usr\/lib\/firn\/(\S+)/m;

/** Every such line of every unit, by the units' names. */
export function startsOf(root: string): readonly Start[] {
  return filesUnder(root, "systemd").flatMap((unit) =>
    startsIn(unit, readFileSync(join(root, unit), "utf8")),
  );
}

export function startsIn(unit: string, text: string): Start[] {
  const user = /^User=(\S+)/m.exec(text)?.[1] ?? "root";
  const compiled = COMPILED.exec(text)?.[1];
  return Array.from(text.matchAll(START), ([, options, program]) => ({
    ...{ unit, user, options: options!.split(" ").filter((word) => word !== ""), program: `${program}.ts` },
    ...(compiled === undefined ? {} : { compiled }),
  }));
}
