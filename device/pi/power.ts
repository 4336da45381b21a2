// Switching the machine off: a wish, at which systemd ends everything, Firn with it.

import { setTimeout as sleep } from "node:timers/promises";
import type { Power } from "../../src/ports.ts";
import { refuse } from "../../src/refusal.ts";
import type { Wishes } from "./wishes.ts";

const WISH = "poweroff";
/** systemd asks for the end within milliseconds; a slow board under load within a second or two. */
const PATIENCE_MS = 10_000;

export function wishedPower(wishes: Wishes, patienceMs = PATIENCE_MS): Power {
  return {
    async off() {
      try {
        await wishes.wish(WISH);
      } catch (problem) {
        refuse("power.failed", (problem as NodeJS.ErrnoException).code);
      }
      await sleep(patienceMs);
      // Nobody took it: it must not come true later.
      await wishes.withdraw(WISH);
      return refuse("power.failed", "nothing happened");
    },
  };
}
