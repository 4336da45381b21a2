// The Random port: the kernel's generator.

import { randomBytes } from "node:crypto";
import type { Random } from "../../src/ports.ts";

export function kernelRandom(): Random {
  return { bytes: (length) => new Uint8Array(randomBytes(length)) };
}
