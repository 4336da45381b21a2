// Buttons whose edges another process says, where the kernel gives no value files: "ok 1" pressed, "ok 0" let go.
// Rule: nothing else is ever taken, and the end of what it says is the end of the glass.

import type { Readable } from "node:stream";
import type { Button } from "../../src/model.ts";
import type { ButtonLine } from "./buttons.ts";

const BUTTONS: readonly Button[] = ["up", "down", "left", "right", "ok", "back"];
/** "right 1" and its end. */
const MOST_CHARS = 8;

class SaidLine implements ButtonLine {
  #pressed = false;
  #take: (() => void) | undefined;
  /** An edge came since the level was last read. */
  #fresh = false;

  say(pressed: boolean): void {
    this.#pressed = pressed;
    this.#fresh = true;
    this.#tell();
  }

  pressed(): boolean {
    this.#fresh = false;
    return this.#pressed;
  }

  whenEdge(take: () => void): void {
    this.#take = take;
    if (this.#fresh) queueMicrotask(() => this.#tell());
  }

  #tell(): void {
    const take = this.#take;
    this.#take = undefined;
    take?.();
  }
}

/** `end` is called once, when the stream ends or says anything else. */
export function saidLines(stream: Readable, end: () => void): Readonly<Record<Button, ButtonLine>> {
  const lines = Object.fromEntries(BUTTONS.map((button) => [button, new SaidLine()])) as Record<
    Button,
    SaidLine
  >;
  let held = "";
  let over = false;
  const finish = () => {
    if (over) return;
    over = true;
    stream.destroy();
    end();
  };
  stream.on("data", (chunk: Buffer) => {
    held += chunk.toString("latin1");
    for (let at = held.indexOf("\n"); at >= 0 && !over; at = held.indexOf("\n")) {
      const said = /^([a-z]+) ([01])$/.exec(held.slice(0, at));
      const button = BUTTONS.find((name) => name === said?.[1]);
      held = held.slice(at + 1);
      if (said && button) lines[button].say(said[2] === "1");
      else finish();
    }
    if (held.length > MOST_CHARS) finish();
  });
  for (const event of ["end", "error", "close"] as const) stream.on(event, finish);
  return lines;
}
