// What a key of this device is called. Names are unique here, so that none is taken for another.

import { LIMITS } from "../../limits.ts";
import { field, PRINTABLE } from "../../screens/field.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import type { Session } from "../session.ts";

/** `own`: fingerprint of the key that may keep its name. */
export async function askKeyName(
  desk: Desk,
  { state }: Session,
  start: string,
  own?: string,
): Promise<{ readonly text: string } | "back"> {
  const others = state.keys.filter(({ fingerprint }) => fingerprint !== own).map(({ name }) => name);
  const answer = await ask(
    desk,
    field({
      title: "Name the key",
      label: "Name",
      allowed: PRINTABLE,
      longest: LIMITS.keyNameChars,
      start,
      check: (value) =>
        value.trim() === ""
          ? "A key needs a name."
          : others.includes(value.trim())
            ? "Another key here has this name."
            : undefined,
    }),
  );
  return answer === "back" ? "back" : { text: answer.value.trim() };
}
