// The wait that the owner put between a right PIN and the opening. It counts while the device is on.

import { spokenDuration } from "../text.ts";
import type { Screen } from "./screen.ts";
import { done } from "./screen.ts";

/** Ticks come by the second; time that passes otherwise counts for nothing. */
export function countdown(totalS: number, leftS = totalS): Screen<"over"> {
  return {
    wants: { tickMs: 1000, awake: true },
    draw: () => ({
      title: "The PIN is right",
      tone: "calm",
      blocks: [
        {
          kind: "text",
          text: `Your countdown runs: ${spokenDuration(leftS * 1000)} to go. Leave the device on.`,
        },
        { kind: "meter", label: "Countdown", share: 1 - leftS / totalS },
      ],
      buttons: {},
    }),
    on(event) {
      if (event.kind !== "tick") return this;
      return leftS <= 1 ? done("over") : countdown(totalS, leftS - 1);
    },
  };
}
