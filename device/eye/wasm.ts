// The first decoder's bytes: read from its package, and taken only if they are the ones we know.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

/** SHA-256 of dist/reader/zxing_reader.wasm in zxing-wasm 3.1.4. */
const KNOWN = "e8af31edb56d0522f4de74495839385ef019ba8bc90d38e5ecb2f18795d86fb2";

/** The bytes if their hash is the pinned one, else undefined: then the second decoder works alone. */
export function checkedWasm(bytes: Uint8Array): Uint8Array | undefined {
  return createHash("sha256").update(bytes).digest("hex") === KNOWN ? bytes : undefined;
}

/** From the installed package; undefined where the file is missing or another. */
export function packagedWasm(): Uint8Array | undefined {
  try {
    const file = new URL(import.meta.resolve("zxing-wasm/reader/zxing_reader.wasm"));
    return checkedWasm(readFileSync(file));
  } catch {
    return undefined;
  }
}
