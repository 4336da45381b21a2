// Work under way: a title and how far it is.

import type { Picture } from "../model.ts";

export function progress(title: string, share?: number, words = "One moment."): Picture {
  return {
    title,
    tone: "calm",
    blocks: share === undefined ? [{ kind: "text", text: words }] : [{ kind: "meter", label: "done", share }],
    buttons: {},
  };
}
