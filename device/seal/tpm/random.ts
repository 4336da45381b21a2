// The TPM's own generator.

import { concat } from "../../../src/bytes.ts";
import { TpmBroken, u16 } from "./codec.ts";
import { COMMAND } from "./codes.ts";
import type { Session } from "./session.ts";

/** Every TPM gives so many at once: the size of its largest digest. */
const MOST_AT_ONCE = 32;

/** Unseen on the bus. */
export async function random(session: Session, length: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for (let left = length; left > 0; left -= parts.at(-1)!.length) {
    const wanted = Math.min(left, MOST_AT_ONCE);
    const { parameters } = await session.run({
      code: COMMAND.getRandom,
      entities: [],
      parameters: u16(wanted),
      hidesAnswer: true,
    });
    const part = parameters.sized();
    if (part.length === 0 || part.length > wanted) throw new TpmBroken("it gives another number of bytes");
    parts.push(part);
  }
  return concat(...parts);
}
