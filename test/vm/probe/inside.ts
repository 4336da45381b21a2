// Root inside a probe machine, as a test speaks to it.

import { setTimeout as sleep } from "node:timers/promises";
import type { Machine } from "../machine.ts";
import { PATIENCE_MS } from "../person.ts";
import type { Order } from "./agent.ts";

/** Sends one order; rejects where it was refused, or nobody answers. One after the other, please. */
export async function ask<T = string>(machine: Machine, order: Order): Promise<T> {
  const from = machine.reported().length;
  machine.tell(`${JSON.stringify(order)}\n`);
  const until = performance.now() + PATIENCE_MS;
  for (; performance.now() < until; await sleep(50)) {
    const line = machine
      .reported()
      .slice(from)
      .replace(/^ready\n/, "");
    if (!line.endsWith("\n")) continue;
    const answer = JSON.parse(line) as { readonly good?: T; readonly bad?: string };
    if (answer.bad !== undefined) throw new Error(`inside: ${answer.bad}`);
    return answer.good as T;
  }
  throw new Error("nobody answers inside");
}
