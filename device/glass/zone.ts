// One zone of a code, enlarged: every module a cell of its own, counted along both edges, to be copied by hand.

import type { Size, Zone } from "../../src/model.ts";
import type { Matrix } from "../../src/qr/draw.ts";
import { indent, type Row, row } from "./row.ts";

/** How a module is drawn: so many characters, with lines between it and the next or without. */
interface Cell {
  readonly wide: number;
  readonly high: number;
  readonly lines: boolean;
}

/** The largest first; the last has no room for lines, and marks light modules with points. */
const CELLS: readonly Cell[] = [
  { wide: 6, high: 3, lines: true },
  { wide: 4, high: 2, lines: true },
  { wide: 2, high: 1, lines: true },
  { wide: 2, high: 1, lines: false },
];
/** A number of two digits, and a space. */
const EDGE = 3;

/** A zone at the code's end has fewer modules and is given as much room as the others: they stay in their places. */
function sizeOf({ wide, high, lines }: Cell, side: number): Size {
  return { columns: EDGE + side * (wide + 1) + 1, rows: 2 + side * (high + (lines ? 1 : 0)) };
}

function cellFor({ side }: Zone, area: Size): Cell | undefined {
  return CELLS.find((cell) => {
    const { columns, rows } = sizeOf(cell, side);
    return columns <= area.columns && rows <= area.rows;
  });
}

/** What it fills of the area; undefined where it does not fit. */
export function zoneSize(zone: Zone, area: Size): Size | undefined {
  const cell = cellFor(zone, area);
  return cell && sizeOf(cell, zone.side);
}

/** What the smallest way to draw it fills. */
export function leastZoneSize({ side }: Zone): Size {
  return sizeOf(CELLS.at(-1)!, side);
}

/** The zone in the middle of the area; only where zoneSize finds room. */
export function zoneRows(zone: Zone, matrix: Matrix, area: Size): Row[] {
  const cell = cellFor(zone, area)!;
  const numbers = (first: number) =>
    Array.from({ length: Math.min(zone.side, matrix.size - first) }, (_, i) => first + i);
  const [xs, ys] = [numbers(zone.column * zone.side), numbers(zone.row * zone.side)];
  const rows = [edge(xs, cell)];
  for (const [i, y] of ys.entries()) {
    if (cell.lines) rows.push(line(i === 0 ? "┌┬┐" : "├┼┤", xs.length, cell));
    for (let part = 0; part < cell.high; part++) {
      const label = part === (cell.high - 1) >> 1 ? `${y + 1} `.padStart(EDGE) : " ".repeat(EDGE);
      rows.push([...row(label, "dim"), ...row(modules(matrix, xs, y, cell), "code")]);
    }
  }
  rows.push(line(cell.lines ? "└┴┘" : "   ", xs.length, cell));
  const left = Math.floor((area.columns - sizeOf(cell, zone.side).columns) / 2);
  return rows.map((one) => indent(one, left));
}

/** The numbers of the columns, each over the middle of its own. */
function edge(xs: readonly number[], { wide }: Cell): Row {
  const numbers = xs.map((x) => {
    const text = String(x + 1).padStart(2);
    return text.padStart((wide + text.length) / 2).padEnd(wide);
  });
  return row(`${" ".repeat(EDGE)} ${numbers.join(" ")}`, "dim");
}

function line(corners: string, count: number, { wide, lines }: Cell): Row {
  const [first, between, last] = Array.from(corners);
  const pieces = Array.from({ length: count }, () => (lines ? "─" : " ").repeat(wide));
  return [...row(" ".repeat(EDGE)), ...row(`${first}${pieces.join(between)}${last}`, "code")];
}

function modules(matrix: Matrix, xs: readonly number[], y: number, { wide, lines }: Cell): string {
  const [ink, ground, between] = lines ? ["█", " ", "│"] : ["▄", ".", " "];
  const texts = xs.map((x) => (matrix.modules[y * matrix.size + x] === 1 ? ink : ground).repeat(wide));
  return `${between}${texts.join(between)}${between}`;
}
