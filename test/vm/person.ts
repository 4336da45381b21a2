// A person in front of the emulated machine: reads the screen, presses keys or buttons, holds, turns pages. Waits
// for what the screen says, never for a time.

import { setTimeout as sleep } from "node:timers/promises";
import { says } from "../../device/sim/words.ts";
import type { Button } from "../../src/model.ts";
import type { Machine } from "./machine.ts";

/** A machine that is emulated on a busy host is slow; one that hangs is slower. */
export const PATIENCE_MS = 120_000;
const LOOK_MS = 120;
const SETTLED_LOOKS = 30;
/** As long as a finger stays on a button, and off it. */
const TAP_MS = 150;
const KEY_MS = 60;
/** The kernel's keyboards repeat a key that is held after so long. */
const REPEATS_AFTER_MS = 600;
const HOLD_MS = { ok: 1700, back: 3400, both: 1700 } as const;

const KEYS: Readonly<Record<Button, string>> = {
  ...{ up: "up", down: "down", left: "left", right: "right", ok: "ret", back: "esc" },
};
const SPECIAL: Readonly<Record<string, string>> = { " ": "spc", "-": "minus", ".": "dot", "/": "slash" };

export interface Person {
  readonly machine: Machine;
  text(): Promise<string>;
  /** Waits until the screen says it; the whole screen. */
  see(what: string | RegExp, ms?: number): Promise<string>;
  /** Presses once something else is shown. */
  press(button: Button, times?: number): Promise<void>;
  type(text: string): Promise<void>;
  /** Walks a list to the item and presses ok. */
  pick(label: string): Promise<void>;
  /** Reads on to the last page; all pages that it saw. */
  page(): Promise<string>;
  /** Waits until nothing has changed on the screen for a while. */
  settled(): Promise<void>;
  /** The buttons held as the gesture asks. */
  hold(what: "ok" | "back" | "both"): Promise<void>;
}

export interface PersonOptions {
  /** What short presses are made with. */
  readonly hand?: "keys" | "buttons";
}

/** What should have been on the screen, and what was. */
class Unseen extends Error {}

export function personAt(machine: Machine, { hand = "keys" }: PersonOptions = {}): Person {
  const text = async () => (await machine.text()).join("\n");
  const until = async (what: string, is: (screen: string) => boolean, ms = PATIENCE_MS): Promise<string> => {
    let screen = "";
    for (const from = performance.now(); performance.now() - from < ms; await sleep(LOOK_MS)) {
      if (!machine.on()) throw new Unseen(`${what}: the machine went off\n${machine.serial().slice(-1500)}`);
      screen = await text();
      if (is(screen)) return screen;
      if (/ stopped[:,]/.test(screen)) throw new Unseen(`${what}, but\n${screen.trimEnd()}`);
    }
    throw new Unseen(`${what}, but after ${ms / 1000} s the screen was\n${screen}`);
  };
  const see: Person["see"] = (what, ms) => {
    const is = (screen: string) => (typeof what === "string" ? says(screen, what) : what.test(screen));
    return until(`"${what}" on the screen`, is, ms);
  };
  const key = async (name: string, ms = KEY_MS) => {
    const keys = name.split("+").map((data) => ({ type: "qcode", data }));
    await machine.qmp.run("send-key", { keys, "hold-time": ms });
    await sleep(ms + KEY_MS);
  };
  const lineOf = (button: Button): number => {
    const { pins } = machine.image;
    if (!pins) throw new Error("this machine has no buttons");
    return pins[button];
  };
  const tap = async (button: Button) => {
    if (hand === "keys") return key(KEYS[button]);
    await machine.lines.set(lineOf(button), true);
    await sleep(TAP_MS);
    await machine.lines.set(lineOf(button), false);
    await sleep(TAP_MS);
  };
  /** The line of a button where there is one, else the key. */
  const hold = async (button: Button, down: boolean) => {
    if (machine.image.pins) return machine.lines.set(lineOf(button), down);
    const key = { type: "qcode", data: KEYS[button] };
    await machine.qmp.run("input-send-event", { events: [{ type: "key", data: { down, key } }] });
  };
  const press: Person["press"] = async (button, times = 1) => {
    for (let time = 0; time < times; time++) {
      const before = await text();
      await tap(button);
      await until(`another screen after ${button}`, (screen) => screen !== before);
    }
  };
  const walkTo = async (label: string): Promise<boolean> => {
    for (const way of ["down", "up"] as const)
      for (let before = ""; ; ) {
        const screen = await text();
        if (chosen(screen, label)) return true;
        if (screen === before) break;
        before = screen;
        await tap(way);
        await until("the cursor to move", (now) => now !== before, 3000).catch(() => undefined);
      }
    return false;
  };
  return {
    machine,
    text,
    see,
    press,
    async type(typed) {
      for (const char of typed)
        await key(SPECIAL[char] ?? (/[A-Z]/.test(char) ? `shift+${char.toLowerCase()}` : char));
    },
    async pick(label) {
      // Again where it was not found: a screen of before may have stood there while it was looked for.
      for (const from = performance.now(); performance.now() - from < PATIENCE_MS; await sleep(LOOK_MS)) {
        await until(`a list with "${label}"`, (screen) => cursorOf(screen) !== undefined);
        if (await walkTo(label)) return press("ok");
      }
      throw new Unseen(`"${label}" in the list, but the screen is\n${await text()}`);
    },
    async page() {
      const seen = [await text()];
      for (;;) {
        const [, index, count] = /page (\d+)\/(\d+)/.exec(seen.at(-1)!) ?? [];
        if (index === count) return seen.join("\n");
        await press("down");
        seen.push(await text());
      }
    },
    async settled() {
      for (let before = "", alike = 0; alike < SETTLED_LOOKS; await sleep(LOOK_MS)) {
        const now = await text();
        alike = now === before ? alike + 1 : 0;
        before = now;
      }
    },
    async hold(what) {
      const held = what === "both" ? (["ok", "back"] as const) : [what];
      // Nothing counts in the first moments of a page.
      await sleep(900);
      for (const button of held) await hold(button, true);
      await sleep(HOLD_MS[what] + (machine.image.pins ? 0 : REPEATS_AFTER_MS));
      for (const button of held) await hold(button, false);
    },
  };
}

/** The item that the cursor stands on, as far as its first row shows it. */
export function cursorOf(screen: string): string | undefined {
  return /^ ?> (.*)$/m.exec(screen)?.[1]?.trim();
}

function chosen(screen: string, label: string): boolean {
  const item = cursorOf(screen) ?? "";
  const rows = screen.split("\n").map((row) => row.replace(/^ ?>? */, "").trim());
  return item === label || (item.includes(label) && !rows.includes(label));
}
