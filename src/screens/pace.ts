// The camera is on and its frames are only counted: how many come, and how many of them a decoder has time for.

import type { Block, Event } from "../model.ts";
import { REFUSALS } from "../refusal.ts";
import type { Screen } from "./screen.ts";
import { done } from "./screen.ts";

type Pace = Extract<Event, { kind: "pace" }>;

/** A second; undefined where no camera gave any. */
export interface Frames {
  readonly came: number;
  readonly looked: number;
}

interface Seen {
  /** The newest ones, the oldest first: a rate is what lies between two of them. */
  readonly paces: readonly Pace[];
  readonly trouble?: string | undefined;
  readonly preview?: Extract<Block, { kind: "image" }>;
}

/** What came longer ago says nothing of now: a camera takes a moment to begin. */
const MOST_MS = 3000;

export function pace(
  title: string,
  seen: Seen = { paces: [] },
): Screen<{ readonly frames?: Frames } | "back"> {
  const frames = framesOf(seen.paces);
  return {
    wants: { scan: ["pace"], awake: true },
    draw: () => ({
      title,
      tone: seen.trouble === undefined ? "calm" : "caution",
      blocks: [{ kind: "text", text: wordsOf(seen, frames) }, ...(seen.preview ? [seen.preview] : [])],
      buttons: { ok: "go on", back: "leave" },
    }),
    on(event) {
      switch (event.kind) {
        case "pace":
          return pace(title, { ...seen, paces: newest([...seen.paces, event]) });
        case "camera":
          return pace(title, { paces: [], trouble: event.trouble });
        case "preview": {
          const { width, height, luma } = event;
          return pace(title, { ...seen, preview: { kind: "image", width, height, luma } });
        }
        case "press":
          if (event.button === "back") return done("back");
          return event.button === "ok" ? done(frames === undefined ? {} : { frames }) : this;
        default:
          return this;
      }
    },
  };
}

function newest(paces: readonly Pace[]): readonly Pace[] {
  const last = paces.at(-1)!;
  // A count that goes back is another watch's.
  const kept = paces.filter(
    ({ ms, frames }) => last.ms - ms <= MOST_MS && ms <= last.ms && frames <= last.frames,
  );
  return kept.length > 1 ? kept : paces.slice(-2);
}

function framesOf(paces: readonly Pace[]): Frames | undefined {
  const [first, last] = [paces[0], paces.at(-1)];
  if (!first || !last || last.ms <= first.ms) return undefined;
  const rate = (count: "frames" | "looked") =>
    Math.max(0, ((last[count] - first[count]) * 1000) / (last.ms - first.ms));
  return { came: rate("frames"), looked: rate("looked") };
}

function wordsOf({ trouble }: Seen, frames: Frames | undefined): string {
  if (trouble !== undefined) {
    const text = (REFUSALS as Record<string, { title: string } | undefined>)[trouble];
    return `${text?.title ?? "The camera gives nothing"} (${trouble}).`;
  }
  if (!frames) return "Frames are counted: some seconds are needed.";
  return `${frames.came.toFixed(1)} frames a second come; a decoder looks at ${frames.looked.toFixed(1)}.`;
}
