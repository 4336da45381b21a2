// The board's buttons where the kernel gives no value files for them: the one process that has the chip's device.
// gpiomon tells the edges; each goes to the glass as a line of text ("ok 1" pressed, "ok 0" let go), and the levels of
// ok and back stand in two files that Firn reads. Neither of them ever has the chip.
// node lines.ts [--under FOLDER], a made-up board for tests. Exit codes: 0 ended with the glass, 1 anything else.

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chmodSync, openSync, writeSync } from "node:fs";
import type { Socket } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import type { Button } from "../../src/model.ts";
import type { Buttons } from "../boards/board.ts";
import { readDevice } from "./chosen.ts";
import { acceptOne, handedOver } from "./pipes.ts";
import { type Places, placesUnder } from "./places.ts";

const LEVELS = "/run/firn-lines";
const BUTTONS: readonly Button[] = ["up", "down", "left", "right", "ok", "back"];
const GLASS_PATIENCE_MS = 120_000;
/** Contacts bounce for some ms: the kernel waits for so long before it tells an edge. */
const DEBOUNCE_MS = 10;
/** More than any person presses before a glass reads. */
const MOST_BEHIND_BYTES = 64 * 1024;

/** The chip's name, in what gpiodetect prints ("gpiochip0 [pinctrl-bcm2711] (58 lines)"): the first label that is there. */
export function chipIn(printed: string, labels: readonly string[]): string | undefined {
  const chips = [...printed.matchAll(/^(gpiochip\d+) \[([^\]\n]*)\] \(\d+ lines?\)$/gm)];
  return labels.flatMap((label) => chips.filter(([, , its]) => its === label))[0]?.[1];
}

/** What gpiomon is asked for: a rising edge is a press, whatever the wire's level. */
export function monitorArguments(chip: string, { pins, pressedHigh }: Buttons): string[] {
  return [
    ...["--chip", chip, "--edges", "both", "--debounce-period", `${DEBOUNCE_MS}ms`],
    ...(pressedHigh ? ["--bias", "pull-down"] : ["--bias", "pull-up", "--active-low"]),
    ...["--format", "%o %E", ...BUTTONS.map((button) => String(pins[button]))],
  ];
}

/** One line of gpiomon's; undefined where it is none. */
export function edgeIn(
  line: string,
  { pins }: Buttons,
): { readonly button: Button; readonly pressed: boolean } | undefined {
  const [, offset, edge] = /^(\d{1,4}) (rising|falling)$/.exec(line) ?? [];
  const button = BUTTONS.find((one) => String(pins[one]) === offset);
  return button && { button, pressed: edge === "rising" };
}

function run(): void {
  const { values } = parseArgs({ options: { under: { type: "string", default: "/" } } });
  const places = placesUnder(values.under);
  const buttons = readDevice(places.device, places.owner)?.board.buttons;
  if (buttons === undefined) end(1, "this device has no buttons");
  const { edges } = handedOver(["edges"]);
  const level = levelFiles(places);
  const child = monitor(places, buttons);
  let glass: Socket | undefined;
  createInterface({ input: child.stdout! }).on("line", (line) => {
    const edge = edgeIn(line, buttons);
    if (edge === undefined) end(1, "gpiomon says what it never says");
    level(edge.button, edge.pressed);
    glass?.write(`${edge.button} ${edge.pressed ? 1 : 0}\n`);
    if ((glass?.writableLength ?? 0) > MOST_BEHIND_BYTES) end(1, "the glass reads nothing");
  });
  child.on("error", () => end(1, "gpiomon cannot be started"));
  child.on("close", () => end(1, "gpiomon ended"));
  const taken = acceptOne(
    edges,
    (socket) => {
      glass = socket;
      socket.on("error", () => end(0));
      socket.on("close", () => end(0));
      socket.resume();
    },
    GLASS_PATIENCE_MS,
  );
  // Nobody else can be told: the child goes with this process's group.
  taken.then(() => glass ?? end(1, "the glass did not come"), stop);
}

/** No button counts as pressed until an edge says so: what was held before must be let go first. */
function levelFiles(places: Places): (button: Button, pressed: boolean) => void {
  const files = new Map<Button, number>();
  for (const button of ["ok", "back"] as const) {
    const path = join(places.at(LEVELS), button);
    files.set(button, openSync(path, "w"));
    chmodSync(path, 0o644);
  }
  const set = (button: Button, pressed: boolean) => {
    const fd = files.get(button);
    if (fd !== undefined) writeSync(fd, pressed ? "1" : "0", 0);
  };
  for (const button of files.keys()) set(button, false);
  process.on("exit", () => {
    for (const button of files.keys()) set(button, false);
  });
  return set;
}

function monitor(places: Places, buttons: Buttons): ChildProcess {
  const printed = execFileSync(places.at("/usr/bin/gpiodetect"), { encoding: "utf8", timeout: 5000 });
  const chip = chipIn(printed, buttons.chips);
  if (chip === undefined) end(1, `there is no chip ${buttons.chips.join(" or ")}`);
  const stdio = ["ignore", "pipe", "ignore"] as const;
  const child = spawn(places.at("/usr/bin/gpiomon"), monitorArguments(chip, buttons), { stdio: [...stdio] });
  process.on("exit", () => child.kill("SIGKILL"));
  return child;
}

function end(code: number, why?: string): never {
  if (why !== undefined) process.stderr.write(`Firn's lines stopped: ${why}\n`);
  process.exit(code);
}

function stop(problem: unknown): never {
  end(1, problem instanceof Error ? problem.message : String(problem));
}

if (import.meta.main) {
  process.on("uncaughtException", stop);
  run();
}
