// Run as root once at each start, before Firn: node prepare.ts. What fails is told by facts.json, and never keeps
// another part from being made ready.

import type { Fact } from "../../../src/ports.ts";
import { DEVICE_FILE, type Device, readDevice } from "../chosen.ts";
import { LINES_FILE } from "../lines-file.ts";
import { setFont } from "./console.ts";
import { PLACE, tellFacts } from "./facts.ts";
import { causeOf, leave, MACHINE, type Machine } from "./machine.ts";
import { setUpLines, shareWith } from "./pins.ts";

/** A cause is shown on a small screen. */
const MOST_CHARS = 120;
const LINES_GROUP = "firn-lines";

export interface Steps {
  readonly device: () => Device | undefined;
  readonly font: (device: Device) => void;
  readonly share: (path: string) => void;
}

export function prepare(machine: Machine, steps: Steps): void {
  const parts: Fact[] = [];
  const part = <T>(label: string, work: () => T): T | undefined => {
    try {
      return work();
    } catch (problem) {
      parts.push({ about: "part", label, found: causeOf(problem).slice(0, MOST_CHARS), state: "open" });
      return undefined;
    }
  };
  const device = part("Description", () => described(steps));
  if (device) part("Console font", () => steps.font(device));
  if (device) part("Lines", () => lines(machine, device, steps.share));
  part("Modules", () => endLoading(machine));
  tellFacts(machine, device?.board.title ?? "an unknown board", parts);
}

function described(steps: Steps): Device {
  const device = steps.device();
  if (device === undefined) throw new Error("it says of no known board what this is");
  return device;
}

function lines(machine: Machine, { board, chosen }: Device, share: (path: string) => void): void {
  if (!chosen.buttons || board.buttons === undefined) return;
  const { file, missing } = setUpLines(machine, board.buttons, share);
  leave(machine, LINES_FILE, file);
  if (missing.length > 0) throw new Error(`not set up: ${missing.join(", ")}`);
}

const MODULES = "/proc/sys/kernel/modules_disabled";

/** For good: until the machine is switched off nothing more comes into the kernel. */
function endLoading(machine: Machine): void {
  if (machine.text(MODULES) === "0") machine.put(MODULES, "1");
}

if (import.meta.main)
  prepare(MACHINE, {
    device: () => readDevice(DEVICE_FILE),
    font: ({ board, chosen }) => setFont(MACHINE, board.screens[chosen.screen]!, `${PLACE}/font`),
    share: shareWith(MACHINE, LINES_GROUP),
  });
