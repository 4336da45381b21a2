// Codes as folders of camera pictures, for journeys: what a coordinator would show, as a camera would see it.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CodeLoop, Density, Dialect, PsbtMessage } from "../../src/model.ts";
import { drawCode } from "../../src/qr/draw.ts";
import { split, splitText } from "../../src/transport/index.ts";
import { type Shot, shoot, toJpeg, toPng } from "../pictures.ts";

/** A picture a text, numbered in order. Straight PNG unless a shot says how the camera was held. */
export async function picture(folder: string, loop: CodeLoop, shot?: Partial<Shot>): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (const [index, text] of loop.texts.entries()) {
    const matrix = drawCode(text, loop);
    const modulePixels = Math.max(2, Math.floor(440 / (matrix.size + 8)));
    const frame = shoot(matrix, { modulePixels, seed: index, ...shot });
    const name = String(index + 1).padStart(3, "0");
    if (shot) await writeFile(join(folder, `${name}.jpg`), toJpeg(frame, 60));
    else await writeFile(join(folder, `${name}.png`), toPng(frame));
  }
  return folder;
}

export function picturePsbt(
  folder: string,
  bytes: Uint8Array,
  want: { dialect?: Dialect; density?: Density } = {},
  shot?: Partial<Shot>,
): Promise<string> {
  const { dialect = "ur", density = "low" } = want;
  const message: PsbtMessage = { kind: "psbt", dialect, bytes };
  return picture(folder, split(message, { dialect, density }), shot);
}

export function pictureText(folder: string, text: string, shot?: Partial<Shot>): Promise<string> {
  return picture(folder, splitText(text, "high"), shot);
}
