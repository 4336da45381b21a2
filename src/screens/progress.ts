// Work under way: a title and how far it is.

import type { Picture } from "../model.ts";

export function progress(title: string, share?: number): Picture {
  return {
    title,
    tone: "calm",
    blocks:
      share === undefined
        ? [{ kind: "text", text: "One moment." }]
        : [{ kind: "meter", label: "done", share }],
    buttons: {},
  };
}
