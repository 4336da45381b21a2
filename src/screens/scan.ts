// The camera is on: what it should see, how far it is, and what was wrong with the last picture.

import type { Block, Event, Kind, Message, Progress } from "../model.ts";
import { REFUSALS } from "../refusal.ts";
import type { Item } from "./menu.ts";
import type { Screen } from "./screen.ts";
import { done } from "./screen.ts";

export interface ScanOptions<Other = never> {
  readonly title: string;
  /** What to show to the camera, in words. */
  readonly ask: string;
  readonly kinds: readonly Kind[];
  /** Another way than the camera, by ok. */
  readonly other?: Item<Other>;
}

interface Seen {
  readonly progress?: Progress;
  readonly wrong?: string;
  /** What is wrong with the camera itself: stands until it is taken back. */
  readonly trouble?: string;
  readonly preview?: Extract<Block, { kind: "image" }>;
}

/** It sees, but badly: its pictures go on, and what to show it still stands. */
const HINTS: readonly string[] = [
  "transport.camera-dark",
  "transport.camera-blurred",
  "transport.camera-frozen",
];

export function scan<Other = never>(
  options: ScanOptions<Other>,
  seen: Seen = {},
): Screen<Message | "back" | Other> {
  const { other } = options;
  const wrong = seen.trouble ?? seen.wrong;
  const sees = seen.trouble === undefined || HINTS.includes(seen.trouble);
  // On a small screen a trouble's words need the room; who has begun knows what to show.
  const asks = seen.trouble === undefined || (sees && !seen.progress);
  return {
    // Nobody presses keys while a long code is read: no idle lock then.
    wants: { scan: options.kinds, ...(seen.progress ? { awake: true as const } : {}) },
    draw: () => ({
      title: options.title,
      tone: wrong === undefined ? "calm" : "caution",
      blocks: [
        ...(asks ? [{ kind: "text", text: options.ask } as const] : []),
        ...(wrong === undefined ? [] : [{ kind: "text", text: wrongWords(wrong) } as const]),
        ...(seen.progress ? [meter(seen.progress)] : []),
        // A picture from before says nothing of what a camera sees that gives none.
        ...(seen.preview && sees ? [seen.preview] : []),
      ],
      buttons: { back: "stop", ...(other ? { ok: other.label } : {}) },
    }),
    on(event: Event) {
      switch (event.kind) {
        case "message":
          return done(event.message);
        case "progress":
          return scan(options, { ...seen, progress: event.progress, wrong: undefined });
        case "unread":
          return scan(options, { ...seen, wrong: event.reason });
        case "camera":
          return scan(options, { ...seen, trouble: event.trouble });
        case "preview": {
          const { width, height, luma } = event;
          return scan(options, { ...seen, preview: { kind: "image", width, height, luma } });
        }
        case "press":
          if (event.button === "ok" && other) return done(other.answer);
          return event.button === "back" ? done("back") : this;
        default:
          return this;
      }
    },
  };
}

/** The table's own words with the reason's name, as on every refusal; of a hint only what to do. */
function wrongWords(reason: string): string {
  const text = (REFUSALS as Record<string, { title: string; meaning: string; remedy: string }>)[reason];
  if (!text) return `Not read (${reason}).`;
  const meaning = HINTS.includes(reason) ? "" : ` ${text.meaning}`;
  return `${text.title} (${reason}).${meaning} ${text.remedy}`;
}

function meter(progress: Progress): Block {
  const { have, total } = progress;
  return {
    kind: "meter",
    label: `${have} of ${total} parts (${progress.dialect})`,
    share: total === 0 ? 0 : have / total,
    map: progress.map,
  };
}
