// The Random port as a stream that a script fixed.

import { createHash } from "node:crypto";
import type { Random } from "../../src/ports.ts";

/**
 * SHA-256(seed || start || counter), block after block. `start` counts the starts of one play:
 * a fresh process does not draw what the one before it drew.
 */
export function fixedRandom(seedHex: string, start: number): Random {
  let counter = 0;
  let left = Buffer.alloc(0);
  return {
    bytes(length) {
      while (left.length < length) {
        const block = createHash("sha256")
          .update(Buffer.from(seedHex, "hex"))
          .update(`/${start}/${counter++}`);
        left = Buffer.concat([left, block.digest()]);
      }
      const taken = new Uint8Array(left.subarray(0, length));
      left = left.subarray(length);
      return taken;
    },
  };
}
