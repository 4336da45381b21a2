// The host's own time.

import { readFileSync } from "node:fs";
import { uptime } from "node:os";
import type { Clock } from "../../src/ports.ts";
import { NAMELESS } from "../../src/reckoning.ts";
import type { Timer } from "../wire/panel.ts";

export interface Time {
  readonly clock: Clock;
  readonly timer: Timer;
}

/** Lets what waits in the event loop in. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Linux gives each boot a name. */
function bootOf(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return NAMELESS;
  }
}

/** Since the host's start, not this process's: a lock does not set it back. */
function awakeMs(): number {
  return Number(process.hrtime.bigint() / 1000n) / 1000;
}

/** Less is rounding: a host that never slept has one monotonic clock, to the microsecond. */
const LEAST_SLEEP_MS = 2000;

/** While a laptop sleeps its monotonic clock stands still; that time has passed all the same. */
function asleepMs(boot: string): number {
  const ms = boot === NAMELESS ? 0 : Math.floor(uptime() * 1000 - awakeMs());
  return ms < LEAST_SLEEP_MS ? 0 : ms;
}

/**
 * The host's clock counts as one that ran on while the host was off: whoever can set it there rules over this process
 * and its memory as well. While the host is on, setting it changes nothing.
 */
export function hostTime(): Time {
  const boot = bootOf();
  const asleep = asleepMs(boot);
  return {
    clock: {
      wallMs: () => Date.now(),
      monotonicMs: () => awakeMs() + asleep,
      boot,
      chipMs: () => Date.now(),
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
