// Random bytes that shares are made of.

import type { Random } from "../../ports.ts";
import { refuseDead } from "../entropy.ts";

/** From the random port, and not from a dead one. Throws Refusal keys.entropy-dead. */
export function chance(random: Random, length: number): Uint8Array {
  const bytes = random.bytes(length);
  refuseDead({ name: "random", bytes });
  return bytes;
}
