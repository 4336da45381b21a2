// A session script against three real processes and a home's folder.

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Size } from "../../src/model.ts";
import { claimHome } from "../disk/home.ts";
import { readEyeReport } from "../eye/control.ts";
import { streamChannel } from "../wire/channel.ts";
import { readGlassReport } from "../wire/lines.ts";
import { Appliance } from "./appliance.ts";
import type { Cast } from "./cast.ts";
import { CONTROL_BOUNDS, readFromFirn } from "./control.ts";
import { playedDisk } from "./disk.ts";
import { keyPrograms } from "./keys.ts";
import { judge, type LaunchOptions, type Outcome, partsOf } from "./launch.ts";
import { play, Unheld } from "./play.ts";
import { load, spill } from "./recording.ts";
import type { Step } from "./session.ts";
import { startThree } from "./three.ts";

export interface PlayOptions extends LaunchOptions {
  readonly steps: readonly Step[];
  readonly print: (text: string) => void;
}

/** Played screens are of this size unless another was asked for. */
export const PLAYED_SIZE: Size = { columns: 80, rows: 24 };
const PATIENCE_MS = 120_000;
/** Where the last play of this home ended, Unix time in ms. No blob of Firn's has such a name. */
const CLOCK_FILE = ".played-until";
/** The same by the machine's clock that runs on while it is off, which no step sets. */
const CHIP_FILE = ".played-chip";

/** Exit code 0 where all of it held, else 1 and what did not. Throws Refusal store.* where the home cannot be had. */
export async function playHome(options: PlayOptions): Promise<Outcome> {
  const { home, steps, print, buttons = false } = options;
  const size = options.size ?? PLAYED_SIZE;
  const release = await claimHome(home);
  const disk = playedDisk(await load(home));
  const now = Date.now();
  const wallMs = Math.max(now, await playedUntil(home, CLOCK_FILE));
  const chipMs = Math.max(now, await playedUntil(home, CHIP_FILE));
  const start = () => processCast({ ...options, size });
  const powerKey = keyPrograms(home);
  const appliance = new Appliance({ start, disk, powerKey, wallMs, chipMs, patienceMs: PATIENCE_MS });
  const kept = () => spill(disk.present(), home);
  try {
    await play({ appliance, disk, size, buttons, print, kept }, steps);
    return { code: 0, line: "" };
  } catch (error) {
    if (!(error instanceof Unheld)) throw error;
    return { code: 1, line: error.message };
  } finally {
    await appliance.off();
    await kept();
    await writeFile(join(home, CLOCK_FILE), String(appliance.wallMs), { mode: 0o600 });
    await writeFile(join(home, CHIP_FILE), String(appliance.chipMs), { mode: 0o600 });
    await release();
  }
}

async function playedUntil(home: string, file: string): Promise<number> {
  const text = await readFile(join(home, file), "utf8").catch(() => "");
  return /^\d{1,15}$/.test(text) ? Number(text) : 0;
}

function processCast(options: PlayOptions): Cast {
  const three = startThree(partsOf(options, true));
  const [eye, glass, firn] = [three.control("eye"), three.control("glass"), three.control("firn")];
  const ended = three.ended.then((how) => {
    if (how.said.eye !== "") options.print(how.said.eye);
    return judge(how) ?? { code: 0, line: "" };
  });
  return {
    eye: streamChannel(eye, eye, readEyeReport),
    glass: streamChannel(glass, glass, readGlassReport),
    firn: streamChannel(firn, firn, readFromFirn, CONTROL_BOUNDS),
    ended,
    carried: three.carried,
    onCarried: three.onCarried,
    async kill() {
      three.kill();
      await ended;
    },
  };
}
