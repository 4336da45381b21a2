// The camera as a source of chance: what it sees, and how much was measured. It ends by itself.

import type { Block, Event } from "../model.ts";
import { REFUSALS } from "../refusal.ts";
import type { Screen } from "./screen.ts";
import { done } from "./screen.ts";

type Frame = Omit<Extract<Event, { kind: "preview" }>, "kind">;

export interface ChanceOptions<Taken> {
  readonly title: string;
  readonly ask: string;
  /** What a frame makes of all before it. Pure. */
  readonly add: (taken: Taken, frame: Frame) => Taken;
  readonly meter: (taken: Taken) => { readonly label: string; readonly share: number };
  /** It is enough, or will never be. */
  readonly ended: (taken: Taken) => boolean;
}

export function chance<Taken>(
  options: ChanceOptions<Taken>,
  taken: Taken,
  seen: { readonly frame?: Frame; readonly wrong?: string } = {},
): Screen<Taken | "back"> {
  return {
    // Nobody presses keys while frames are taken.
    wants: { scan: ["chance"], awake: true },
    draw: () => ({
      title: options.title,
      tone: seen.wrong === undefined ? "calm" : "caution",
      blocks: [
        { kind: "text", text: options.ask },
        ...(seen.wrong === undefined ? [] : [{ kind: "text", text: wrongWords(seen.wrong) } as const]),
        { kind: "meter", ...options.meter(taken) },
        ...(seen.frame ? [{ kind: "image", ...seen.frame } satisfies Block] : []),
      ],
      buttons: { back: "stop" },
    }),
    on(event: Event) {
      if (event.kind === "preview") {
        const { width, height, luma } = event;
        const frame = { width, height, luma };
        const next = options.add(taken, frame);
        return options.ended(next) ? done(next) : chance(options, next, { frame });
      }
      if (event.kind === "unread") return chance(options, taken, { ...seen, wrong: event.reason });
      if (event.kind === "camera") return chance(options, taken, { wrong: event.trouble });
      return event.kind === "press" && event.button === "back" ? done("back") : this;
    },
  };
}

function wrongWords(reason: string): string {
  const text = (REFUSALS as Record<string, { title: string }>)[reason];
  return `${text?.title ?? "Nothing is seen"} (${reason}). Go back, and go on without it.`;
}
