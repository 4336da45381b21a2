// Where a board has its things. Below another folder than the root: a made-up board, for tests.

import { join } from "node:path";
import { DEVICE_FILE } from "./chosen.ts";
import { FACTS_FILE } from "./facts.ts";
import { LINES_FILE } from "./lines-file.ts";
import { ROOT } from "./rooted.ts";

export interface Places {
  /** The same path, on this board. */
  at(path: string): string;
  /** Whose files root's are. */
  readonly owner: number;
  readonly device: string;
  readonly facts: string;
  readonly lines: string;
  readonly home: string;
  /** Where Firn keeps what lasts as long as the machine is on. */
  readonly clock: string;
  readonly started: string;
  readonly wishes: string;
  readonly replies: string;
  readonly stick: string;
  readonly clockChips: string;
  /** The board's generator, and where the kernel names the one that is there. */
  readonly generator: string;
  readonly generatorName: string;
  readonly system: string;
}

export function placesUnder(root: string): Places {
  const at = (path: string) => join(root, path);
  return {
    at,
    owner: root === "/" ? ROOT : process.getuid!(),
    device: at(DEVICE_FILE),
    facts: at(FACTS_FILE),
    lines: at(LINES_FILE),
    home: at("/var/lib/firn"),
    clock: at("/run/firn/clock"),
    started: at("/run/firn/started"),
    wishes: at("/run/firn/wish"),
    replies: at("/run/firn-reply"),
    stick: at("/run/firn-stick"),
    clockChips: at("/sys/class/rtc"),
    generator: at("/dev/hwrng"),
    generatorName: at("/sys/class/misc/hw_random/rng_current"),
    system: at("/sys"),
  };
}
