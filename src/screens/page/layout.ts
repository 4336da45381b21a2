// A wallet on paper: black on white, A4, in letters of one width. What stands where; pdf.ts and svg.ts only draw it.

import { grouped, shown, wrap } from "../../text.ts";

/** In points of 1/72 inch. */
export const A4 = { width: 595.28, height: 841.89 } as const;

/** Modules a side, and row by row 1 dark and 0 light. */
export interface PageCode {
  readonly side: number;
  readonly modules: Uint8Array;
}

export interface WalletPage {
  readonly name: string;
  /** What the paper is, in a sentence or two. */
  readonly about: string;
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  /** `extended` is grouped here. */
  readonly keys: readonly { readonly name: string; readonly origin: string; readonly extended: string }[];
  /** What is needed to spend as keys are lost, a sentence or two each. */
  readonly recovery: readonly string[];
  /** With its checksum. */
  readonly descriptor: string;
  readonly codes: readonly PageCode[];
  /** Below on every sheet: whose paper this is. */
  readonly foot: string;
}

/** x and y of a text: where its first letter begins on the line; of a code: its upper left corner. */
export type Mark =
  | {
      readonly kind: "text";
      readonly x: number;
      readonly y: number;
      readonly size: number;
      readonly bold: boolean;
      readonly text: string;
    }
  | {
      readonly kind: "code";
      readonly x: number;
      readonly y: number;
      readonly module: number;
      readonly code: PageCode;
    };

/** What stands on one sheet, from its upper left corner. */
export type PaperSheet = readonly Mark[];

/** Courier's letters are so wide, in parts of their size. */
export const LETTER = 0.6;

const MARGIN = 42;
const BOTTOM = A4.height - 54;
const SIZE = 9;
const TITLE_SIZE = 16;
const LINE = 11.5;
const COLUMNS = Math.floor((A4.width - 2 * MARGIN) / (SIZE * LETTER));
const INDENT = 2;

/** One code alone may be larger. With their quiet zone of four modules. */
const ONE_CODE = 260;
const MANY_CODES = 236;
const QUIET = 4;

export function layOut(page: WalletPage): readonly PaperSheet[] {
  const paper = new Paper();
  paper.title(`Wallet ${page.name}`);
  paper.text(page.about);
  paper.gap();
  const wide = Math.max(...page.facts.map(({ label }) => label.length)) + 2;
  for (const { label, value } of page.facts) paper.fact(label, value, wide);
  for (const [index, key] of page.keys.entries()) {
    paper.heading(`Key ${index + 1} of ${page.keys.length}: ${key.name}`, 3);
    paper.text(key.origin, INDENT);
    paper.text(grouped(key.extended), INDENT);
  }
  paper.heading("To recover", 2);
  for (const sentence of page.recovery) paper.text(sentence, INDENT);
  paper.heading("Descriptor, with its checksum", 2);
  paper.text(grouped(page.descriptor), INDENT);
  paper.codes(page.codes);
  return paper.sheets(page.foot);
}

/** Filled from above; a new sheet begins where the old one ends. */
class Paper {
  readonly #sheets: Mark[][] = [[]];
  #y = MARGIN;

  title(text: string): void {
    this.#y += TITLE_SIZE;
    this.#put(MARGIN, TITLE_SIZE, true, text);
    this.#y += LINE;
  }

  gap(): void {
    this.#y += LINE / 2;
  }

  /** Not alone at the end of a sheet: `lines` come with it. */
  heading(text: string, lines: number): void {
    this.gap();
    this.#room((lines + 1) * LINE);
    this.#line(text, 0, true);
  }

  text(text: string, indent = 0): void {
    for (const line of wrap(text, COLUMNS - indent)) this.#line(line, indent, false);
  }

  fact(label: string, value: string, wide: number): void {
    for (const [index, line] of wrap(value, COLUMNS - wide).entries()) {
      this.#line(line, wide, false);
      if (index === 0) this.#put(MARGIN, SIZE, true, label);
    }
  }

  codes(codes: readonly PageCode[]): void {
    this.gap();
    const alone = codes.length === 1;
    const side = alone ? ONE_CODE : MANY_CODES;
    const inRow = alone ? 1 : 2;
    for (const [index, code] of codes.entries()) {
      const column = index % inRow;
      if (column === 0) {
        this.#room(side + LINE);
        this.#y += LINE;
      }
      const x = MARGIN + column * (side + QUIET);
      const words = alone
        ? "The descriptor as a code"
        : `The descriptor, code ${index + 1} of ${codes.length}`;
      this.#put(x, SIZE, true, words);
      const module = side / (code.side + 2 * QUIET);
      this.#sheets.at(-1)!.push({
        ...{ kind: "code", module, code },
        ...{ x: x + QUIET * module, y: this.#y + QUIET * module },
      });
      if (column === inRow - 1 || index === codes.length - 1) this.#y += side;
    }
  }

  sheets(foot: string): readonly PaperSheet[] {
    const all = this.#sheets;
    return all.map((marks, index): PaperSheet => {
      const text = `${foot}, sheet ${index + 1} of ${all.length}`;
      return [...marks, { kind: "text", x: MARGIN, y: A4.height - 30, size: 8, bold: false, text }];
    });
  }

  #line(text: string, indent: number, bold: boolean): void {
    this.#room(LINE);
    this.#y += LINE;
    this.#put(MARGIN + indent * SIZE * LETTER, SIZE, bold, text);
  }

  #put(x: number, size: number, bold: boolean, text: string): void {
    if (text === "") return;
    const most = Math.floor((A4.width - MARGIN - x) / (size * LETTER));
    // Names are foreign text: what is no plain letter is written as its number, on paper as on the screen.
    this.#sheets.at(-1)!.push({ kind: "text", x, y: this.#y, size, bold, text: shown(text, most) });
  }

  #room(height: number): void {
    if (this.#y + height <= BOTTOM) return;
    this.#sheets.push([]);
    this.#y = MARGIN;
  }
}
