// The host's own time.

import { readFileSync } from "node:fs";
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

/** Linux gives each boot a name; elsewhere none is known, and only powered-on time that goes back tells two apart. */
function bootOf(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return "unknown";
  }
}

/** The monotonic clock counts from the host's start, not from this process's: a lock does not set it back. */
export function hostTime(): Time {
  return {
    clock: {
      wallMs: () => Date.now(),
      monotonicMs: () => Number(process.hrtime.bigint() / 1000n) / 1000,
      boot: bootOf(),
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
