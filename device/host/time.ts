// The host's own time.

import type { Clock } from "../../src/ports.ts";
import type { Timer } from "../wire/panel.ts";

export interface Time {
  readonly clock: Clock;
  readonly timer: Timer;
}

/** Lets what waits in the event loop in. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The monotonic clock counts from the host's start, not from this process's: a lock does not set it back. */
export function hostTime(): Time {
  return {
    clock: {
      wallMs: () => Date.now(),
      monotonicMs: () => Number(process.hrtime.bigint() / 1000n) / 1000,
      breathe,
    },
    timer: {
      after(ms, fire) {
        const id = setTimeout(fire, ms);
        return () => clearTimeout(id);
      },
    },
  };
}
