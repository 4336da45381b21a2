// The lines of a board, as far as they are there: buttons, LED and buzzer.

import { connect } from "node:net";
import type { Button } from "../../src/model.ts";
import type { Timer } from "../wire/panel.ts";
import { type ButtonLine, readButtons } from "./buttons.ts";
import { saidLines } from "./edges.ts";
import { buttonLine, loadGpio, outputLine, type SetUpLine } from "./gpio.ts";
import { openSignals, type Signals } from "./signal.ts";

/** Where their levels are to be had. */
export interface BoardLines {
  readonly lines: { readonly [name in Button | "led" | "buzzer"]?: SetUpLine };
  /** Absent: pressed is low. */
  readonly pressedHigh?: true;
  /** A socket on which another process says the edges: then there are no lines. */
  readonly edges?: string;
}

export interface LineSteps {
  readonly press: (button: Button) => void;
  /** One line for each thing that is missing. */
  readonly say: (line: string) => void;
  /** The process that says the edges is gone. */
  readonly lost: () => void;
}

const timer: Timer = {
  after(ms, fire) {
    const id = setTimeout(fire, ms);
    return () => clearTimeout(id);
  },
};

/** Somebody can press here: ok and back at least. */
export function hasButtons({ lines, edges }: BoardLines): boolean {
  return edges !== undefined || (lines.ok !== undefined && lines.back !== undefined);
}

/** Buttons are read from now on. */
export async function openLines(board: BoardLines, steps: LineSteps): Promise<Signals> {
  const { lines, edges } = board;
  const clock = { monotonicMs: () => performance.now() };
  const parts = { press: steps.press, timer, clock };
  if (edges !== undefined) {
    readButtons(saidLines(connect(edges), steps.lost), parts);
    return openSignals({}, timer);
  }
  const Gpio = await loadGpio().catch(() => undefined);
  if (!Gpio) steps.say("No buttons: onoff cannot be loaded. The keyboard works.");
  const open = <T>(name: string, line: SetUpLine | undefined, as: (line: SetUpLine) => T): T | undefined => {
    try {
      return line && as(line);
    } catch (problem) {
      steps.say(`No ${name}: its line cannot be opened (${(problem as NodeJS.ErrnoException).code}).`);
      return undefined;
    }
  };
  const { led, buzzer, ...buttons } = Gpio ? lines : {};
  const opened: Partial<Record<Button, ButtonLine>> = {};
  for (const [name, line] of Object.entries(buttons)) {
    const read = open(`button ${name}`, line, (one) => buttonLine(Gpio!, one, board.pressedHigh === true));
    if (read) opened[name as Button] = read;
  }
  readButtons(opened, parts);
  const output = (line: SetUpLine) => outputLine(Gpio!, line);
  return openSignals({ led: open("LED", led, output), buzzer: open("buzzer", buzzer, output) }, timer);
}
