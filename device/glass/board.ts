// The glass of a board: the console with pixels over it, buttons, LED and buzzer, security keys. What is missing is
// said and done without: the keyboard and characters are always there.

import { once } from "node:events";
import { connect } from "node:net";
import type { Picture } from "../../src/model.ts";
import { streamChannel } from "../wire/channel.ts";
import { type FromGlass, readToGlass, type ToGlass } from "../wire/lines.ts";
import { type BoardLines, hasButtons, openLines } from "./board-lines.ts";
import { Canvas } from "./canvas.ts";
import { CLEAN, WAKE } from "./console.ts";
import { Framebuffer, readGeometry, type Turned } from "./framebuffer.ts";
import { openKeys } from "./hid.ts";
import type { ButtonNames } from "./layout.ts";
import type { CellPixels } from "./row.ts";
import type { Signals } from "./signal.ts";
import { openTerminal, type Streams } from "./terminal.ts";

export interface BoardGlass {
  /** Firn's socket. */
  readonly wire: string;
  /** The framebuffer's node, and sysfs' folder "graphics". */
  readonly screen: string;
  readonly graphics: string;
  /** As the board's data say it: what the console itself says counts before it. */
  readonly turned: Turned;
  readonly font: CellPixels | undefined;
  /** Undefined: the keyboard alone. */
  readonly lines: BoardLines | undefined;
  readonly streams: Streams;
  /** One line for whoever looks for what is missing. */
  readonly say: (line: string) => void;
  /** Called once, when everything is put away: the process ends with this code. */
  readonly end: (code: number) => void;
}

const MEND_EVERY_MS = 1000;
const ON_BUTTONS: ButtonNames = { ok: "ok", back: "back", up: "↑", down: "↓", left: "←", right: "→" };

/** What is to be put away at the end, the last first; what fails then is past mending. */
class Ending {
  readonly #board: BoardGlass;
  readonly #steps: (() => void)[] = [];
  over = false;

  constructor(board: BoardGlass) {
    this.#board = board;
  }

  first(step: () => void): void {
    this.#steps.unshift(step);
  }

  end(code: number, why?: string): void {
    if (this.over) return;
    this.over = true;
    for (const step of this.#steps)
      try {
        step();
      } catch {}
    if (why !== undefined) this.#board.say(why);
    this.#board.end(code);
  }
}

/** Resolves when all is open, with what ends it. Throws where there is no pipe to Firn. */
export async function runGlass(board: BoardGlass): Promise<(code: number) => void> {
  const ending = new Ending(board);
  const wire = connect(board.wire);
  await once(wire, "connect");
  const firn = streamChannel<FromGlass, ToGlass>(wire, wire, readToGlass);
  const send = (line: FromGlass) => firn.send(line);
  firn.onEnd((why, detail) =>
    why === "closed" ? ending.end(0) : ending.end(1, `The glass stopped: ${detail}`),
  );
  const terminal = await openConsole(board, send, ending);
  const keys = openKeys(send);
  let signals: Signals | undefined;
  let newest: Picture | undefined;
  send({ t: "size", ...terminal.size() });
  firn.onMessage((line) => {
    if (line.t === "key") return keys.want(line.open);
    if (line.t === "packet") return keys.send(line.bytes);
    newest = line.picture;
    terminal.show(newest);
    signals?.show(newest);
  });
  // Firn draws the first picture meanwhile.
  if (board.lines) {
    const opened = await openLines(board.lines, {
      press: (button) => send({ t: "press", button }),
      say: board.say,
      lost: () => ending.end(1, "The glass stopped: nobody says the edges of the buttons any more"),
    });
    if (newest) opened.show(newest);
    signals = opened;
    ending.first(() => opened.close());
  }
  return (code) => ending.end(code);
}

async function openConsole(board: BoardGlass, send: (line: FromGlass) => void, ending: Ending) {
  const { input, output } = board.streams;
  const canvas = new Canvas({ open: () => openFramebuffer(board), font: board.font });
  output.write(WAKE);
  ending.first(() => output.write(CLEAN));
  const events = {
    line: send,
    // Whoever wants to stop a board pulls its plug: no key stops it by mistake.
    interrupt: () => undefined,
    end: () => ending.end(1, "The glass stopped: the console is gone"),
  };
  const names = board.lines && hasButtons(board.lines) ? { names: ON_BUTTONS } : {};
  const terminal = await openTerminal(events, { input, output }, { canvas, ...names });
  if (ending.over) terminal.close();
  ending.first(() => terminal.close());
  const mending = setInterval(() => canvas.mend(), MEND_EVERY_MS);
  ending.first(() => clearInterval(mending));
  return terminal;
}

function openFramebuffer({ screen, graphics, turned, say }: BoardGlass): Framebuffer | undefined {
  const geometry = readGeometry(graphics, turned);
  try {
    if (typeof geometry !== "string") return new Framebuffer(screen, geometry);
    say(`No pixels: ${geometry}. Codes and previews are drawn in characters.`);
  } catch (problem) {
    say(
      `No pixels: ${screen} cannot be opened (${(problem as NodeJS.ErrnoException).code}). Codes and previews are drawn in characters.`,
    );
  }
  return undefined;
}
