// The program on any machine: joins the cages, hands it its ports, and ends the cages with it.

import type { Ports } from "../../src/ports.ts";
import type { Channel } from "../wire/channel.ts";
import type { FromEye, FromGlass, ToEye, ToGlass } from "../wire/lines.ts";
import { joinPanel, type WirePanel } from "../wire/panel.ts";
import type { Time } from "./time.ts";

export type Main = (ports: Ports) => Promise<"locked">;

/** Without a key for so long Firn locks. */
export const IDLE_MS = 5 * 60_000;

export interface Cages {
  readonly eye: Channel<ToEye, FromEye>;
  readonly glass: Channel<ToGlass, FromGlass>;
}

/** What a machine has beside its cages and its time. */
export type OwnPorts = Omit<Ports, "panel" | "securityKey" | "clock">;

/**
 * Resolves when Firn has locked; rejects with CageEnded, or with a bug. `panelOf` may stand between the program and
 * its panel, for whoever plays the machine.
 */
export async function runProgram(
  main: Main,
  cages: Cages,
  time: Time,
  own: OwnPorts,
  panelOf: (wire: WirePanel) => Ports["panel"] = (wire) => wire,
): Promise<"locked"> {
  const wire = joinPanel({ ...cages, ...time, idleMs: IDLE_MS });
  const panel = panelOf(wire);
  await wire.ready;
  try {
    return await main({ ...own, panel, securityKey: wire.securityKey, clock: time.clock });
  } finally {
    // The cages end with Firn.
    wire.close();
  }
}
