// A typed secret: masked, and shown for as long as the person wants to see it. Right shows and hides.

import type { Event } from "../model.ts";
import { type FieldAnswer, type FieldOptions, field } from "./field.ts";
import type { Screen } from "./screen.ts";

export function hidden(options: Omit<FieldOptions, "masked">): Screen<FieldAnswer> {
  return both(field({ ...options, masked: true }), field(options), false);
}

/** The same field twice, typed into at once; one of them is seen. */
function both(masked: Screen<FieldAnswer>, plain: Screen<FieldAnswer>, seen: boolean): Screen<FieldAnswer> {
  return {
    draw(size) {
      const picture = (seen ? plain : masked).draw(size);
      return { ...picture, buttons: { ...picture.buttons, right: seen ? "hide" : "show" } };
    },
    on(event: Event, size) {
      if (event.kind === "press" && event.button === "right") return both(masked, plain, !seen);
      const [next, same] = [masked.on(event, size), plain.on(event, size)];
      if ("done" in next || "done" in same) return next;
      return next === masked ? this : both(next, same, seen);
    },
  };
}
