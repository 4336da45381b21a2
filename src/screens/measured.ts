// What this machine was measured to do, each figure with what it means.

import type { Block } from "../model.ts";
import type { Frames } from "./pace.ts";
import type { Sheet } from "./pages.ts";

export interface Measured {
  readonly frames: Frames | undefined;
  readonly unlockMs: number;
  /** A second, each verified as a real one is; undefined where the clock stood still. */
  readonly ecdsa: number | undefined;
  readonly schnorr: number | undefined;
  /** From power-on to the first picture. */
  readonly startedMs: number | undefined;
}

export function measuredSheets({ frames, unlockMs, ecdsa, schnorr, startedMs }: Measured): Sheet[] {
  const camera =
    frames === undefined
      ? "no frame came"
      : `${perSecond(frames.came)} come, a decoder looks at ${perSecond(frames.looked)}`;
  const blocks = [
    figure("Frames of the camera", camera),
    text("Animated codes show 2 to 8 pictures a second. With fewer frames a scan takes longer."),
    figure("A PIN", seconds(unlockMs)),
    text("So long each PIN takes that is tried here, by you or by whoever guesses."),
    figure("Signatures", `ECDSA: ${perSecond(ecdsa)}. Schnorr: ${perSecond(schnorr)}.`),
    text("One for each input of yours, verified by two implementations."),
    figure("Start", seconds(startedMs)),
    text("From power to the first picture: only a board can tell."),
  ];
  return [{ title: "Measured", blocks }];
}

function figure(label: string, value: string): Block {
  return { kind: "fact", label, value };
}

function text(words: string): Block {
  return { kind: "text", text: words };
}

const UNKNOWN = "not known here";

function perSecond(rate: number | undefined): string {
  return rate === undefined ? UNKNOWN : `${rate < 20 ? rate.toFixed(1) : Math.round(rate)} a second`;
}

/** Nothing takes no time: a clock that stood still measured nothing. */
function seconds(ms: number | undefined): string {
  return ms === undefined || ms <= 0 ? UNKNOWN : `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} seconds`;
}
