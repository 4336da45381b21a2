// Looks as colours, the same for the terminal and for a picture of the screen.

import type { Look, Row } from "./row.ts";

/** Numbers of the 256-colour palette: 16 is true black, 231 true white, 232 to 255 go from dark to light grey. */
export interface Paint {
  readonly ink: number;
  readonly ground: number;
  readonly bold?: true;
}

export interface Cell {
  readonly char: string;
  readonly paint: Paint;
}

const BLACK = 16;
const WHITE = 231;

const PAINTS: Readonly<Record<Extract<Look, string>, Paint>> = {
  plain: { ink: 252, ground: BLACK },
  title: { ink: WHITE, ground: BLACK, bold: true },
  banner: { ink: BLACK, ground: 220, bold: true },
  label: { ink: 75, ground: BLACK },
  strong: { ink: WHITE, ground: BLACK, bold: true },
  cursor: { ink: BLACK, ground: 252 },
  dim: { ink: 247, ground: BLACK },
  caution: { ink: 220, ground: BLACK, bold: true },
  danger: { ink: WHITE, ground: 160, bold: true },
  code: { ink: BLACK, ground: WHITE },
};

/** One cell a column: the row's spans, then empty ground. */
export function paintRow(spans: Row, columns: number): Cell[] {
  const cells: Cell[] = [];
  for (const { text, look } of spans) for (const char of text) cells.push(paintCell(char, look));
  while (cells.length < columns) cells.push({ char: " ", paint: PAINTS.plain });
  return cells.slice(0, columns);
}

function paintCell(char: string, look: Look): Cell {
  if (typeof look === "string") return { char, paint: PAINTS[look] };
  if ("hole" in look) return { char: " ", paint: PAINTS.plain };
  return { char: "▀", paint: { ink: grey(look.top), ground: grey(look.bottom) } };
}

function grey(luma: number): number {
  return 232 + Math.round((luma / 255) * 23);
}
