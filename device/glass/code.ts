// A QR code in pixels where there are such, else in half blocks: ink is dark, ground is light, with a quiet zone
// around it. Or one part of it, enlarged, in characters always: its cells are large, and its numbers stand beside them.

import type { Size } from "../../src/model.ts";
import { drawCode, type Matrix } from "../../src/qr/draw.ts";
import { wrap } from "../../src/text.ts";
import { codeHole, holeRows, modulesOf, QUIET } from "./holes.ts";
import { type BlockOf, type CellPixels, indent, type Row, row, type Sheet } from "./row.ts";
import { leastZoneSize, zoneRows, zoneSize } from "./zone.ts";

/** Readers manage with two modules of white where a screen is small. */
const QUIET_SMALL = 2;

/** Rows that the code takes, with the widest quiet zone that fits; undefined where not even the small one does. */
export function codeHeight(code: BlockOf<"code">, area: Sheet): number | undefined {
  if (code.zone) return zoneSize(code.zone, area)?.rows;
  if (area.cell) return codeHole(code.loop.version, area, area.cell)?.rows;
  const quiet = quietZone(code, area);
  return quiet === undefined ? undefined : height(code, quiet);
}

/** Columns that it takes then. */
export function codeWidth(code: BlockOf<"code">, area: Sheet): number | undefined {
  if (code.zone) return zoneSize(code.zone, area)?.columns;
  if (area.cell) return codeHole(code.loop.version, area, area.cell)?.columns;
  const quiet = quietZone(code, area);
  return quiet === undefined ? undefined : modulesOf(code.loop.version) + 2 * quiet;
}

/** The code in the middle of `area.columns`, or words that say how large the window must be. */
export function codeRows(code: BlockOf<"code">, area: Sheet, chrome: number, screen: Size): Row[] {
  if (area.cell && !code.zone) return holedRows(code, area, area.cell);
  const quiet = code.zone ? 0 : quietZone(code, area);
  if (quiet === undefined || (code.zone && !zoneSize(code.zone, area)))
    return tooSmall(code, chrome, area, screen);
  const matrix = drawCode(code.loop.texts[code.index]!, code.loop);
  if (code.zone) return zoneRows(code.zone, matrix, area);
  const left = Math.floor((area.columns - matrix.size - 2 * quiet) / 2);
  return halfBlocks(matrix, quiet).map((line) => indent(row(line, "code"), left));
}

function holedRows(code: BlockOf<"code">, area: Size, cell: CellPixels): Row[] {
  const hole = codeHole(code.loop.version, area, cell);
  if (hole) return holeRows(code, hole, Math.floor((area.columns - hole.columns) / 2));
  const side = modulesOf(code.loop.version) + 2 * QUIET;
  const words = `This code needs ${side} pixels a side; here are ${area.columns * cell.wide} and ${area.rows * cell.high}.`;
  return wrap(words, area.columns - 2).map((line) => indent(row(line, "caution"), 1));
}

function tooSmall(code: BlockOf<"code">, chrome: number, area: Size, screen: Size): Row[] {
  const least = code.zone
    ? leastZoneSize(code.zone)
    : { columns: modulesOf(code.loop.version) + 2 * QUIET_SMALL, rows: height(code, QUIET_SMALL) };
  const words =
    `Make the window larger: this code needs ${Math.max(40, least.columns)} columns and ` +
    `${Math.max(15, least.rows + chrome)} rows; here are ${screen.columns} and ${screen.rows}.`;
  return wrap(words, area.columns - 2).map((line) => indent(row(line, "caution"), 1));
}

function height(code: BlockOf<"code">, quiet: number): number {
  return Math.ceil((modulesOf(code.loop.version) + 2 * quiet) / 2);
}

function quietZone(code: BlockOf<"code">, area: Size): number | undefined {
  return [QUIET, QUIET_SMALL].find(
    (quiet) => modulesOf(code.loop.version) + 2 * quiet <= area.columns && height(code, quiet) <= area.rows,
  );
}

function halfBlocks(matrix: Matrix, quiet: number): string[] {
  const side = matrix.size + 2 * quiet;
  const dark = (x: number, y: number) => {
    const [column, line] = [x - quiet, y - quiet];
    const inside = column >= 0 && line >= 0 && column < matrix.size && line < matrix.size;
    return inside && matrix.modules[line * matrix.size + column] === 1;
  };
  const rows: string[] = [];
  for (let y = 0; y < side; y += 2) {
    let line = "";
    for (let x = 0; x < side; x++)
      line += dark(x, y) ? (dark(x, y + 1) ? "█" : "▀") : dark(x, y + 1) ? "▄" : " ";
    rows.push(line);
  }
  return rows;
}
