// Places in the text that pixels fill: how many cells stay empty for a code or an image, and where they lie.
// Rule: a code has whole pixels a module and its whole quiet zone, or it is not drawn.

import type { Size } from "../../src/model.ts";
import type { BlockOf, CellPixels, Hole, Row } from "./row.ts";

/** ISO/IEC 18004 asks for four modules around a code. */
export const QUIET = 4;
/** Words give way to a code only where its modules would have fewer pixels than this. */
const READABLE = 2;
/** A camera's small picture shows nothing more when it is made still larger. */
const MOST_ENLARGED = 4;

/**
 * Pixels a module that a phone reads at ease. A desk monitor's or a 3.5 inch panel's are 0.15 to 0.3 mm: three are
 * half a millimetre. Panels with so few pixels a side as here SMALL says have 1.3 to 2 inches, pixels of a tenth of
 * a millimetre: with three of them a module is below what phones resolve at the distance where they focus.
 */
const AT_EASE = 3;
const AT_EASE_SMALL = 4;
const SMALL = 300;

/** Version 1 has 21 modules a side, each further one four more. */
export function modulesOf(version: number): number {
  return 17 + 4 * version;
}

/** Pixels a module, in the largest drawing with four modules of white around; 0 where the area has too few pixels. */
export function modulePixels(version: number, area: Size, cell: CellPixels): number {
  return Math.floor(shorter(area, cell) / (modulesOf(version) + 2 * QUIET));
}

function shorter(area: Size, cell: CellPixels): number {
  return Math.max(0, Math.min(area.columns * cell.wide, area.rows * cell.high));
}

/** The cells that such a drawing covers; undefined where there is none. */
export function codeHole(version: number, area: Size, cell: CellPixels): Size | undefined {
  const side = modulePixels(version, area, cell) * (modulesOf(version) + 2 * QUIET);
  return side === 0 ? undefined : cellsOf({ width: side, height: side }, cell);
}

/** Whether words above the code are worth what they take from it. */
export function readsWell(version: number, left: Size, whole: Size, cell: CellPixels): boolean {
  return modulePixels(version, left, cell) >= Math.min(READABLE, modulePixels(version, whole, cell));
}

/** Modules a side of the largest code that is drawn at ease under title, banner and a line of words, above the foot. */
export function codeModules({ columns, rows }: Size, cell: CellPixels): number | undefined {
  const small = shorter({ columns, rows }, cell) < SMALL;
  const pixels = shorter({ columns, rows: rows - 4 }, cell);
  const modules = Math.floor(pixels / (small ? AT_EASE_SMALL : AT_EASE)) - 2 * QUIET;
  return modules < modulesOf(1) ? undefined : Math.min(modulesOf(40), modules);
}

type Pixels = { readonly width: number; readonly height: number };

/** How large an image is drawn in so many pixels: in its proportions. */
export function enlarged(image: Pixels, room: Pixels): Pixels {
  const scale = Math.min(MOST_ENLARGED, room.width / image.width, room.height / image.height);
  const side = (pixels: number) => Math.max(1, Math.floor(pixels * scale));
  return { width: side(image.width), height: side(image.height) };
}

export function imageHole(image: BlockOf<"image">, area: Size, cell: CellPixels): Size {
  return cellsOf(enlarged(image, { width: area.columns * cell.wide, height: area.rows * cell.high }), cell);
}

function cellsOf({ width, height }: Pixels, cell: CellPixels): Size {
  return { columns: Math.ceil(width / cell.wide), rows: Math.ceil(height / cell.high) };
}

/** Empty cells, `left` columns from the left. */
export function holeRows(hole: Hole, { columns, rows }: Size, left: number): Row[] {
  const margin = left > 0 ? [{ text: " ".repeat(left), look: "plain" } as const] : [];
  return Array.from({ length: rows }, () => [...margin, { text: " ".repeat(columns), look: { hole } }]);
}

/** Where a hole came to lie, in cells. */
export interface Place extends Size {
  readonly hole: Hole;
  readonly column: number;
  readonly row: number;
}

/** The one hole of a laid out picture. */
export function findHole(rows: readonly Row[]): Place | undefined {
  let found: Place | undefined;
  for (const [at, spans] of rows.entries()) {
    let column = 0;
    for (const { text, look } of spans) {
      if (typeof look === "object" && "hole" in look) {
        if (found && found.hole === look.hole) found = { ...found, rows: at - found.row + 1 };
        else found ??= { hole: look.hole, column, row: at, columns: text.length, rows: 1 };
      }
      column += text.length;
    }
  }
  return found;
}
