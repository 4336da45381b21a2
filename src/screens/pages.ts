// Facts over pages: nothing is cut, what does not fit goes on on the next page.
// The answers are given on the last page only, so that every fact was on the glass before.

import type { Block, Button, Event, Picture, Size, Tone, Wants } from "../model.ts";
import { bodySize, wrap } from "../text.ts";
import type { Done, Screen } from "./screen.ts";
import { done } from "./screen.ts";

/** One thing to read; more than a page of it is continued. */
export interface Sheet {
  readonly title: string;
  readonly tone?: Tone;
  readonly blocks: readonly Block[];
}

export interface PagesOptions<Answer> {
  readonly sheets: readonly Sheet[];
  /** What ok means on the last page: a press, or a hold. */
  readonly ok?: { readonly label: string; readonly answer: Answer; readonly hold?: true };
  readonly back: { readonly label: string; readonly answer: Answer };
  readonly wants?: Wants;
}

interface Page {
  /** Number of the sheet that it belongs to. */
  readonly sheet: number;
  readonly title: string;
  readonly tone: Tone;
  readonly blocks: readonly Block[];
}

export function pages<Answer>(options: PagesOptions<Answer>): Screen<Answer> {
  return at(options, cache(options.sheets), { sheet: 0, part: 0 }, 0);
}

/** Laying out is linear in the sheets; it is done once a size, not at every key. */
function cache(sheets: readonly Sheet[]): (size: Size) => readonly Page[] {
  let last: { columns: number; rows: number; pages: readonly Page[] } | undefined;
  return (size) => {
    if (last?.columns !== size.columns || last.rows !== size.rows)
      last = {
        columns: size.columns,
        rows: size.rows,
        pages: sheets.flatMap((sheet, number) => layOut(sheet, number, size)),
      };
    return last.pages;
  };
}

/** Where the reader is: a part of a sheet counts only at the size at which it was laid out. */
interface Place {
  readonly sheet: number;
  readonly part: number;
  readonly size?: Size;
}

/** At another size the sheet is read from its start: nothing is passed over because the screen grew. */
function indexOf({ sheet, part, size: then }: Place, all: readonly Page[], size: Size): number {
  const first = all.findIndex((page) => page.sheet === sheet);
  return then?.columns === size.columns && then.rows === size.rows ? first + part : first;
}

function at<Answer>(
  options: PagesOptions<Answer>,
  layout: (size: Size) => readonly Page[],
  place: Place,
  holding: number,
): Screen<Answer> {
  const last = (size: Size) => layout(size).length - 1;
  const go = (wanted: number, size: Size, share = 0) => {
    const all = layout(size);
    const index = Math.max(0, Math.min(wanted, last(size)));
    const { sheet } = all[index]!;
    const part = index - all.findIndex((page) => page.sheet === sheet);
    return at(options, layout, { sheet, part, size }, share);
  };
  return {
    // Only the last page counts holds; which one is last depends on the size, so ui.ts asks the picture.
    wants: { ...options.wants, ...(options.ok?.hold ? { hold: true as const } : {}) },
    draw: (size) => picture(options, layout(size), indexOf(place, layout(size), size), holding),
    on(event: Event, size: Size): Screen<Answer> | Done<Answer> {
      const index = indexOf(place, layout(size), size);
      if (event.kind === "press") {
        if (event.button === "down" || event.button === "right") return go(index + 1, size);
        if (event.button === "up" || event.button === "left") return go(index - 1, size);
        if (event.button === "back") return done(options.back.answer);
        if (index < last(size)) return go(index + 1, size);
        return options.ok && !options.ok.hold ? done(options.ok.answer) : go(index, size);
      }
      if (index === last(size) && options.ok?.hold) {
        if (event.kind === "held" && event.button === "ok") return done(options.ok.answer);
        if (event.kind === "holding") return go(index, size, event.share);
      }
      return go(index, size);
    },
  };
}

function picture<Answer>(
  options: PagesOptions<Answer>,
  all: readonly Page[],
  index: number,
  holding: number,
): Picture {
  const page = all[index]!;
  const isLast = index === all.length - 1;
  const buttons: Partial<Record<Button, string>> = { back: options.back.label };
  if (index > 0) buttons.up = "previous";
  if (!isLast) {
    buttons.down = "next";
    buttons.ok = "next";
  } else if (options.ok && !options.ok.hold) buttons.ok = options.ok.label;
  const meter: Block[] = holding > 0 ? [{ kind: "meter", label: "keep holding", share: holding }] : [];
  return {
    title: page.title,
    ...(all.length > 1 ? { page: { index, count: all.length } } : {}),
    tone: page.tone,
    blocks: [...page.blocks, ...meter],
    buttons,
    ...(isLast && options.ok?.hold ? { hold: options.ok.label } : {}),
  };
}

function layOut(sheet: Sheet, number: number, size: Size): Page[] {
  const body = bodySize(size);
  // Two rows are kept: for the meter that a hold draws, for a title of two lines.
  const groups = fill(sheet.blocks, body.columns, body.rows - 2);
  return groups.map((blocks, index) => ({
    sheet: number,
    title: index === 0 ? sheet.title : `${sheet.title} (continued)`,
    tone: sheet.tone ?? "calm",
    blocks,
  }));
}

function fill(blocks: readonly Block[], columns: number, rows: number): Block[][] {
  const out: Block[][] = [[]];
  let left = rows;
  for (const block of blocks) {
    for (const piece of pieces(block, columns, rows)) {
      const need = height(piece, columns);
      // The blank row after the last block may fall off.
      if (need - 1 > left && out.at(-1)!.length > 0) {
        out.push([]);
        left = rows;
      }
      out.at(-1)!.push(piece);
      left -= need;
    }
  }
  return out;
}

/** The glass draws a fact's value two columns in. */
const FACT_INDENT = 2;

/** Rows that a text or fact takes, one blank row after it included. */
function height(block: Block, columns: number): number {
  if (block.kind === "text") return wrap(block.text, columns).length + 1;
  if (block.kind === "fact")
    return wrap(block.label, columns).length + wrap(block.value, columns - FACT_INDENT).length + 1;
  return 2;
}

/** A block taller than a page becomes several, broken between lines. */
function pieces(block: Block, columns: number, rows: number): Block[] {
  if (height(block, columns) <= rows + 1 || (block.kind !== "text" && block.kind !== "fact")) return [block];
  const lines = block.kind === "text" ? wrap(block.text, columns) : wrap(block.value, columns - FACT_INDENT);
  const label = block.kind === "fact" ? wrap(`${block.label} (continued)`, columns).length : 0;
  const room = Math.max(1, rows - label);
  const out: Block[] = [];
  for (let start = 0; start < lines.length; start += room) {
    const text = lines.slice(start, start + room).join("\n");
    if (block.kind === "text") out.push({ kind: "text", text });
    else out.push({ ...block, label: start === 0 ? block.label : `${block.label} (continued)`, value: text });
  }
  return out;
}
