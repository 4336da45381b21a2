// A picture on a screen: title and step, banner, body, what is held for, what the buttons do.
// Rule: nothing is cut without a mark that says so.

import type { Button, Picture, Size } from "../../src/model.ts";
import { wrap } from "../../src/text.ts";
import { bodyRows } from "./body.ts";
import { clean, cut, indent, type Look, type Row, row, rowLength, type Sheet } from "./row.ts";

/** What the buttons are called where this is drawn. */
export type ButtonNames = Readonly<Record<Button, string>>;

const NAMES: ButtonNames = { ok: "ok", back: "back", up: "up", down: "down", left: "left", right: "right" };
const MORE = "… more";

/** Exactly size.rows rows of at most size.columns cells; codes and images are holes where the cells have pixels. */
export function layout(picture: Picture, size: Sheet, names: ButtonNames = NAMES): Row[] {
  if (size.columns < 40 || size.rows < 15) return tooSmall(size);
  // A code gets all the room there is: no empty row, one line of buttons.
  const dense = picture.blocks.some((block) => block.kind === "code");
  const head = headRows(picture, size.columns, dense);
  const footHeight = dense ? 1 : 3;
  const area = { ...size, rows: size.rows - head.rows.length - footHeight };
  const body = bodyRows(head.rest, picture.blocks, area, size);
  const foot = dense
    ? denseFoot(picture, size.columns, names, body.more)
    : footRows(picture, size.columns, names, body.more);
  const empty = Array.from({ length: area.rows - body.rows.length }, () => row(""));
  return [...head.rows, ...body.rows, ...empty, ...foot];
}

function tooSmall(size: Size): Row[] {
  const words = wrap("Make the window larger: 40 columns and 15 rows.", Math.max(1, size.columns));
  return Array.from({ length: size.rows }, (_, at) => row(words[at] ?? "", "caution"));
}

// ---------------------------------------------------------------- above and below

/** The title's first line and the banner's; `rest` is what the title needs beyond, for the body. */
function headRows(picture: Picture, columns: number, dense: boolean): { rows: Row[]; rest: Row[] } {
  const step = cut(clean(picture.step ?? ""), Math.floor(columns / 2));
  const mark = { calm: "", caution: "! ", danger: "!! " }[picture.tone];
  const look: Look = picture.tone === "calm" ? "title" : picture.tone;
  const width = columns - 2 - (step === "" ? 0 : step.length + 1);
  const title = wrap(`${mark}${clean(picture.title)}`, width).map((line) => row(line, look));
  const first = spread(title.shift()!, row(step, "dim"), columns);
  if (picture.banner !== undefined) {
    const banner = cut(` ${clean(picture.banner)} `, columns - 6);
    const left = Math.floor((columns - banner.length - 4) / 2);
    const line = `${"─".repeat(left)}[${banner}]`.padEnd(columns - 2, "─");
    return { rows: [first, indent(row(line, "banner"), 1)], rest: title };
  }
  if (title.length > 0) return { rows: [first, indent(title.shift()!, 1)], rest: title };
  return { rows: dense ? [first] : [first, row("")], rest: [] };
}

/** Hold and marks, then two lines of buttons. */
function footRows(picture: Picture, columns: number, names: ButtonNames, more: boolean): Row[] {
  const marks = marksOf(picture, more);
  const hold = cut(holdWords(picture, names), columns - 3 - marks.length);
  const buttons = buttonLines(picture, columns - 2, names);
  if (buttons.length > 2) buttons.splice(1, buttons.length, cut(buttons.slice(1).join("  "), columns - 2));
  return [
    spread(row(hold, "strong"), row(marks, "caution"), columns),
    ...[0, 1].map((at) => indent(row(buttons[at] ?? "", "dim"), 1)),
  ];
}

function denseFoot(picture: Picture, columns: number, names: ButtonNames, more: boolean): Row[] {
  const marks = marksOf(picture, more);
  const hold = picture.hold === undefined ? "" : `${holdWords(picture, names)}  `;
  const buttons = `${hold}${buttonLines(picture, 1000, names).join("  ")}`;
  return [spread(row(cut(buttons, columns - 3 - marks.length), "dim"), row(marks, "caution"), columns)];
}

/** "hold ok to sign", where ok is called "ok=Enter": "hold Enter (ok) to sign". A hold of the button itself stays so. */
function holdWords({ hold = "" }: Picture, names: ButtonNames): string {
  return clean(hold).replace(/(?<=^hold )ok\b/, names.ok.replace(/^(ok)=(.+)$/, "$2 ($1)"));
}

function marksOf({ page }: Picture, more: boolean): string {
  const pages = page && page.count > 1 ? `page ${page.index + 1}/${page.count}` : "";
  return [more ? MORE : "", pages].filter((mark) => mark !== "").join("  ");
}

function buttonLines(picture: Picture, columns: number, names: ButtonNames): string[] {
  const lines: string[] = [];
  for (const button of ["ok", "back", "up", "down", "left", "right"] as const) {
    const label = picture.buttons[button];
    if (label === undefined) continue;
    const entry = cut(`[${names[button]}] ${clean(label)}`, columns);
    const last = lines.at(-1);
    if (last !== undefined && last.length + 2 + entry.length <= columns)
      lines[lines.length - 1] = `${last}  ${entry}`;
    else lines.push(entry);
  }
  return lines;
}

/** One at the left, one at the right, a column free on each side. */
function spread(left: Row, right: Row, columns: number): Row {
  const gap = columns - 2 - rowLength(left) - rowLength(right);
  const between = right.length === 0 ? [] : row(" ".repeat(Math.max(1, gap)));
  return indent([...left, ...between, ...right], 1);
}
