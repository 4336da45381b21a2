// The picture on a person's terminal, drawn with blessed: only cells that changed are written.
// The alternate screen is used and cleared, so that no scrollback keeps what was shown.
// On a board's console pixels stand in the holes of the text: they are written when the text is through.

import type { Readable, Writable } from "node:stream";
import type { BlessedScreen, Key } from "blessed/lib/widgets/screen.js";
import type { Button, Picture, Size } from "../../src/model.ts";
import type { FromGlass } from "../wire/lines.ts";
import type { Canvas } from "./canvas.ts";
import type { Raster } from "./framebuffer.ts";
import { findHole } from "./holes.ts";
import { type ButtonNames, layout } from "./layout.ts";
import { type Paint, paintRow } from "./paint.ts";
import type { Row } from "./row.ts";

export interface Terminal {
  size(): Size;
  show(picture: Picture): void;
  /** Leaves the terminal as it was found. */
  close(): void;
}

export interface TerminalEvents {
  /** A key or a new size, as a line for Firn. */
  line(line: FromGlass): void;
  /** Ctrl-C. */
  interrupt(): void;
  /** The terminal is gone. */
  end(): void;
}

/** What a board's console has that no other terminal has. */
export interface TerminalMore {
  /** What its buttons are called. */
  readonly names?: ButtonNames;
  readonly canvas?: Canvas;
}

const NAMES: ButtonNames = {
  ok: "ok=Enter",
  back: "back=Esc",
  up: "↑",
  down: "↓",
  left: "←",
  right: "→",
};

const KEYS: Readonly<Record<string, Button>> = {
  up: "up",
  down: "down",
  left: "left",
  right: "right",
  pageup: "left",
  pagedown: "right",
  // CR from a keyboard, LF from a program at the other end of the terminal.
  return: "ok",
  linefeed: "ok",
  escape: "back",
};

class BlessedTerminal implements Terminal {
  readonly #screen: BlessedScreen;
  readonly #output: Writable;
  readonly #names: ButtonNames;
  readonly #canvas: Canvas | undefined;
  readonly #events: TerminalEvents;
  #picture: Picture | undefined;
  #state: "rests" | "draws" | "draws, and something newer waits" | "closed" = "rests";

  constructor(screen: BlessedScreen, output: Writable, events: TerminalEvents, more: TerminalMore) {
    this.#screen = screen;
    this.#output = output;
    this.#names = more.names ?? NAMES;
    this.#canvas = more.canvas;
    this.#events = events;
    // Half blocks go out as they are: line-drawing sets of old terminals have no such thing.
    screen.tput.unicode = true;
    screen.tput.brokenACS = true;
    screen.on("resize", () => {
      this.#canvas?.renew();
      this.#resized();
    });
    screen.program.on("keypress", (char, key) => {
      if (key.full === "C-c") events.interrupt();
      const line = keyLine(char, key);
      if (line) events.line(line);
    });
  }

