// The glass of a board, as its unit starts it: on the console, with the pipe to Firn at a path.
// Exit codes: 0 ended with Firn or told to end, 1 anything else.

import process from "node:process";
import { parseArgs } from "node:util";
import { runGlass } from "../glass/board.ts";
import { fontCell } from "../glass/console.ts";
import { DEVICE_FILE, readDevice } from "./chosen.ts";
import { LINES_FILE, readLines } from "./lines-file.ts";

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Undefined, and said, where it is not as it must be: the glass shows what it can, and Firn says the rest on it. */
function attempt<T>(what: string, read: () => T): T | undefined {
  try {
    return read();
  } catch (problem) {
    say(`Not used: ${what} (${problem instanceof Error ? problem.message : "unreadable"}).`);
    return undefined;
  }
}

async function run(): Promise<void> {
  const { values } = parseArgs({
    options: {
      wire: { type: "string", default: "/run/firn-wire/glass.sock" },
      device: { type: "string", default: DEVICE_FILE },
      lines: { type: "string", default: LINES_FILE },
      screen: { type: "string", default: "/dev/fb0" },
      graphics: { type: "string", default: "/sys/class/graphics" },
    },
  });
  const device = attempt(values.device, () => readDevice(values.device));
  const screen = device?.board.screens[device.chosen.screen];
  const lines =
    device?.chosen.buttons === false ? undefined : attempt(values.lines, () => readLines(values.lines));
  const end = await runGlass({
    ...values,
    turned: screen?.rotation ?? 0,
    font: screen && fontCell(screen.font),
    lines,
    streams: { input: process.stdin, output: process.stdout },
    say,
    end: (code) => process.exit(code),
  });
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => end(0));
  process.on("uncaughtException", (problem) => {
    say(`The glass stopped: a bug at ${placeOf(problem)}`);
    end(1);
  });
}

/** A message may hold anything of what was shown. */
function placeOf(problem: unknown): string {
  const frames = problem instanceof Error ? (problem.stack ?? "") : "";
  return /([\w.-]+:\d+:\d+)\)?$/m.exec(frames)?.[1] ?? "an unknown place";
}

run().catch((problem) => {
  say(`The glass stopped: ${(problem as NodeJS.ErrnoException).code ?? `a bug at ${placeOf(problem)}`}`);
  process.exit(1);
});
