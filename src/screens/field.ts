// A typed value: PIN, amount, name, passphrase. Works with a keyboard, and with four buttons by a dial:
// up and down turn it, ok takes what it shows; ok without a turned dial ends the field.

import type { Block, Event, Picture, Size } from "../model.ts";
import { bodySize } from "../text.ts";
import type { Done, Screen } from "./screen.ts";
import { done } from "./screen.ts";

export interface FieldOptions {
  readonly title: string;
  readonly label: string;
  readonly above?: readonly Block[];
  /** Characters that may be typed, in the dial's order. */
  readonly allowed: string;
  readonly longest: number;
  readonly masked?: boolean;
  readonly start?: string;
  /** The field ends by itself with so many characters. */
  readonly stopAt?: number;
  /** False where there is nothing to go back to: an empty field then only waits. */
  readonly backs?: false;
  /** What back is called there. */
  readonly back?: string;
  /** Undefined where the value will do, else what is wrong with it in a few words. */
  readonly check: (value: string) => string | undefined;
}

export type FieldAnswer = { readonly value: string } | "back";

export const DIGITS = "0123456789";
export const AMOUNT = "0123456789.";
export const PRINTABLE = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join("");

const LEFT_OUT = "A character that cannot stand here was left out.";
const TOO_LONG = "It can be no longer: what came after was left out.";

export function field(options: FieldOptions): Screen<FieldAnswer> {
  return state(options, options.start ?? "", -1, "");
}

function state(options: FieldOptions, value: string, dial: number, wrong: string): Screen<FieldAnswer> {
  const { allowed, longest } = options;
  // Said until something is erased: a masked value would hide that a character of it is missing.
  const missing = wrong === LEFT_OUT || wrong === TOO_LONG ? wrong : "";
  const add = (char: string) => {
    if (!allowed.includes(char)) return state(options, value, -1, LEFT_OUT);
    if (value.length >= longest) return state(options, value, -1, TOO_LONG);
    const longer = value + char;
    if (longer.length === options.stopAt && missing === "") return done<FieldAnswer>({ value: longer });
    return state(options, longer, -1, missing);
  };
  const turn = (by: number) => {
    const from = dial < 0 ? (by > 0 ? -1 : 0) : dial;
    return state(options, value, (from + by + allowed.length) % allowed.length, "");
  };
  const finish = (): Screen<FieldAnswer> | Done<FieldAnswer> => {
    const problem = options.check(value);
    return problem === undefined ? done({ value }) : state(options, value, -1, problem);
  };
  const remove = () =>
    value !== ""
      ? state(options, value.slice(0, -1), -1, "")
      : options.backs === false
        ? state(options, "", -1, "")
        : done<FieldAnswer>("back");
  return {
    draw: (size) => picture(options, value, dial, wrong, size),
    on(event: Event) {
      if (event.kind === "char") {
        if (event.char === "\b") return value === "" ? this : remove();
        return add(event.char);
      }
      if (event.kind !== "press") return this;
      if (event.button === "down") return turn(1);
      if (event.button === "up") return turn(-1);
      if (event.button === "back") return dial < 0 ? remove() : state(options, value, -1, "");
      if (event.button === "ok") return dial < 0 ? finish() : add(allowed[dial]!);
      return this;
    },
  };
}

function picture(options: FieldOptions, value: string, dial: number, wrong: string, size: Size): Picture {
  const dialled = dial < 0 ? "" : options.allowed[dial]!;
  return {
    title: options.title,
    tone: wrong === "" ? "calm" : "caution",
    blocks: [
      ...(options.above ?? []),
      {
        kind: "field",
        label: options.label,
        // A masked value stays masked while the dial turns; only the dial's own character is seen.
        value: tailOf((options.masked ? "*".repeat(value.length) : value) + dialled, size),
      },
      ...(wrong === "" ? [] : [{ kind: "text", text: wrong } as const]),
    ],
    buttons: {
      up: "turn",
      down: "turn",
      ok: dial < 0 ? "done" : `take ${dialled === " " ? "space" : dialled}`,
      ...(value !== "" || dial >= 0
        ? { back: "erase" }
        : options.backs === false
          ? {}
          : { back: options.back ?? "back" }),
    },
  };
}

/** Rows that the label, what is wrong and what stands above may take. */
const OTHER_ROWS = 5;

/** Of a value that the screen has no room for its end: there it is typed on. */
function tailOf(value: string, size: Size): string {
  const { columns, rows } = bodySize(size);
  const room = Math.max(1, rows - OTHER_ROWS) * (columns - 3);
  return value.length > room ? `...${value.slice(3 - room)}` : value;
}
