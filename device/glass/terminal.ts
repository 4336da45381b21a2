// The picture on a person's terminal, drawn with blessed: only cells that changed are written.
// The alternate screen is used and cleared, so that no scrollback keeps what was shown.

import type { Readable, Writable } from "node:stream";
import type { Button, Picture, Size } from "../../src/model.ts";
import type { FromGlass } from "../wire/lines.ts";
import { type ButtonNames, layout } from "./layout.ts";
import { type Paint, paintRow } from "./paint.ts";

/** What blessed's screen is to us; its own types leave out the cells. */
interface BlessedScreen {
  readonly cols: number;
  readonly rows: number;
  readonly lines: ([number, string][] & { dirty: boolean })[];
  readonly program: {
    on(event: "keypress", take: (char: string | undefined, key: Key) => void): void;
  };
  readonly tput: { unicode: boolean; brokenACS: boolean; readonly colors: number };
  draw(from: number, to: number): void;
  on(event: "resize", take: () => void): void;
  destroy(): void;
}

interface Key {
  readonly full: string;
  readonly ctrl?: boolean;
  readonly meta?: boolean;
}

export interface Terminal {
  size(): Size;
  show(picture: Picture): void;
  /** Leaves the terminal as it was found. */
  close(): void;
}

export interface TerminalEvents {
  /** A key or a new size, as a line for Firn. */
  line(line: FromGlass): void;
  /** Ctrl-C, or the terminal is gone. */
  end(): void;
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
  #picture: Picture | undefined;
  #drawing = false;
  #closed = false;

  constructor(screen: BlessedScreen, events: TerminalEvents) {
    this.#screen = screen;
    // Half blocks go out as they are: line-drawing sets of old terminals have no such thing.
    screen.tput.unicode = true;
    screen.tput.brokenACS = true;
    screen.on("resize", () => {
      events.line({ t: "size", ...this.size() });
      this.#draw();
    });
    screen.program.on("keypress", (char, key) => {
      if (key.full === "C-c") events.end();
      const line = keyLine(char, key);
      if (line) events.line(line);
    });
  }

  size(): Size {
    return { columns: clamp(this.#screen.cols), rows: clamp(this.#screen.rows) };
  }

  show(picture: Picture): void {
    this.#picture = picture;
    // Where several come at once, because drawing was slow, only the newest is drawn.
    if (!this.#drawing) setImmediate(() => this.#draw());
    this.#drawing = true;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    // Clears the alternate screen, leaves it, shows the cursor, ends raw mode.
    this.#screen.destroy();
  }

  #draw(): void {
    this.#drawing = false;
    if (!this.#picture || this.#closed) return;
    const { columns, rows } = this.size();
    const few = this.#screen.tput.colors < 256;
    for (const [y, spans] of layout(this.#picture, { columns, rows }, NAMES).entries()) {
      const line = this.#screen.lines[y];
      if (!line) continue;
      for (const [x, cell] of paintRow(spans, columns).entries())
        line[x] = [attribute(cell.paint, few), cell.char];
      line.dirty = true;
    }
    this.#screen.draw(0, rows - 1);
  }
}

/** As blessed packs it: flags, ink, ground in nine bits each. */
function attribute({ ink, ground, bold }: Paint, few: boolean): number {
  const [above, below] = few ? [ofEight(ink), ofEight(ground)] : [ink, ground];
  return ((bold ? 1 : 0) << 18) | (above << 9) | below;
}

/** The nearest of the eight colours that every terminal has, as the looks need them. */
function ofEight(colour: number): number {
  if (colour >= 232) return colour < 244 ? 0 : 7;
  return { 16: 0, 75: 6, 160: 1, 220: 3, 231: 7 }[colour] ?? 7;
}

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
export async function openTerminal(events: TerminalEvents, streams: Streams): Promise<Terminal> {
  const { default: blessed } = await import("blessed");
  // blessed cannot read today's terminfo files (32-bit numbers) and prints its complaints over the screen:
  // the three descriptions that it carries serve every terminal of these days.
  (blessed as unknown as { tput: { ipaths: string[] } }).tput.ipaths = [];
  const terminal = terminalName(process.env.TERM ?? "", process.env.COLORTERM ?? "");
  const { input, output } = streams;
  const options = { terminal, input, output, forceUnicode: true, title: "Firn", warnings: false };
  // Its types have input and output the wrong way round.
  const screen: unknown = blessed.screen(options as unknown as Parameters<typeof blessed.screen>[0]);
  for (const stream of [input, output]) {
    stream.on("error", () => events.end());
    stream.on("close", () => events.end());
  }
  input.on("end", () => events.end());
  return new BlessedTerminal(screen as BlessedScreen, events);
}
