// The machine that plays in one process run on: always the same one.

import type { Seal } from "../../src/ports.ts";
import { secretSeal } from "../seal/secret.ts";

export function sameMachine(): Seal {
  return secretSeal({ kind: "file", secret: new Uint8Array(32).fill(7), destroy: async () => undefined });
}
