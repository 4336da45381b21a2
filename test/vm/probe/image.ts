// The image with the probe laid over it, built as any other.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Arch } from "../command.ts";
import { type Image, imageFor } from "../image.ts";
import { makeOverlay } from "./overlay.ts";

export async function probeFor(arch: Arch): Promise<Image> {
  const folder = mkdtempSync(join(tmpdir(), "firn-probe-"));
  try {
    makeOverlay(folder, arch);
    return await imageFor(arch, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
