// The room's published vectors, as they stand in the file.

import { readFileSync } from "node:fs";
import { fromHex } from "../../src/bytes.ts";

export const VECTORS = JSON.parse(
  readFileSync(new URL("../vectors/factors/ctap2.json", import.meta.url), "utf8"),
);

export function bytes(hex: string): Uint8Array {
  return fromHex(hex)!;
}
