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

/** Work that a person may stop. */
export function stoppable(title: string, share: number): Picture {
  return { ...progress(title, share), buttons: { back: "stop" } };
}
