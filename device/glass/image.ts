// A grey picture: in pixels where there are such, else in half blocks, two of its pixels a cell.

import type { Size } from "../../src/model.ts";
import { holeRows, imageHole } from "./holes.ts";
import type { BlockOf, CellPixels, Row, Sheet } from "./row.ts";

/** From dark to light, where there are no greys. */
const SHADES = " ░▒▓█";

/** As large as fits `area`, in its proportions (a cell is twice as high as it is wide). */
export function imageRows(image: BlockOf<"image">, area: Sheet): Row[] {
  if (area.cell) return holedRows(image, area, area.cell);
  const scale = Math.min(area.columns / image.width, (2 * area.rows) / image.height);
  const columns = Math.max(1, Math.floor(image.width * scale));
  const rows = Math.max(1, Math.floor((image.height * scale) / 2));
  return Array.from({ length: rows }, (_, y) =>
    Array.from({ length: columns }, (_, x) => {
      const top = pixel(image, x / columns, (2 * y) / (2 * rows), columns, 2 * rows);
      const bottom = pixel(image, x / columns, (2 * y + 1) / (2 * rows), columns, 2 * rows);
      const shade = SHADES[Math.min(4, Math.floor(((top + bottom) * 5) / 512))]!;
      return { text: shade, look: { top, bottom } };
    }),
  );
}

/** In the middle of the columns. */
function holedRows(image: BlockOf<"image">, area: Size, cell: CellPixels): Row[] {
  const hole = imageHole(image, area, cell);
  return holeRows(image, hole, Math.floor((area.columns - hole.columns) / 2));
}

/** The mean of the source pixels that one drawn pixel covers; shares are of the whole picture. */
function pixel(image: BlockOf<"image">, x: number, y: number, across: number, down: number): number {
  const left = Math.floor(x * image.width);
  const top = Math.floor(y * image.height);
  const right = Math.max(left + 1, Math.floor((x + 1 / across) * image.width));
  const bottom = Math.max(top + 1, Math.floor((y + 1 / down) * image.height));
  let sum = 0;
  let count = 0;
  for (let at = top; at < bottom && at < image.height; at++)
    for (let along = left; along < right && along < image.width; along++) {
      sum += image.luma[at * image.width + along]!;
      count++;
    }
  return count === 0 ? 0 : Math.round(sum / count);
}
