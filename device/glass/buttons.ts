// Buttons: from levels that bounce to presses. Those that walk about repeat while they are held, as keys do; ok and back
// are one press each, for how long they are held Firn sees by itself.
// Rule: a press counts at its first edge; whatever a line does after that, it is asked no more than once in SETTLE_MS.

import type { Button } from "../../src/model.ts";
import type { Timer } from "../wire/panel.ts";

/** The line of one button, whoever reads it. Either may throw where the line is lost. */
export interface ButtonLine {
  pressed(): boolean;
  /** Calls `take` once, at the next edge; if one came since the level was last read, then soon. */
  whenEdge(take: () => void): void;
}

export interface ButtonParts {
  readonly press: (button: Button) => void;
  readonly timer: Timer;
  readonly clock: { monotonicMs(): number };
}

/** Contacts bounce for some ms after an edge; the shortest press of a finger is longer than this. */
const SETTLE_MS = 15;
const REPEATING: readonly Button[] = ["up", "down", "left", "right"];
const REPEAT_AFTER_MS = 400;
const REPEAT_EVERY_MS = 150;
/** Nobody holds a button for so long: it is stuck, and keeps nobody's device awake. */
const STUCK_MS = 30_000;
/** A finger makes 20 edges a second at most: a line with more has a loose wire, and is no button until the next start. */
const MOST_EDGES = 40;
const EDGES_WITHIN_MS = 1000;

class ButtonReader {
  readonly #button: Button;
  readonly #line: ButtonLine;
  readonly #parts: ButtonParts;
  #pressed: boolean;
  #pressedMs = 0;
  #edges: number[] = [];
  #stopRepeating: (() => void) | undefined;

  constructor(button: Button, line: ButtonLine, parts: ButtonParts) {
    this.#button = button;
    this.#line = line;
    this.#parts = parts;
    // Held from before: it is no press until it was let go.
    this.#pressed = line.pressed();
    this.#listen();
  }

  #listen(): void {
    this.#guarded(() => this.#line.whenEdge(() => this.#look()));
  }

  /** At an edge, and again when it has settled: a line that came back by then is where it was. */
  #look(): void {
    this.#guarded(() => {
      if (this.#line.pressed() === this.#pressed) return this.#listen();
      this.#changed(!this.#pressed);
      if (this.#isBroken()) return this.#stopRepeating?.();
      this.#parts.timer.after(SETTLE_MS, () => this.#look());
    });
  }

  #changed(pressed: boolean): void {
    this.#pressed = pressed;
    this.#stopRepeating?.();
    if (!pressed) return;
    this.#pressedMs = this.#parts.clock.monotonicMs();
    if (REPEATING.includes(this.#button)) this.#repeat(REPEAT_AFTER_MS);
    this.#parts.press(this.#button);
  }

  #repeat(ms: number): void {
    this.#stopRepeating = this.#parts.timer.after(ms, () => {
      if (this.#parts.clock.monotonicMs() - this.#pressedMs >= STUCK_MS) return;
      this.#repeat(REPEAT_EVERY_MS);
      this.#parts.press(this.#button);
    });
  }

  #isBroken(): boolean {
    const nowMs = this.#parts.clock.monotonicMs();
    this.#edges = [...this.#edges.filter((at) => nowMs - at < EDGES_WITHIN_MS), nowMs];
    return this.#edges.length > MOST_EDGES;
  }

  /** A line that cannot be read any more is no button. */
  #guarded(act: () => void): void {
    try {
      act();
    } catch {
      this.#stopRepeating?.();
    }
  }
}

/** Reads these lines from now on. One that cannot be read is left out. */
export function readButtons(
  lines: Readonly<Partial<Record<Button, ButtonLine>>>,
  parts: ButtonParts,
): readonly Button[] {
  const read: Button[] = [];
  for (const [name, line] of Object.entries(lines)) {
    const button = name as Button;
    try {
      new ButtonReader(button, line, parts);
      read.push(button);
    } catch {}
  }
  return read;
}
