// What fleets and their administrators are called.

import { isFleetName } from "../../policy/index.ts";
import type { Desk } from "../../ui.ts";
import { askText } from "../policy/asks.ts";

/** Of a fleet or of an administrator, as their documents write it. */
export function askFleetName(desk: Desk, title: string, label: string, start = ""): Promise<string | "back"> {
  return askText(desk, title, {
    label,
    start,
    allowed: "abcdefghijklmnopqrstuvwxyz0123456789 -",
    longest: 24,
    check: (name) =>
      isFleetName(name.trim()) ? undefined : "A small letter first, then letters and digits.",
  });
}
