// LED and buzzer: what they do follows from the pictures alone, and who has neither misses nothing.

import type { Picture } from "../../src/model.ts";
import type { Timer } from "../wire/panel.ts";
import type { Switch } from "./gpio.ts";

const BEEP_MS = 60;
const PAUSE_MS = 120;

/**
 * The LED burns while a page asks to be held for. One beep: something dangerous came. Two: a code came that leaves the
 * device, so a camera is wanted there.
 */
export function signalsOf(picture: Picture, before: Picture | undefined) {
  const shows = (one: Picture | undefined) => one?.blocks.some((block) => block.kind === "code") ?? false;
  const isDanger = picture.tone === "danger";
  const cameDanger = isDanger && !(before?.tone === "danger" && before.title === picture.title);
  const cameCode = shows(picture) && !shows(before);
  return { led: picture.hold !== undefined, beeps: cameDanger ? 1 : cameCode ? 2 : 0 };
}

export interface Signals {
  show(picture: Picture): void;
  /** Dark and silent. */
  close(): void;
}

export function openSignals(
  { led, buzzer }: { readonly led?: Switch | undefined; readonly buzzer?: Switch | undefined },
  timer: Timer,
): Signals {
  let before: Picture | undefined;
  let calledOff: (() => void) | undefined;
  let lit: boolean | undefined;
  const light = (on: boolean) => {
    if (on !== lit) attempt(led, on);
    lit = on;
  };
  const beep = (count: number): void => {
    calledOff?.();
    attempt(buzzer, count > 0);
    if (count === 0) return;
    calledOff = timer.after(BEEP_MS, () => {
      attempt(buzzer, false);
      calledOff = count > 1 ? timer.after(PAUSE_MS, () => beep(count - 1)) : undefined;
    });
  };
  light(false);
  beep(0);
  return {
    show(picture) {
      const { led: on, beeps } = signalsOf(picture, before);
      before = picture;
      light(on);
      if (beeps > 0) beep(beeps);
    },
    close() {
      light(false);
      beep(0);
    },
  };
}

/** A lamp that fails is no reason to stop. */
function attempt(output: Switch | undefined, on: boolean): void {
  try {
    output?.set(on);
  } catch {}
}
