// What the firmware and the kernel are told: the image's own lines and words, among those of a system that goes on
// starting its own kernel.

import type { Board, Chosen, Kernel } from "../../device/boards/board.ts";
import { commandLine } from "../image/commandline.ts";
import { boardLines, chosenNeeds } from "../image/firmware.ts";
import { BuildError } from "../image/run.ts";
import { type Edit, itemsOf, type Step, textOf, withLines } from "./edits.ts";

/** Before a line of the owner's that stands against Firn's. */
const OUT = "#firn# ";

/** These add up; of all others the last one counts. */
const ADDING = ["dtoverlay", "dtparam", "gpio"];

/** Displays are ours to choose, and a port that can be a device at another's is none of Firn's. */
const FOREIGN_OVERLAY = /^(vc4-|dwc2$)/;

const keyOf = (line: string) => line.split("=")[0]!.trim();
const overlayOf = (line: string) =>
  keyOf(line) === "dtoverlay" ? line.split("=")[1]!.split(",")[0]!.trim() : undefined;

export function configEdit(board: Board, chosen: Chosen, kernel: Kernel): Edit {
  const lines = boardLines(board, chosen, chosenNeeds(kernel, chosen).firmware);
  const keys = new Set(lines.map(keyOf).filter((key) => !ADDING.includes(key)));
  const overlays = new Set(lines.map(overlayOf));
  const against = (line: string) => {
    if (keys.has(keyOf(line))) return true;
    const overlay = overlayOf(line);
    return overlay !== undefined && (overlays.has(overlay) || FOREIGN_OVERLAY.test(overlay));
  };
  return (text) => {
    const out: Step[] = [];
    const kept = text.split("\n").map((line) => {
      if (!against(line)) return line;
      out.push({ from: line, to: OUT + line });
      return OUT + line;
    });
    const block = ["[all]", "# Firn", ...lines, "# Firn's end"];
    return {
      text: withLines(kept.join("\n"), block),
      steps: [...out, ...block.map((to) => ({ from: null, to }))],
    };
  };
}

/** Words that start something else than the system, or that only a first start has. */
const UNFINISHED = /^(init=|systemd\.(run|unit)|overlayroot=|boot=overlay|rd\.)/;

/** Their pictures hide what the kernel says. */
const DROPPED = /^(splash$|plymouth\.)/;

export function commandLineEdit(board: Board, chosen: Chosen): Edit {
  const ours = commandLine(board, chosen, "").filter((word) => !word.startsWith("firn."));
  const keys = new Set(ours.map(keyOf));
  return (text) => {
    const words = itemsOf(text, " ");
    const unfinished = words.find((word) => UNFINISHED.test(word));
    if (unfinished !== undefined)
      throw new BuildError(
        `cmdline.txt has ${unfinished}: start the system until it is set up, without an overlay over its root`,
      );
    const out = words.filter((word) => keys.has(keyOf(word)) || DROPPED.test(word));
    const kept = words.filter((word) => !out.includes(word));
    return {
      text: textOf([...kept, ...ours], " "),
      steps: [...ours.map((to) => ({ from: null, to })), ...out.map((from) => ({ from, to: null }))],
    };
  };
}
