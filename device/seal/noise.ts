// Generators of the machine's own, beside the kernel's: the TPM's, and the board's hardware generator.

import { open } from "node:fs/promises";
import { concat } from "../../src/bytes.ts";
import type { Noise } from "../../src/ports.ts";
import { Refusal, refuse } from "../../src/refusal.ts";
import { TpmBroken } from "./tpm/codec.ts";
import { TpmError } from "./tpm/exchange.ts";
import { random } from "./tpm/random.ts";
import { type OpenTransport, visit } from "./tpm/visit.ts";

/** No more is asked for at once. */
const MOST_BYTES = 16 * 1024;
/** The slowest generators of boards give some kilobytes a second. */
const PATIENCE_MS = 10_000;

export function tpmNoise(open: OpenTransport): Noise {
  return {
    name: "TPM",
    async bytes(length) {
      check(length);
      try {
        return await visit(
          open,
          () => undefined,
          ({ session }) => random(session, length),
        );
      } catch (problem) {
        if (problem instanceof TpmBroken || problem instanceof TpmError)
          throw new Refusal("birth.source-failed", `TPM: ${problem.message}`);
        throw problem;
      }
    },
  };
}

/** `path`: a file that gives new bytes at each read, as /dev/hwrng does. */
export function boardNoise(path: string, patienceMs = PATIENCE_MS): Noise {
  return {
    name: "board",
    async bytes(length) {
      check(length);
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(
          () => reject(new Refusal("birth.source-failed", "board: it does not answer in time")),
          patienceMs,
        );
      });
      const read = bytesOf(path, length);
      try {
        return await Promise.race([read, late]);
      } finally {
        clearTimeout(timer);
        read.catch(() => undefined);
      }
    },
  };
}

async function bytesOf(path: string, length: number): Promise<Uint8Array> {
  try {
    const file = await open(path, "r");
    try {
      const parts: Uint8Array[] = [];
      for (let left = length; left > 0; left -= parts.at(-1)!.length) {
        const { bytesRead, buffer } = await file.read(new Uint8Array(left), 0, left);
        if (bytesRead === 0) refuse("birth.source-failed", "board: it gives no more");
        parts.push(buffer.subarray(0, bytesRead));
      }
      return concat(...parts);
    } finally {
      await file.close();
    }
  } catch (problem) {
    if (problem instanceof Refusal) throw problem;
    return refuse("birth.source-failed", `board: ${(problem as NodeJS.ErrnoException).code}`);
  }
}

function check(length: number): void {
  if (length < 1 || length > MOST_BYTES) throw new Error("a generator is asked for 1 to 16,384 bytes");
}
