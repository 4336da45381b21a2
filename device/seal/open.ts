// Which seals this machine has, best first.

import type { Seal } from "../../src/ports.ts";
import { fileSeal } from "./file.ts";

export interface SealPlaces {
  /** Beside the home. */
  readonly file: string;
}

export async function openSeals(places: SealPlaces): Promise<readonly Seal[]> {
  return [await fileSeal(places.file)];
}
