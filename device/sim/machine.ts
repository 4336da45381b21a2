// The machine that plays in one process run on: always the same one.

import type { Seal } from "../../src/ports.ts";
import { secretSeal } from "../seal/secret.ts";

export function sameMachine(): Seal {
  const secret = new Uint8Array(32).fill(7);
  return secretSeal({ kind: "file", secret, destroy: async () => secret });
}
