// Chance that is added to the kernel's: the machine's own generators, and what a person has and does.

import { wipe } from "../../bytes.ts";
import {
  addFrame,
  cameraGiven,
  cameraProblem,
  type Given,
  HARDWARE_BYTES,
  hardwareGiven,
  LEAST_CAMERA_BITS,
  leastRolls,
  NO_FRAMES,
  type Rolls,
  rollsGiven,
  timingGiven,
  typedGiven,
} from "../../keys/index.ts";
import { LIMITS } from "../../limits.ts";
import type { Panel } from "../../ports.ts";
import { refuse } from "../../refusal.ts";
import { chance } from "../../screens/chance.ts";
import { field, PRINTABLE } from "../../screens/field.ts";
import { rolls } from "../../screens/rolls.ts";
import type { Desk } from "../../ui.ts";
import { ask, wait } from "../../ui.ts";
import { orRefused } from "../or-refused.ts";

/** One that does not answer, or is dead, is named and left out. */
export async function machineChance(desk: Desk): Promise<readonly Given[]> {
  const given: Given[] = [];
  for (const noise of desk.ports.noise) {
    const one = await orRefused(desk, async () =>
      hardwareGiven(
        noise.name,
        await wait(desk, `Asking ${noise.name} for chance`, noise.bytes(HARDWARE_BYTES)),
      ),
    );
    if (one !== "back") given.push(one);
  }
  return given;
}

/** Throws Refusal birth.camera-dark, birth.camera-frozen or birth.camera-quiet. */
export async function cameraChance(desk: Desk): Promise<readonly Given[] | "back"> {
  const taken = await ask(
    desk,
    chance(
      {
        title: "Chance from the camera",
        ask: "Point it at something uneven, not too bright. Its noise is measured.",
        add: addFrame,
        meter: ({ bits, frames }) => ({
          label: `${Math.floor(bits)} of ${LEAST_CAMERA_BITS} bits measured in ${frames} frames`,
          share: Math.min(1, bits / LEAST_CAMERA_BITS),
        }),
        ended: (state) => state.bits >= LEAST_CAMERA_BITS || cameraProblem(state) !== undefined,
      },
      NO_FRAMES,
    ),
  );
  if (taken === "back") return "back";
  wipe(taken.last?.luma);
  const problem = cameraProblem(taken);
  if (problem) refuse(problem, `${taken.frames} frames, ${Math.floor(taken.bits)} bits measured`);
  return [cameraGiven(taken)];
}

const ROLLS = {
  dice: { title: "Dice", ask: "Roll a die and type what falls, 1 to 6.", also: {} },
  coins: {
    title: "Coins",
    ask: "Flip a coin and type 1 for heads (or h), 0 for tails (or t).",
    also: { h: "1", H: "1", t: "0", T: "0" },
  },
} as const;

/** Throws Refusal birth.dead-source, birth.pattern or birth.uneven. */
export async function rolledChance(desk: Desk, kind: Rolls, words: number): Promise<Given | "back"> {
  const typed = await ask(
    desk,
    rolls({
      ...ROLLS[kind.name],
      faces: kind.faces,
      least: leastRolls(kind, words),
      most: LIMITS.rolls,
    }),
  );
  return typed === "back" ? "back" : rollsGiven(kind, typed);
}

/** What is typed, and when each key came; a clock that stands still is named, and what was typed stays. */
export async function typedChance(desk: Desk): Promise<readonly Given[] | "back"> {
  const timesMs: number[] = [];
  const answer = await ask(
    timed(desk, timesMs),
    field({
      title: "Typing",
      label: "Any keys",
      above: [
        { kind: "text", text: "Type without thinking, the longer the better: the times between keys count." },
      ],
      allowed: PRINTABLE,
      longest: LIMITS.typedChance,
      check: (value) => (value === "" ? "Type something, or go back." : undefined),
    }),
  );
  if (answer === "back") return "back";
  const typed = typedGiven(answer.value);
  const timing = await orRefused(desk, async () => timingGiven(timesMs));
  return timing === "back" ? [typed] : [typed, timing];
}

/** The same desk, on which the monotonic clock's time of each key is written down. */
function timed(desk: Desk, timesMs: number[]): Desk {
  const { panel, clock } = desk.ports;
  const watching: Panel = {
    size: () => panel.size(),
    show: (picture) => panel.show(picture),
    poll: (wants) => panel.poll(wants),
    async next(wants) {
      const event = await panel.next(wants);
      if (event.kind === "char" || event.kind === "press") timesMs.push(clock.monotonicMs());
      return event;
    },
  };
  return { ...desk, ports: { ...desk.ports, panel: watching } };
}
