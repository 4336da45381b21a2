// The shipped session scripts, followed by a person in front of the machine instead of the simulator's hand.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseSession, type Step } from "../../device/sim/session.ts";
import { says } from "../../device/sim/words.ts";
import type { CodeLoop } from "../../src/model.ts";
import { framesOf } from "./camera.ts";
import type { Person } from "./person.ts";

const SESSIONS = join(import.meta.dirname, "../../docs/sessions");

export interface Follow {
  readonly set: Readonly<Record<string, string>>;
  /** What is shown to the camera where the script says `camera`. */
  readonly codes?: CodeLoop;
  /** Instead of the script's `codes`. */
  readonly taken?: () => Promise<void>;
}

export async function follow(person: Person, name: string, { set, codes, taken }: Follow): Promise<void> {
  const text = await readFile(join(SESSIONS, `${name}.txt`), "utf8");
  const names = new Map(Object.entries({ CAMERA: "camera", OUT: "out", ...set }));
  const steps = parseSession(text, names);
  for (const [at, step] of steps.entries()) {
    if (step.step !== "if") await take(person, step, codes, taken);
    else if (await comes(person, step.text, steps.slice(at + 1)))
      for (const one of step.steps) await take(person, one, codes, taken);
  }
}

/** Whether this is what comes, or else what the script says next: a person waits for one of both. */
async function comes(person: Person, text: string, rest: readonly Step[]): Promise<boolean> {
  const next = rest.find((step) => step.step === "see");
  if (next === undefined) throw new Error(`after "if see ${text}" the script sees nothing more`);
  const shown = await person.see(new RegExp([text, next.text].map(asPattern).join("|")));
  return says(shown, text);
}

/** White space is folded, as where scripts are played. */
function asPattern(text: string): string {
  return text
    .trim()
    .split(/\s+/)
    .map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
    .join("\\s+");
}

async function take(
  person: Person,
  step: Step,
  codes?: CodeLoop,
  taken?: () => Promise<void>,
): Promise<void> {
  const { camera, image } = person.machine;
  switch (step.step) {
    case "see":
      await person.see(step.text);
      return;
    case "unseen":
      if (says(await person.text(), step.text)) throw new Error(`the screen says "${step.text}"`);
      return;
    case "press":
      return person.press(step.button, step.times);
    case "type":
      return person.type(step.text);
    case "pick":
      return person.pick(step.label);
    case "hold":
      return person.hold(step.what);
    case "page":
      await person.page();
      return;
    case "camera":
      camera.show(framesOf(codes!, image.camera));
      return;
    case "codes":
      return taken?.();
    default:
      throw new Error(`a person in front of the machine cannot do this: ${step.source}`);
  }
}
