// The decoders as the eye uses them: real threads, the packaged wasm if it is the one we know.

import { Decoders } from "./decoders.ts";
import { openLane } from "./lane.ts";
import { packagedWasm } from "./wasm.ts";

/** Threads start with the first picture. `wasm` undefined: jsqr works alone. */
export function openDecoders(wasm: Uint8Array | undefined = packagedWasm()): Decoders {
  return new Decoders(openLane(wasm ? { wasm } : {}), openLane({}), wasm !== undefined);
}
