// The launcher: starts the three, outlives their locks, and says how it ended.

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { Network, Size } from "../../src/model.ts";
import { SEAL_FILE } from "../seal/open.ts";
import { type Ended, startThree, type Three, type ThreeOptions } from "./three.ts";

export interface LaunchOptions {
  readonly home: string;
  readonly camera?: string;
  readonly network?: Network;
  readonly size?: Size;
  /** A TPM's device file or socket: Firn's alone from then on. */
  readonly tpm?: string;
  /** A folder that stands for a stick. */
  readonly stick?: string;
  /** A played machine has lines for ok and back, as a board with buttons does. */
  readonly buttons?: boolean;
  /** Another program in a part's place: for tests. */
  readonly files?: ThreeOptions["files"];
}

/** What the launcher ends with, and the one line that goes with it; empty where there is nothing to say. */
export interface Outcome {
  readonly code: number;
  readonly line: string;
}

/** Locks that come faster than this, one after the other, are no person's. */
const QUICK_MS = 2000;
const MOST_QUICK = 5;

export function partsOf(options: LaunchOptions, played: boolean): ThreeOptions {
  const { home, camera, network, size, tpm, stick, buttons, files } = options;
  return {
    played,
    firn: [
      ...(played ? [] : ["--home", home]),
      ...["--seal", join(home, SEAL_FILE)],
      ...(tpm === undefined ? [] : ["--tpm", tpm]),
      ...(stick === undefined ? [] : ["--stick", stick]),
      ...(buttons ? ["--buttons"] : []),
      ...(network ? ["--network", network] : []),
    ],
    eye: camera === undefined ? [] : ["--camera", camera],
    glass: size ? ["--size", `${size.columns}x${size.rows}`] : [],
    ...(files ? { files } : {}),
  };
}

/** A person at this terminal. Resolves when the person quits, or when something stopped. */
export async function launch(options: LaunchOptions): Promise<Outcome> {
  let three: Three | undefined;
  let told: number | undefined;
  const onSignal = (_: string, number: number) => {
    told ??= 128 + number;
    three?.stop();
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  try {
    for (let quick = 0; quick < MOST_QUICK; ) {
      const begunMs = performance.now();
      three = startThree(partsOf(options, false));
      const ended = await three.ended;
      if (ended.codes.glass !== 0 && ended.codes.glass !== BY_HAND) mendTerminal();
      if (told !== undefined) return { code: told, line: "" };
      const outcome = judge(ended);
      if (outcome) return withRemedy(outcome);
      quick = performance.now() - begunMs < QUICK_MS ? quick + 1 : 0;
    }
    return withRemedy({ code: 1, line: "Firn stopped: it locks as soon as it starts" });
  } finally {
    for (const signal of SIGNALS) process.off(signal, onSignal);
  }
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** The glass's exit code where the person pressed Ctrl-C. */
const BY_HAND = 130;

/** A home that cannot be had comes with its own remedy; a person who quits needs none. */
const HOME_REFUSED = 4;
const REMEDY = "Nothing that was stored is lost. Start Firn again with npm start.";

/** What stopped says what it means and what to do, as every refusal does. */
function withRemedy({ code, line }: Outcome): Outcome {
  if (code === 0 || code === HOME_REFUSED) return { code, line };
  return { code, line: `${line.replace(/\.$/, "")}. ${REMEDY}` };
}

/** Undefined where Firn has locked: three fresh ones are to start. */
export function judge({ first, codes, said }: Ended): Outcome | undefined {
  // The eye names pictures that it could not read; while the screen was taken it could not be heard.
  if (codes.glass === BY_HAND) return { code: 0, line: said.eye };
  if (codes.firn === 0) return undefined;
  if (first !== "firn") return { code: 3, line: said[first] === "" ? `The ${first} stopped.` : said[first] };
  const line = said.firn === "" ? `Firn stopped with exit code ${codes.firn}.` : said.firn;
  return { code: codes.firn, line };
}

/** A glass that crashed could not leave the terminal as it found it. */
function mendTerminal(): void {
  if (!process.stdout.isTTY) return;
  process.stdout.write("\u001b[?1049l\u001b[?25h\u001b[0m\r\n");
  spawnSync("stty", ["sane"], { stdio: ["inherit", "ignore", "ignore"] });
}
