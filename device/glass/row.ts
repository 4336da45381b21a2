// What a drawn screen is made of: rows of spans, each with a look. Every glass paints the same rows.

import type { Block, Size } from "../../src/model.ts";

export type Look =
  | "plain"
  | "title"
  | "banner"
  | "label"
  | "strong"
  | "cursor"
  | "dim"
  | "caution"
  | "danger"
  /** Modules in half blocks: ink is dark, ground is light, whatever the terminal's colours. */
  | "code"
  /** Two pixels, one above the other: 0 black, 255 white. The text is a shade for where no grey is to be had. */
  | { readonly top: number; readonly bottom: number }
  /** Cells that stay empty: pixels are drawn over them (holes.ts). */
  | { readonly hole: Hole };

export interface Span {
  readonly text: string;
  readonly look: Look;
}

export type Row = readonly Span[];

export type BlockOf<K extends Block["kind"]> = Block & { readonly kind: K };

/** What pixels show better than characters do. */
export type Hole = BlockOf<"code"> | BlockOf<"image">;

/** Pixels of one character's cell. */
export interface CellPixels {
  readonly wide: number;
  readonly high: number;
}

/** What a picture is laid out on: characters, and where pixels can be drawn over them, how many a cell has. */
export interface Sheet extends Size {
  readonly cell?: CellPixels;
}

export function row(text: string, look: Look = "plain"): Row {
  return text === "" ? [] : [{ text, look }];
}

export function rowLength(spans: Row): number {
  return spans.reduce((sum, span) => sum + span.text.length, 0);
}

export function indent(spans: Row, columns: number): Row {
  return columns <= 0 || spans.length === 0
    ? spans
    : [{ text: " ".repeat(columns), look: "plain" }, ...spans];
}

/**
 * Every character becomes one that fills exactly one cell and moves no cursor: Latin, Greek, Cyrillic,
 * punctuation, arrows, lines and blocks stay, all else is a question mark. Line ends stay.
 */
export function clean(text: string): string {
  return text.replace(
    /[^\n\x20-\x7e\u00a0-\u00ac\u00ae-\u02ff\u0384-\u03ff\u0400-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e\u2190-\u25ff]/gu,
    "?",
  );
}

/** Cut to `columns`, with a mark where something is missing. */
export function cut(text: string, columns: number): string {
  return text.length <= columns ? text : `${text.slice(0, Math.max(0, columns - 1))}…`;
}
