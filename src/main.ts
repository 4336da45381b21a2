// Firn: is handed its ports, starts the first flow. Only composes.

import { start } from "./flows/unlock/start.ts";
import type { Ports } from "./ports.ts";
import { Locked, openDesk } from "./ui.ts";

/** Ends when Firn locks; whoever called it then ends the process, and starts afresh if it wishes. */
export async function main(ports: Ports): Promise<"locked"> {
  try {
    await start(openDesk(ports));
  } catch (problem) {
    if (!(problem instanceof Locked)) throw problem;
  }
  return "locked";
}