  size(): Size {
    const size = { columns: clamp(this.#screen.cols), rows: clamp(this.#screen.rows) };
    return this.#canvas?.told(size) ?? size;
  }

  show(picture: Picture): void {
    this.#picture = picture;
    this.#drawSoon();
  }

  close(): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#canvas?.close();
    // Clears the alternate screen, leaves it, shows the cursor, ends raw mode.
    this.#screen.destroy();
  }

  #resized(): void {
    this.#events.line({ t: "size", ...this.size() });
    if (this.#picture) this.#drawSoon();
  }

  /** Where several come at once, because drawing was slow, only the newest is drawn. */
  #drawSoon(): void {
    if (this.#state === "rests") setImmediate(() => this.#draw());
    if (this.#state !== "closed")
      this.#state = this.#state === "rests" ? "draws" : "draws, and something newer waits";
  }

  #draw(): void {
    if (!this.#picture || this.#state === "closed") return;
    this.#state = "draws";
    const { columns, rows } = this.size();
    const canvas = this.#canvas;
    const cell = canvas?.cell({ columns, rows });
    const laid = layout(this.#picture, { columns, rows, ...(cell ? { cell } : {}) }, this.#names);
    const hole = cell && findHole(laid);
    const raster = hole && canvas?.raster(hole, cell);
    canvas?.clearFor(raster);
    this.#write(laid, columns);
    if (raster) this.#whenWritten(() => this.#put(raster));
    else this.#drawn();
  }

  #whenWritten(act: () => void): void {
    this.#screen.program.flush();
    this.#output.write("", act);
  }

  #put(raster: Raster): void {
    if (this.#state === "closed") return;
    this.#canvas?.put(raster);
    // The framebuffer has failed: what it should have shown is drawn in characters.
    if (!this.#canvas?.cell(this.size())) this.#resized();
    this.#drawn();
  }

  #write(laid: readonly Row[], columns: number): void {
    const few = this.#screen.tput.colors < 256;
    for (const [y, spans] of laid.entries()) {
      const line = this.#screen.lines[y];
      if (!line) continue;
      for (const [x, cell] of paintRow(spans, columns).entries())
        line[x] = [attribute(cell.paint, few), cell.char];
      line.dirty = true;
    }
    this.#screen.draw(0, laid.length - 1);
  }

  #drawn(): void {
    const newer = this.#state === "draws, and something newer waits";
    this.#state = "rests";
    if (newer) this.#drawSoon();
  }
}

/** As blessed packs it: flags, ink, ground in nine bits each. */
function attribute({ ink, ground, bold }: Paint, few: boolean): number {
  const [above, below] = few ? [ofEight(ink), ofEight(ground)] : [ink, ground];
  // Where there are few colours bold is a brighter one: black would be grey.
  const bright = bold && !(few && above === 0);
  return ((bright ? 1 : 0) << 18) | (above << 9) | below;
}

/** The nearest of the eight colours that every terminal has, as the looks need them. Asked twice for each cell. */
function ofEight(colour: number): number {
  if (colour >= 232) return colour < 244 ? 0 : 7;
  return EIGHT.get(colour) ?? 7;
}

const EIGHT: ReadonlyMap<number, number> = new Map([
  [16, 0],
  [75, 6],
  [160, 1],
  [220, 3],
  [231, 7],
]);

function clamp(cells: number): number {
  return Math.max(1, Math.min(1000, cells));
}

function keyLine(char: string | undefined, key: Key): FromGlass | undefined {
  const button = KEYS[key.full];
  if (button) return { t: "press", button };
  if (key.full === "backspace") return { t: "char", char: "\b" };
  const printable = char !== undefined && /^[^\p{C}\p{Zl}\p{Zp}]$/u.test(char);
  return printable && !key.ctrl && !key.meta ? { t: "char", char } : undefined;
}

function terminalName(term: string, colours: string): string {
  if (term === "linux") return "linux";
  return colours !== "" || /256|direct|kitty|alacritty|ghostty|foot|wezterm/.test(term)
    ? "xterm-256color"
    : "xterm";
}

/** The two ends of a terminal. */
export interface Streams {
  readonly input: Readable;
  readonly output: Writable;
}

/** Takes the terminal: raw keys, the alternate screen. */
export async function openTerminal(
  events: TerminalEvents,
  streams: Streams,
  more: TerminalMore = {},
): Promise<Terminal> {
  // Of blessed only what draws cells: all its widgets take half as long again to load.
  const { default: openScreen } = await import("blessed/lib/widgets/screen.js");
  const { default: tput } = await import("blessed/lib/tput.js");
  // blessed cannot read today's terminfo files (32-bit numbers) and prints its complaints over the screen:
  // the three descriptions that it carries serve every terminal of these days.
  tput.ipaths = [];
  const terminal = terminalName(process.env.TERM ?? "", process.env.COLORTERM ?? "");
  const { input, output } = streams;
  const options = { terminal, input, output, forceUnicode: true, title: "Firn", warnings: false };
  const screen = openScreen(options);
  for (const stream of [input, output]) {
    stream.on("error", () => events.end());
    stream.on("close", () => events.end());
  }
  input.on("end", () => events.end());
  return new BlessedTerminal(screen, output, events, more);
}
