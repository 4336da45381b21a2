// The parts of the machine that a home is sealed to.

import type { SealKind } from "../../keys/index.ts";
import type { Counter, Ports, Seal } from "../../ports.ts";
import { quietly } from "../or-refused.ts";
import type { HomeName } from "./homes.ts";

type Seals = Pick<Ports, "seals">;

/** Undefined where this machine has none of that kind. */
export function sealOf({ seals }: Seals, kind: SealKind): Seal | undefined {
  return seals.find((seal) => seal.kind === kind);
}

/** Of the seal that a home is under: another one's counter says nothing about it. */
export function counterOf(ports: Seals, kind: SealKind, name: HomeName): Counter | undefined {
  return sealOf(ports, kind)?.counter?.(name);
}

/** The work with the seals is done for now: power may go. */
export async function atRest({ seals }: Seals): Promise<void> {
  for (const seal of seals) await quietly(() => seal.rest());
}
