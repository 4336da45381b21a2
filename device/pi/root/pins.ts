// The lines of the board's buttons, LED and buzzer: found by their chip's label, exported, set up, and their value files
// alone given to firn-lines. Which way a line points, which edges it tells and what counts as active stay root's.

import { chmodSync, chownSync } from "node:fs";
import type { Buttons } from "../../boards/board.ts";
import type { Line, LineName, LinesFile } from "../lines-file.ts";
import { causeOf, type Machine } from "./machine.ts";

const GPIO = "/sys/class/gpio";
const OUTPUTS: readonly LineName[] = ["led", "buzzer"];
/** Where lines.ts says edges and keeps levels, on a kernel without GPIO: read by LINES_FILE's readers. */
const BY_CHIP: LinesFile = { lines: {}, edges: "/run/firn-wire/lines.sock", levels: "/run/firn-lines" };

export interface PinsDone {
  readonly file: LinesFile;
  /** What could not be set up, in words. */
  readonly missing: readonly string[];
}

/** `share`: gives a value file to those who may read and write it. */
export function setUpLines(machine: Machine, buttons: Buttons, share: (path: string) => void): PinsDone {
  if (machine.names(GPIO) === undefined) return { file: BY_CHIP, missing: [] };
  const chip = chipOf(machine, buttons.chips);
  if (chip === undefined) return { file: { lines: {} }, missing: [`no chip ${buttons.chips.join(", ")}`] };
  const lines: { [name in LineName]?: Line } = {};
  const missing: string[] = [];
  for (const [name, pin] of Object.entries(buttons.pins) as [LineName, number][])
    try {
      if (pin >= chip.lines) throw new Error("no such line");
      lines[name] = setUp(machine, name, chip.base + pin);
      share(machine.at(lines[name].value));
    } catch (problem) {
      delete lines[name];
      missing.push(`${name} (${causeOf(problem)})`);
    }
  const high = buttons.pressedHigh === true ? { pressedHigh: true as const } : {};
  return { file: { lines, ...high }, missing };
}

interface Chip {
  readonly base: number;
  readonly lines: number;
}

/** Numbers change from start to start, labels do not. */
function chipOf(machine: Machine, labels: readonly string[]): Chip | undefined {
  const chips = (machine.names(GPIO) ?? [])
    .filter((name) => /^gpiochip\d+$/.test(name))
    .map((name) => ({
      label: machine.text(`${GPIO}/${name}/label`),
      base: Number(machine.text(`${GPIO}/${name}/base`)),
      lines: Number(machine.text(`${GPIO}/${name}/ngpio`)),
    }));
  const found = labels.flatMap((label) => chips.filter((chip) => chip.label === label))[0];
  return found && Number.isSafeInteger(found.base) && Number.isSafeInteger(found.lines) ? found : undefined;
}

function setUp(machine: Machine, name: LineName, number: number): Line {
  const folder = `${GPIO}/gpio${number}`;
  if (machine.names(folder) === undefined) machine.put(`${GPIO}/export`, String(number));
  // Before its direction: an output must not be on for even a moment.
  machine.put(`${folder}/active_low`, "0");
  machine.put(`${folder}/direction`, OUTPUTS.includes(name) ? "low" : "in");
  if (!OUTPUTS.includes(name)) machine.put(`${folder}/edge`, "both");
  return { number, value: `${folder}/value` };
}

/** To read and write for root and this group. What is an input cannot be written: the kernel refuses. */
export function shareWith(machine: Machine, group: string): (path: string) => void {
  const line = (machine.text("/etc/group") ?? "").split("\n").find((one) => one.startsWith(`${group}:`));
  const id = Number(line?.split(":")[2] ?? Number.NaN);
  return (path) => {
    if (!Number.isSafeInteger(id)) throw new Error(`no group ${group}`);
    chownSync(path, 0, id);
    chmodSync(path, 0o664);
  };
}
