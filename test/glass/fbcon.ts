// A console over a made-up framebuffer, as the kernel's is: characters that are written to it are drawn into the same
// memory, each over the whole of its cell, and nothing else is.

import { readFileSync, writeFileSync } from "node:fs";
import { Writable } from "node:stream";
import type { CellPixels } from "../../device/glass/row.ts";
import { consoleOf, type Made, type MadeUpScreen, place } from "./screens.ts";

/** How a letter looks here: a box in its cell. */
const INK = 132;

export class MadeUpConsole extends Writable {
  readonly isTTY = true;
  readonly #screen: MadeUpScreen;
  readonly #made: Made;
  #cells: string[][] = [];
  #row = 0;
  #column = 0;
  font: CellPixels;
  columns: number;
  rows: number;
  /** Everything that was written to it. */
  written = "";

  constructor(screen: MadeUpScreen, made: Made) {
    super({ decodeStrings: false });
    this.#screen = screen;
    this.#made = made;
    const { columns, rows } = consoleOf(screen);
    this.font = screen.font;
    this.columns = columns;
    this.rows = rows;
    this.#blank();
  }

  /** The characters that stand on it. */
  get text(): string {
    return this.#cells.map((row) => row.join("").trimEnd()).join("\n");
  }

  override _write(text: string, _: string, done: () => void): void {
    this.written += text;
    if (text !== "") this.#draw(text);
    done();
  }

  #draw(text: string): void {
    const memory = readFileSync(this.#made.node);
    for (const [token, final, parameters] of tokens(text)) {
      if (final === undefined) this.#put(token, memory);
      else this.#control(final, parameters.split(";").map(Number), memory);
    }
    writeFileSync(this.#made.node, memory);
  }

  /** What the kernel or another program writes in between. */
  scribble(row: number, column: number, text: string): void {
    this._write(`\x1b[${row + 1};${column + 1}H${text}`, "", () => undefined);
  }

  #blank(): void {
    this.#cells = Array.from({ length: this.rows }, () => Array.from({ length: this.columns }, () => " "));
  }

  #control(final: string, [first = 0, second = 0]: number[], memory: Buffer): void {
    if (final === "H") [this.#row, this.#column] = [Math.max(1, first) - 1, Math.max(1, second) - 1];
    if (final === "C") this.#column += Math.max(1, first);
    if (final !== "J") return;
    this.#blank();
    for (let row = 0; row < this.rows; row++)
      for (let column = 0; column < this.columns; column++) this.#paint(row, column, " ", memory);
  }

  #put(char: string, memory: Buffer): void {
    const cells = this.#cells[this.#row];
    if (!cells || this.#column >= this.columns) throw new Error(`written outside: ${JSON.stringify(char)}`);
    cells[this.#column] = char;
    this.#paint(this.#row, this.#column, char, memory);
    this.#column++;
  }

  #paint(row: number, column: number, char: string, memory: Buffer): void {
    const { wide, high } = this.font;
    for (let y = 0; y < high; y++)
      for (let x = 0; x < wide; x++) {
        const inside = x > 0 && y > 1 && x < wide - 1 && y < high - 2;
        const luma = char !== " " && inside ? INK : 0;
        place(memory, this.#screen, column * wide + x, row * high + y, luma);
      }
  }
}

/** Characters, and controls with their last letter and their parameters. */
function* tokens(text: string): Generator<readonly [string, string | undefined, string]> {
  const pattern =
    /\x1b\[\??(?<parameters>[\d;]*)(?<final>[A-Za-z\]])|\x1b\][^\x07]*\x07|\x1b[78]|\x1b%G|(?<char>[^\x1b])/gu;
  for (const { 0: whole, groups } of text.matchAll(pattern))
    if (groups?.char !== undefined) yield [groups.char, undefined, ""];
    else if (groups?.final !== undefined) yield [whole, groups.final, groups.parameters ?? ""];
}
